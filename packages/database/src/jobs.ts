import { setTimeout as pause } from 'node:timers/promises';
import { Logger, parseCronItems, run, runMigrations, type TaskList } from 'graphile-worker';
import type pg from 'pg';
import type { Database } from './client.ts';
import { isDatabaseUnavailable } from './errors.ts';
import type { Transaction } from './transaction.ts';

/** Each service has a queue of its own, which no other service's role can read. */
const QUEUES = { auth: 'auth_jobs', core: 'core_jobs' } as const;
export type QueueName = keyof typeof QUEUES;

/** What a job is handed; identifiers, never secrets, since a waiting job lies in the database as it is. */
export type JobPayload = Record<string, string | number | boolean | null>;

export interface JobOptions {
  /** A job of the same key that still waits is replaced. */
  key?: string;
  /** Not before; at once by default. */
  runAt?: Date;
  /** Attempts in all, each later than the one before: about e^attempt seconds. */
  maxAttempts?: number;
}

/** Puts a job into the transaction of its cause: it runs only if that is committed, and then at least once. */
export type Enqueue = (
  tx: Transaction,
  name: string,
  payload: JobPayload,
  options?: JobOptions,
) => Promise<void>;

export const enqueueIn =
  (queue: QueueName): Enqueue =>
  async (tx, name, payload, { key, runAt, maxAttempts = 10 } = {}) => {
    await tx.$queryRawUnsafe(
      `SELECT 1 FROM ${QUEUES[queue]}.add_job($1, $2::json, run_at => $3::timestamptz, max_attempts => $4::int, job_key => $5)`,
      ...[name, JSON.stringify(payload), runAt?.toISOString() ?? null, maxAttempts, key ?? null],
    );
  };

/** What runs jobs says through these. */
export interface JobLog {
  warn: (message: string, meta: object) => void;
  error: (message: string, meta: object) => void;
}

export interface Job {
  run: (payload: unknown) => Promise<void>;
  /** Five fields of cron, in UTC, for what nobody enqueues. */
  every?: string;
}

export interface RunJobsOptions {
  queue: QueueName;
  jobs: Record<string, Job>;
  log: JobLog;
  /** Jobs at once in this process. */
  concurrency?: number;
}

/**
 * Works on the queue until the answered function is called, which lets running jobs end. A job that throws is
 * tried again later, by whichever process is free.
 */
export async function runJobs(
  { pool }: Database,
  { queue, jobs, log, concurrency = 2 }: RunJobsOptions,
): Promise<() => Promise<void>> {
  const entries = Object.entries(jobs);
  const taskList: TaskList = Object.fromEntries(
    entries.map(([name, job]) => [name, (payload) => job.run(payload)]),
  );
  const cron = entries.flatMap(([task, { every }]) => (every === undefined ? [] : [{ task, match: every }]));
  const { pgPool, leave } = patient(pool);
  const runner = await run({
    pgPool,
    schema: QUEUES[queue],
    taskList,
    parsedCronItems: parseCronItems(cron),
    concurrency,
    noHandleSignals: true,
    logger: quiet(log),
  });
  return () => {
    leave();
    return runner.stop();
  };
}

/** Milliseconds between two tries while the database is away. */
const PAUSE = 250;

/**
 * The pool, with statements that wait while the database is away. Of the library it is the clock that asks them: it gives
 * up for ever over one that fails, in a promise that nobody can catch, and the process would end at each full minute of
 * an outage. After `leave` nothing is waited for.
 */
function patient(pool: pg.Pool): { pgPool: pg.Pool; leave: () => void } {
  let isLeft = false;
  const query = async (text: string, values: unknown[] = []): Promise<Pick<pg.QueryResult, 'rows'>> => {
    for (;;) {
      try {
        return await pool.query(text, values);
      } catch (error) {
        if (!isDatabaseUnavailable(error)) throw error;
        if (isLeft) return { rows: [] }; // it looks next whether it is to end
        await pause(PAUSE);
      }
    }
  };
  const pgPool = new Proxy(pool, {
    get: (target, name): unknown => (name === 'query' ? query : Reflect.get(target, name)),
  });
  return {
    pgPool,
    leave: () => {
      isLeft = true;
    },
  };
}

/** Makes or updates the queues, and gives each to its service's role; only the migrator may. */
export async function installJobs(client: pg.Client, url: string): Promise<void> {
  for (const [service, schema] of Object.entries(QUEUES)) {
    await runMigrations({ connectionString: url, schema, logger: new Logger(() => () => undefined) });
    const role = `hub_${service}`;
    await client.query(`
      GRANT USAGE ON SCHEMA ${schema} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role};`);
    await openRows(client, schema, role);
  }
}

/** The library shuts its tables row by row to everybody but the owner. */
async function openRows(client: pg.Client, schema: string, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relrowsecurity',
    [schema],
  );
  for (const { name } of rows) {
    await client.query(`DROP POLICY IF EXISTS ${role} ON ${name}`);
    await client.query(`CREATE POLICY ${role} ON ${name} TO ${role} USING (true) WITH CHECK (true)`);
  }
}

const LEVELS: Partial<Record<string, keyof JobLog>> = { error: 'error', warning: 'warn' };

/** The runner's own chatter stays out of the log; what failed does not. */
const quiet = (log: JobLog) =>
  new Logger(() => (level, message) => {
    const said = LEVELS[level];
    if (said) log[said]('a job', { reason: message });
  });
