import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { coreDeps } from '../core.fixture.ts';
import { RESERVE } from './reserve.ts';
import { SETTLE } from './settle.ts';

interface Node {
  'Relation Name'?: string | undefined;
  'Actual Rows'?: number | undefined;
  'Actual Loops'?: number | undefined;
  'Rows Removed by Filter'?: number | undefined;
  Plans?: Node[] | undefined;
}

const node: z.ZodType<Node> = z.object({
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number().optional(),
  'Actual Loops': z.number().optional(),
  'Rows Removed by Filter': z.number().optional(),
  get Plans() {
    return z.array(node).optional();
  },
});
const explained = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: node })]) })]);

/** Rows of a table that a plan has looked at, wanted or not. */
function rowsRead(plan: Node, table: string): number {
  const isOf = plan['Relation Name'] === table;
  const each = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  const own = isOf ? each * (plan['Actual Loops'] ?? 0) : 0;
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part, table), own);
}

/** What both statements are given for these people, who hold 10 each and are charged 5. */
function given(people: readonly string[], holds: readonly string[]) {
  const all = <T>(value: T) => people.map(() => value);
  const ids = people.map(() => randomUUID());
  return {
    reserve: [holds, people, all(10), all(10), 900, all(null)],
    settle: [
      ...[holds, all(5), ids, people, all(null), all('r'), all('chat'), all('m'), ids],
      ...[all(1), all(1), all('reported'), all('ok'), all(1), all(0)],
    ],
  };
}

async function peopleWithAccounts(deps: Awaited<ReturnType<typeof coreDeps>>, count: number) {
  await deps.sql('ALTER TABLE core.credit_accounts DISABLE TRIGGER USER');
  await deps.sql(
    `INSERT INTO core.credit_accounts (user_id, balance) SELECT gen_random_uuid(), 1000 FROM generate_series(1, ${count})`,
  );
  const rows = await deps.sql('SELECT user_id FROM core.credit_accounts WHERE user_id IS NOT NULL LIMIT 20');
  return z
    .array(z.object({ user_id: z.string() }))
    .parse(rows)
    .map((row) => row.user_id);
}

const readBy = (answer: unknown, table: string) => {
  const [{ 'QUERY PLAN': plan }] = explained.parse(answer);
  return rowsRead(plan[0].Plan, table);
};

test('reserve and settle read the accounts that they are about, however many others there are', async () => {
  await using deps = await coreDeps();
  const people = await peopleWithAccounts(deps, 5000);
  await deps.sql('ANALYZE');
  const read = async (text: string, values: unknown[]) =>
    readBy(await deps.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values), 'credit_accounts');
  const { reserve, settle } = given(
    people,
    people.map(() => randomUUID()),
  );
  expect(await read(RESERVE.text, reserve)).toBeLessThanOrEqual(4 * people.length);
  expect(await read(SETTLE, settle)).toBeLessThanOrEqual(8 * people.length);
});

test('a plan that was made while nobody held anything reads no more holds than it is about', async () => {
  await using deps = await coreDeps();
  const people = await peopleWithAccounts(deps, 20);
  await deps.sql('VACUUM ANALYZE');
  const client = await deps.database.pool.connect();
  const literal = (value: unknown) => (Array.isArray(value) ? `'{${value.map(String).join(',')}}'` : '900');
  const execute = async (name: string, values: readonly unknown[]) => {
    const written = values.map(literal).join(', ').replaceAll('null', 'NULL');
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${name}(${written})`);
    return readBy(rows, 'credit_holds');
  };
  try {
    await client.query('SET plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE reserving AS ${RESERVE.text}`);
    await client.query(`PREPARE settling AS ${SETTLE}`);
    const round = async () => {
      const { reserve, settle } = given(
        people,
        people.map(() => randomUUID()),
      );
      return [await execute('reserving', reserve), await execute('settling', settle)];
    };
    await round();
    await client.query(`INSERT INTO core.credit_holds (id, account_id, amount, state, expires_at)
      SELECT gen_random_uuid(), (SELECT min(id::text)::uuid FROM core.credit_accounts), 1, 'settled', now()
      FROM generate_series(1, 5000)`);
    for (const read of await round()) expect(read).toBeLessThanOrEqual(8 * people.length);
  } finally {
    client.release(true);
  }
});
