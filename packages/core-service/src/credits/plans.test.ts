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

test('reserve and settle read the accounts that they are about, however many others there are', async () => {
  await using deps = await coreDeps();
  await deps.sql('ALTER TABLE core.credit_accounts DISABLE TRIGGER USER');
  await deps.sql(
    'INSERT INTO core.credit_accounts (user_id, balance) SELECT gen_random_uuid(), 1000 FROM generate_series(1, 5000)',
  );
  await deps.sql('ANALYZE');
  const rows = await deps.sql('SELECT user_id FROM core.credit_accounts WHERE user_id IS NOT NULL LIMIT 20');
  const users = z.array(z.object({ user_id: z.string() })).parse(rows);
  const people = users.map((row) => row.user_id);
  const read = async (text: string, values: unknown[]) => {
    const answer = await deps.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    const [{ 'QUERY PLAN': plan }] = explained.parse(answer);
    return rowsRead(plan[0].Plan, 'credit_accounts');
  };
  const all = <T>(value: T) => people.map(() => value);
  const holds = people.map(() => randomUUID());
  const reserved = await read(RESERVE.text, [holds, people, all(10), all(10), 900, all(null)]);
  expect(reserved).toBeLessThanOrEqual(4 * people.length);
  const ids = people.map(() => randomUUID());
  const given = [holds, all(5), ids, people, all(null), all('r'), all('chat'), all('m'), ids];
  const measured = [all(1), all(1), all('reported'), all('ok'), all(1)];
  expect(await read(SETTLE, [...given, ...measured])).toBeLessThanOrEqual(8 * people.length);
});
