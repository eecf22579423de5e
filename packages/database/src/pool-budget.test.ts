import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { checkPoolBudget } from './pool-budget.ts';

let fresh: TestDatabase;
let database: Database;
/** What the server has for services: less what it keeps for its superuser, less our reserve of 5. */
let available: number;
beforeAll(async () => {
  fresh = await freshDatabase(inject('postgres'));
  database = openDatabase({ url: fresh.coreUrl });
  const { rows } = await database.pool.query<{ available: number }>(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - 5 AS available`,
  );
  available = rows[0]?.available ?? 0;
});
afterAll(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

test('a budget that fits is accepted, to the last connection', async () => {
  expect(available).toBeGreaterThan(100);
  await expect(checkPoolBudget(database, { budget: available, poolMax: available })).resolves.toBeUndefined();
  await expect(checkPoolBudget(database, { budget: 40, poolMax: 10 })).resolves.toBeUndefined();
});

test('lesson 14: a budget over what the server has is refused, with both figures', async () => {
  await expect(checkPoolBudget(database, { budget: available + 1, poolMax: 10 })).rejects.toThrow(
    `DATABASE_POOL_BUDGET=${available + 1} is over the ${available} connections`,
  );
});

test('a pool over the budget is refused', async () => {
  await expect(checkPoolBudget(database, { budget: 10, poolMax: 11 })).rejects.toThrow(
    'DATABASE_POOL_MAX=11 is over DATABASE_POOL_BUDGET=10',
  );
});
