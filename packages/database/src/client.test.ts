import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { isDatabaseUnavailable } from './errors.ts';

let fresh: TestDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(inject('postgres'));
  database = openDatabase({ url: fresh.coreUrl, name: 'client-test', poolMax: 2 });
});
afterAll(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

describe('BIGINT', () => {
  test.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('%d is a number', async (value) => {
    const { rows } = await database.pool.query('SELECT $1::bigint AS value', [value]);
    expect(rows).toEqual([{ value }]);
  });

  test.each(['9007199254740992', '-9007199254740992'])(
    '%s, which a number does not hold, is refused',
    async (value) => {
      await expect(database.pool.query('SELECT $1::bigint AS value', [value])).rejects.toThrow(
        `${value} is beyond`,
      );
      await expect(database.ping()).resolves.toBeUndefined();
    },
  );

  test('is a bigint to Prisma', async () => {
    const prices = await database.prisma.modelPrice.findMany({ where: { model: 'hub/echo' } });
    expect(prices.map(({ inputMicroPerMillion }) => inputMicroPerMillion)).toEqual([1_000_000_000n]);
  });
});

test('a connection says whose it is', async () => {
  const { rows } = await database.pool.query(`SELECT current_setting('application_name') AS name`);
  expect(rows).toEqual([{ name: 'client-test' }]);
});

test('no more connections are opened than were asked for', async () => {
  const owner = openDatabase({ url: fresh.ownerUrl });
  await Promise.all(Array.from({ length: 20 }, () => database.pool.query('SELECT 1')));
  await Promise.all(Array.from({ length: 20 }, () => database.prisma.role.count()));
  const { rowCount } = await owner.pool.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'client-test'`,
  );
  expect(rowCount).toBeLessThanOrEqual(2);
  await owner.close();
});

test('connections that were lost while idle are replaced, and the process lives', async () => {
  const owner = openDatabase({ url: fresh.ownerUrl });
  await database.ping();
  await owner.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'client-test'`,
  );
  await expect.poll(() => database.pool.totalCount).toBe(0);
  await expect(database.ping()).resolves.toBeUndefined();
  await expect(database.prisma.role.count()).resolves.toBe(5);
  await owner.close();
});

test('ping rejects when nobody answers', async () => {
  const away = openDatabase({ url: 'postgres://hub_core:x@127.0.0.1:1/hub' });
  const failure = await away.ping().catch((error: unknown) => error);
  expect(isDatabaseUnavailable(failure)).toBe(true);
  await away.close();
});
