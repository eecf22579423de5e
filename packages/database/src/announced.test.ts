import type { TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ANNOUNCE_JOB, announceJob, withAnnouncement } from './announced.ts';
import { type Database, openDatabase } from './client.ts';
import { migratedDatabase } from './database.fixture.ts';
import { enqueueIn, runJobs } from './jobs.ts';

let fresh: TestDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await migratedDatabase();
  database = openDatabase({ url: fresh.authUrl });
});
afterAll(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

/** Tells a list, unless the store is away. */
function teller() {
  const told: string[] = [];
  let isAway = false;
  const announce = async (...subjects: string[]) => {
    if (isAway) throw new Error('the store is away');
    told.push(...subjects);
  };
  return { told, announce, leave: () => (isAway = true), comeBack: () => (isAway = false) };
}
const announcer = (announce: (...subjects: string[]) => Promise<void>) => ({
  ...{ database, announce },
  enqueue: enqueueIn('auth'),
});
const waiting = async () => {
  const { rows } = await database.pool.query('SELECT 1 FROM auth_jobs._private_jobs');
  return rows.length;
};

test('what is committed is told at once, and not before', async () => {
  const { told, announce } = teller();
  const answer = await withAnnouncement(announcer(announce), async (_tx, tell) => {
    tell('user:a', 'role:b');
    expect(told).toEqual([]);
    return 7;
  });
  expect(answer).toBe(7);
  expect(told).toEqual(['user:a', 'role:b']);
});

test('what is undone is never told, and what concerns nobody makes no job', async () => {
  const { told, announce } = teller();
  const before = await waiting();
  const undone = withAnnouncement(announcer(announce), async (_tx, tell) => {
    tell('user:a');
    throw new Error('changed my mind');
  });
  await expect(undone).rejects.toThrow('changed my mind');
  await withAnnouncement(announcer(announce), async () => undefined);
  expect(told).toEqual([]);
  await expect(waiting()).resolves.toBe(before);
});

test('what could not be told is told by the job, as soon as it can be', async () => {
  const { told, announce, leave, comeBack } = teller();
  leave();
  await withAnnouncement(announcer(announce), async (_tx, tell) => {
    tell('session:a', 'session:b');
  });
  expect(told).toEqual([]);
  comeBack();
  const stop = await runJobs(database, {
    queue: 'auth',
    jobs: { [ANNOUNCE_JOB]: announceJob(announce) },
    log: { warn: () => undefined, error: () => undefined },
  });
  await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining(['session:a', 'session:b'])));
  await stop();
});
