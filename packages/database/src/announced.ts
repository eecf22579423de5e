import type { Database } from './client.ts';
import type { Enqueue, Job } from './jobs.ts';
import { type Transaction, withTransaction } from './transaction.ts';

/** Tells other processes what has changed; rejects when they cannot be told now. */
export type Announce = (...subjects: string[]) => Promise<void>;

export interface Announcer {
  database: Database;
  enqueue: Enqueue;
  announce: Announce;
}

/** The job that tells what could not be told at once. */
export const ANNOUNCE_JOB = 'announce';

/**
 * A transaction whose subjects every process hears of once it is committed: at once, and again by a job of the same
 * transaction, so that they hear even when this process or the store is gone at that moment.
 */
export async function withAnnouncement<T>(
  { database, enqueue, announce }: Announcer,
  work: (tx: Transaction, tell: (...subjects: string[]) => void) => Promise<T>,
): Promise<T> {
  let subjects: string[] = [];
  const value = await withTransaction(database, async (tx) => {
    subjects = [];
    const answer = await work(tx, (...more) => subjects.push(...more));
    if (subjects.length > 0) await enqueue(tx, ANNOUNCE_JOB, { subjects: subjects.join(' ') });
    return answer;
  });
  await announce(...subjects).catch((): undefined => undefined); // the job tells it as soon as it can
  return value;
}

/** Runs what withAnnouncement enqueued. */
export const announceJob = (announce: Announce): Job => ({
  run: async (payload) => {
    const subjects: unknown =
      typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'subjects') : '';
    await announce(...String(subjects).split(' ').filter(Boolean));
  },
});
