import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { isDatabaseUnavailable, isRetryable, isUniqueViolation } from './errors.ts';

let fresh: TestDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(inject('postgres'));
  database = openDatabase({ url: fresh.coreUrl });
});
afterAll(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

/** What is said of the error that the work ends in. */
async function saidOf(work: Promise<unknown>) {
  const error = await work.then(
    () => expect.fail('it went well'),
    (reason: unknown) => reason,
  );
  const said = {
    unavailable: isDatabaseUnavailable(error),
    retryable: isRetryable(error),
    unique: isUniqueViolation(error),
  };
  return Object.entries(said)
    .filter(([, yes]) => yes)
    .map(([name]) => name);
}

/** The same question by each way that services ask. */
const ways = (db: Database, sql: string): [string, () => Promise<unknown>][] => [
  ['the pool', () => db.pool.query(sql)],
  ['Prisma', () => db.prisma.$executeRawUnsafe(sql)],
  ['a transaction', () => db.prisma.$transaction(async (tx) => tx.$executeRawUnsafe(sql))],
];

describe.each<[string, string[], string]>([
  ['a row that is there already', ['unique'], `INSERT INTO core.roles (name, level) VALUES ('user', 1)`],
  ['a serialization failure', ['retryable'], `DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`],
  ['a deadlock', ['retryable'], `DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$`],
  ['a server that shuts down', ['unavailable'], `DO $$ BEGIN RAISE SQLSTATE '57P01'; END $$`],
  ['a server that starts', ['unavailable'], `DO $$ BEGIN RAISE SQLSTATE '57P03'; END $$`],
  ['too many connections', ['unavailable'], `DO $$ BEGIN RAISE SQLSTATE '53300'; END $$`],
  ['a full disk', ['unavailable'], `DO $$ BEGIN RAISE SQLSTATE '53100'; END $$`],
  ['a right that is missing', [], 'SELECT * FROM auth.users'],
  ['a mistake of ours', [], 'SELEC 1'],
  ['a table that is not there', [], 'SELECT * FROM core.nothing'],
  ['a constraint', [], `UPDATE core.credit_accounts SET kind = 'other'`],
])('%s is %j', (_, expected, sql) => {
  test.each(['the pool', 'Prisma', 'a transaction'])('by %s', async (way) => {
    const ask = new Map(ways(database, sql)).get(way);
    await expect(saidOf(ask?.() ?? Promise.resolve())).resolves.toEqual(expected);
  });
});

test('a unique violation of a model is one', async () => {
  await expect(saidOf(database.prisma.role.create({ data: { name: 'user', level: 1 } }))).resolves.toEqual([
    'unique',
  ]);
});

describe('a server that is away is unavailable', () => {
  test.each(['the pool', 'Prisma', 'a transaction'])('when nobody listens, by %s', async (way) => {
    const away = openDatabase({ url: 'postgres://hub_core:x@127.0.0.1:1/hub' });
    await expect(saidOf(new Map(ways(away, 'SELECT 1')).get(way)?.() ?? Promise.resolve())).resolves.toEqual([
      'unavailable',
    ]);
    await away.close();
  });

  test.each(['the pool', 'Prisma', 'a transaction'])(
    'when it ends the connection in the middle, by %s',
    async (way) => {
      const db = openDatabase({ url: fresh.coreUrl, name: `ended by ${way}` });
      const owner = openDatabase({ url: fresh.ownerUrl });
      const answer = saidOf(new Map(ways(db, 'SELECT pg_sleep(60)')).get(way)?.() ?? Promise.resolve());
      const end = async () => {
        const { rowCount } = await owner.pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE '%pg_sleep(60)%'`,
          [`ended by ${way}`],
        );
        return rowCount;
      };
      await expect.poll(end).toBe(1);
      await expect(answer).resolves.toEqual(['unavailable']);
      await expect(db.ping()).resolves.toBeUndefined();
      await Promise.all([db.close(), owner.close()]);
    },
  );

  test.concurrent.each(['the pool', 'Prisma', 'a transaction'])(
    'when no connection is free in time, by %s',
    async (way) => {
      const db = openDatabase({ url: fresh.coreUrl, poolMax: 1 });
      const taken = await db.pool.connect();
      await expect(saidOf(new Map(ways(db, 'SELECT 1')).get(way)?.() ?? Promise.resolve())).resolves.toEqual([
        'unavailable',
      ]);
      taken.release();
      await db.close();
    },
  );
});

describe('a wrong configuration is not an outage', () => {
  test.each([
    ['a wrong password', (url: URL) => (url.password = 'wrong')],
    ['a database that is not there', (url: URL) => (url.pathname = '/nothing')],
  ])('%s', async (_, change) => {
    const url = new URL(fresh.coreUrl);
    change(url);
    const wrong = openDatabase({ url: url.href });
    await expect(saidOf(wrong.prisma.role.count())).resolves.toEqual([]);
    await expect(saidOf(wrong.pool.query('SELECT 1'))).resolves.toEqual([]);
    await wrong.close();
  });
});

describe('what is no error of the database is none of these', () => {
  const own = new Error('own cause');
  own.cause = { cause: own, code: '40001x' };
  test.each([undefined, null, 'connection terminated', 42, {}, new Error('hello'), { code: 7 }, own])(
    '%s',
    (error) => {
      expect([isDatabaseUnavailable(error), isRetryable(error), isUniqueViolation(error)]).toEqual([
        false,
        false,
        false,
      ]);
    },
  );
});
