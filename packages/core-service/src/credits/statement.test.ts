import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
});
afterAll(() => core[Symbol.asyncDispose]());

interface Line {
  time: string;
  reason: string;
  detail: string;
  credits: string;
  balance: string;
}

async function statementOf({ token }: { token: string }, query = '') {
  const answer = await core.app.inject({
    url: `/api/v1/credits/statement${query}`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  return parse<Line>(answer.payload, { columns: true });
}

const micro = (credits: string) => Number(credits.replace('.', ''));
const adjust = (userId: string, amountMicro: number, note = 'because') =>
  admin.ask('POST', '/api/v1/credits/adjustments', { adjustmentId: randomUUID(), userId, amountMicro, note });

/** Every balance is the one above plus the line's credits, from the opening to the closing one. */
function expectToAddUp(lines: readonly Line[]) {
  const [opening, ...rest] = lines;
  expect([opening?.reason, rest.at(-1)?.reason]).toEqual(['opening balance', 'closing balance']);
  rest.reduce(
    (before, { credits, balance }) => {
      expect(micro(balance)).toBe(before + micro(credits || '0'));
      return micro(balance);
    },
    micro(opening?.balance ?? ''),
  );
}

test('lines add up from the opening to the closing balance, over more lines than one question asks for', async () => {
  const person = await core.person();
  const [row] = await core.sql('SELECT id FROM core.credit_accounts WHERE user_id = $1', [person.id]);
  await core.sql(
    `WITH made AS (
       INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key)
       SELECT $1, 7, 1000000 + 7 * n, 'credit', 'promo', 'seed:' || n FROM generate_series(1, 2500) n ORDER BY n
     ) UPDATE core.credit_accounts SET balance = 1000000 + 7 * 2500 WHERE id = $1`,
    [row?.['id']],
  );
  await adjust(person.id, -500_001);
  const lines = await statementOf(person);
  expect(lines).toHaveLength(2500 + 2 + 2);
  expectToAddUp(lines);
  expect(lines.at(-1)?.balance).toBe('0.517499');
});

test('a period begins with what was there, and ends with what was left', async () => {
  const person = await core.person();
  await adjust(person.id, 1);
  const [{ now } = { now: '' }] = await core.sql('SELECT clock_timestamp()::text AS now');
  await adjust(person.id, 2);
  const at = new Date(String(now)).toISOString();
  const [before, after] = [await statementOf(person, `?to=${at}`), await statementOf(person, `?from=${at}`)];
  expectToAddUp(before);
  expectToAddUp(after);
  expect(before.at(-1)?.balance).toBe(after[0]?.balance);
  expect(before.length + after.length).toBe(3 + 4);
});

test('a note that looks like a formula is text; a negative amount stays a number', async () => {
  const person = await core.person();
  await adjust(person.id, -1, '=HYPERLINK("https://evil.example")');
  const line = (await statementOf(person)).at(-2);
  expect(line).toMatchObject({ detail: '\'=HYPERLINK("https://evil.example")', credits: '-0.000001' });
});

test('is of oneself, or of whom the permission reaches', async () => {
  const [person, other] = [await core.person(), await core.person()];
  expect((await person.ask('GET', `/api/v1/credits/statement?userId=${other.id}`)).status).toBe(404);
  expect(await statementOf(admin, `?userId=${other.id}`)).toHaveLength(3);
  expect((await person.ask('GET', '/api/v1/credits/statement?from=x')).status).toBe(400);
});
