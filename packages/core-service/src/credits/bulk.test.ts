import { randomUUID } from 'node:crypto';
import { BULK_LIMIT, creditsContract } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';
import { readBulkCsv } from './read-bulk-csv.ts';

let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
});
afterAll(() => core[Symbol.asyncDispose]());

const CREDIT = 1_000_000;
const HEADING = 'userId,amount,note';
const csvOf = (...rows: string[]) => [HEADING, ...rows].join('\n');
const bulk = async (csv: string, { dryRun = false, adjustmentId = randomUUID(), by = admin } = {}) => {
  const answer = await by.ask('POST', '/api/v1/credits/adjustments/bulk', { adjustmentId, csv, dryRun });
  expect(answer.status).toBe(200);
  return creditsContract.adjustMany.success.schema.parse(answer.body);
};
const balanceOf = async ({ ask }: typeof admin) =>
  (await ask('GET', '/api/v1/credits/balance')).body['balanceMicro'];

test('a file is applied as a whole, and says of each line what became of it', async () => {
  const [one, other] = [await core.person(), await core.person()];
  const csv = csvOf(
    `${one.id},12.5,"a prize, for winning"`,
    `${other.id},-0.25,a correction`,
    `${one.id},0.000001,more`,
  );
  expect(await bulk(csv)).toEqual({
    applied: true,
    lines: [
      {
        line: 2,
        userId: one.id,
        amountMicro: 12_500_000,
        outcome: 'booked',
        detail: null,
        balanceAfterMicro: 13_500_000,
      },
      {
        line: 3,
        userId: other.id,
        amountMicro: -250_000,
        outcome: 'booked',
        detail: null,
        balanceAfterMicro: 750_000,
      },
      {
        line: 4,
        userId: one.id,
        amountMicro: 1,
        outcome: 'booked',
        detail: null,
        balanceAfterMicro: 13_500_001,
      },
    ],
  });
  expect([await balanceOf(one), await balanceOf(other)]).toEqual([13_500_001, 750_000]);
});

test('a dry run says the same and writes nothing', async () => {
  const person = await core.person();
  const adjustmentId = randomUUID();
  const csv = csvOf(`${person.id},1,a gift`);
  const dry = await bulk(csv, { dryRun: true, adjustmentId });
  expect(dry).toMatchObject({
    applied: false,
    lines: [{ outcome: 'booked', balanceAfterMicro: 2 * CREDIT }],
  });
  expect(await balanceOf(person)).toBe(CREDIT);
  expect((await bulk(csv, { adjustmentId })).lines).toEqual(dry.lines);
  expect(await bulk(csv, { adjustmentId })).toMatchObject({ applied: true, lines: [{ outcome: 'known' }] });
  expect(await balanceOf(person)).toBe(2 * CREDIT);
  expect(
    await core.sql(
      "SELECT after FROM audit.events WHERE action = 'credits.adjusted-in-bulk' AND target_id = $1",
      [adjustmentId],
    ),
  ).toEqual([{ after: { lines: 1, totalMicro: CREDIT } }]);
});

test('one wrong line leaves all of it undone: a bad cell, nobody’s account, too little, or out of reach', async () => {
  const person = await core.person();
  const good = `${person.id},1,a gift`;
  const outcomes = async (...rows: string[]) => {
    const { applied, lines } = await bulk(csvOf(good, ...rows));
    expect([applied, await balanceOf(person)]).toEqual([false, CREDIT]);
    return lines.map(({ outcome }) => outcome);
  };
  expect(await outcomes(`${person.id},1.0000001,too fine`)).toEqual(['booked', 'malformed']);
  expect(await outcomes(`${randomUUID()},1,nobody`)).toEqual(['booked', 'no-account']);
  expect(await outcomes(`${person.id},-3,too much`)).toEqual(['booked', 'insufficient']);
  const manager = await core.person(['manager']);
  core.teams.set(manager.id, [person.id]);
  const { lines } = await bulk(csvOf(good, `${manager.id},1,for myself`), { by: manager });
  expect(lines.map(({ outcome }) => outcome)).toEqual(['booked', 'out-of-reach']);
  expect(await balanceOf(person)).toBe(CREDIT);
});

test('another file under the id of one that was booked is refused as a whole', async () => {
  const [one, other] = [await core.person(), await core.person()];
  const adjustmentId = randomUUID();
  await bulk(csvOf(`${one.id},1,a gift`), { adjustmentId });
  const next = csvOf(`${one.id},5,another gift`, `${other.id},1,a gift`);
  expect(await bulk(next, { adjustmentId })).toMatchObject({
    applied: false,
    lines: [{ outcome: 'reused' }, { outcome: 'booked' }],
  });
  expect([await balanceOf(one), await balanceOf(other)]).toEqual([2 * CREDIT, CREDIT]);
});

test('ten thousand lines are booked at once', async () => {
  const person = await core.person();
  const csv = csvOf(...Array<string>(BULK_LIMIT).fill(`${person.id},0.000001,a drop`));
  expect(await bulk(csv)).toMatchObject({ applied: true });
  expect(await balanceOf(person)).toBe(CREDIT + BULK_LIMIT);
});

describe('a file', () => {
  const id = randomUUID();
  const said = (csv: string) => {
    const [entry] = readBulkCsv(csv);
    return entry?.outcome === 'malformed' ? entry.detail : entry;
  };

  test.each([
    ['a byte order mark', `\uFEFF${HEADING}\n${id},1,why not`],
    ['the ends of line of Windows', `${HEADING}\r\n${id},1,why not\r\n`],
    ['blanks around cells', `userId, amount, note\n ${id} , 1 , why not `],
    ['quotes', `${HEADING}\n"${id}","1","why not"`],
    ['empty lines', `${HEADING}\n\n${id},1,why not\n\n\n`],
    ['capitals in the id', `${HEADING}\n${id.toUpperCase()},1,why not`],
  ])('is read with %s', (_what, csv) => {
    expect(said(csv)).toMatchObject({ outcome: 'read', userId: id, amountMicro: CREDIT, note: 'why not' });
  });

  test.each([
    ['', /first line/],
    [' ', /first line/],
    ['userId,amount\n', /first line/],
    ['amount,userId,note\n1,2,3', /first line/],
    [HEADING, /no line below/],
    [`${HEADING}\n"unclosed`, /./],
    [csvOf(...Array<string>(BULK_LIMIT + 1).fill(`${id},1,why`)), /more than 10000 lines/],
  ])('%# that is none is refused in words', (csv, words) => {
    expect(() => readBulkCsv(csv)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    try {
      readBulkCsv(csv);
    } catch (error) {
      expect(JSON.stringify(error)).toMatch(words);
    }
  });

  test.each(['0', '-0', '1e3', '=1+1', '1,5', '12345678', '1.1234567', '', '٣', 'NaN', '0x10', '--1', '1.'])(
    'has no amount %j',
    (amount) => {
      expect(said(`${HEADING}\n${id},"${amount}",why not`)).toMatch(/^amount: /);
    },
  );

  test('has cells that fit its heading, and ids that are ids', () => {
    expect(said(csvOf(`${id},1`))).toMatch(/2 cells/);
    expect(said(csvOf(`${id},1,why,not`))).toMatch(/4 cells/);
    expect(said(csvOf('me,1,why'))).toMatch(/^userId: /);
    expect(said(csvOf(`${id},1,no`))).toMatch(/^note: /);
  });

  test('has amounts that are read exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999_999_999, max: 9_999_999_999_999 }), (micro) => {
        fc.pre(micro !== 0);
        const digits = String(Math.abs(micro)).padStart(7, '0');
        const text = `${micro < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
        expect(said(csvOf(`${id},${text},why`))).toMatchObject({ amountMicro: micro });
      }),
    );
  });
});

test('a file too long to read is refused, and nothing of it is done', async () => {
  const body = { adjustmentId: randomUUID(), csv: csvOf(...Array<string>(30_000).fill(`${admin.id},1,why`)) };
  const { status } = await admin.ask('POST', '/api/v1/credits/adjustments/bulk', body);
  expect([400, 413]).toContain(status);
});
