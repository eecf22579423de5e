import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { type Database, openDatabase } from './client.ts';
import { isRetryable } from './errors.ts';
import { type Transaction, withTransaction } from './transaction.ts';

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

/** Resolves for both once both have come. */
function meeting() {
  let come: () => void;
  const both = new Promise<void>((resolve) => (come = resolve));
  let waiting = 0;
  return async () => {
    waiting += 1;
    if (waiting === 2) come();
    await both;
  };
}

const raise = (tx: Transaction, role: string) =>
  tx.$executeRaw`UPDATE core.roles SET level = level + 1 WHERE name = ${role}`;
const raiseByModel = (tx: Transaction, role: string) =>
  tx.role.update({ where: { name: role }, data: { level: { increment: 1 } } });
const levelsOf = async (...names: string[]) => {
  const roles = await database.prisma.role.findMany({
    where: { name: { in: names } },
    orderBy: { name: 'asc' },
  });
  return roles.map(({ level }) => level);
};
const addRoles = (...names: string[]) =>
  database.prisma.role.createMany({ data: names.map((name) => ({ name, level: 1 })) });

describe('withTransaction', () => {
  test('answers what the work answers, and keeps what it wrote', async () => {
    await addRoles('kept');
    await expect(withTransaction(database, async (tx) => raise(tx, 'kept'))).resolves.toBe(1);
    await expect(levelsOf('kept')).resolves.toEqual([2]);
  });

  test('undoes everything when the work throws, and does not try again', async () => {
    await addRoles('undone');
    let tries = 0;
    const work = withTransaction(database, async (tx) => {
      tries += 1;
      await raise(tx, 'undone');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await expect(levelsOf('undone')).resolves.toEqual([1]);
    expect(tries).toBe(1);
  });

  test.each([
    ['statements', raise],
    ['models', raiseByModel],
  ])('tries the loser of a deadlock again, so that both get through: %s', async (kind, update) => {
    const [a, b] = [`${kind}-a`, `${kind}-b`];
    await addRoles(a, b);
    const meet = meeting();
    let tries = 0;
    const work = (first: string, second: string) =>
      withTransaction(database, async (tx) => {
        tries += 1;
        await update(tx, first);
        await meet();
        await update(tx, second);
      });
    await Promise.all([work(a, b), work(b, a)]);
    await expect(levelsOf(a, b)).resolves.toEqual([3, 3]);
    expect(tries).toBe(3);
  });

  test('tries a serialization failure again, also one that shows only at commit', async () => {
    await addRoles('sum-a', 'sum-b');
    const meet = meeting();
    let tries = 0;
    const raiseTheLower = (role: string) =>
      withTransaction(database, async (tx) => {
        tries += 1;
        await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`;
        const rows = await tx.role.findMany({ where: { name: { in: ['sum-a', 'sum-b'] } } });
        await meet();
        if (rows.every(({ level }) => level === 1)) await raise(tx, role);
      });
    await Promise.all([raiseTheLower('sum-a'), raiseTheLower('sum-b')]);
    expect((await levelsOf('sum-a', 'sum-b')).toSorted()).toEqual([1, 2]);
    expect(tries).toBe(3);
  });

  test('gives up after three tries', async () => {
    let tries = 0;
    const failure = await withTransaction(database, async (tx) => {
      tries += 1;
      await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'lost again' USING ERRCODE = 'serialization_failure'; END $$`;
    }).catch((error: unknown) => error);
    expect(isRetryable(failure)).toBe(true);
    expect(tries).toBe(3);
  });
});
