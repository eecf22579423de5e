import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { migratedDatabase } from './database.fixture.ts';
import { enqueueIn, type Job, runJobs } from './jobs.ts';
import { withTransaction } from './transaction.ts';

let fresh: TestDatabase;
let auth: Database;
beforeAll(async () => {
  fresh = await migratedDatabase();
  auth = openDatabase({ url: fresh.authUrl, poolMax: 6 });
});
afterAll(async () => {
  await auth.close();
  await fresh[Symbol.asyncDispose]();
});

const enqueue = enqueueIn('auth');
const quiet = { warn: () => undefined, error: () => undefined };

/** A worker of one process; answers what it was handed. */
async function worker(jobs: Record<string, Job>) {
  const stop = await runJobs(auth, { queue: 'auth', jobs, log: quiet });
  return { [Symbol.asyncDispose]: stop };
}

/** PostgreSQL behind a wire that is cut, once, when somebody says these words. */
async function cutAt(url: string, words: string) {
  const { hostname, port } = new URL(url);
  let isCut = false;
  const wire: Server = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.on('data', (data) => {
      if (isCut || !data.includes(words)) return server.write(data);
      isCut = true;
      return client.destroy();
    });
    client.on('error', () => undefined).on('close', () => server.destroy());
    server.on('error', () => undefined).on('close', () => client.destroy());
    server.pipe(client);
  });
  await once(wire.listen(0, '127.0.0.1'), 'listening');
  const address = wire.address();
  const behind = new URL(url);
  if (typeof address === 'object' && address) behind.host = `127.0.0.1:${address.port}`;
  return { url: behind.href, isCut: () => isCut, close: () => wire.close() };
}

test('the clock goes on when the database was away for a moment', async () => {
  const wire = await cutAt(fresh.authUrl, '_private_known_crontabs');
  const database = openDatabase({ url: wire.url, poolMax: 3 });
  const jobs = { nightly: { run: async () => undefined, every: '0 0 1 1 *' } };
  const stop = await runJobs(database, { queue: 'auth', jobs, log: quiet });
  const known = `SELECT identifier FROM auth_jobs._private_known_crontabs WHERE identifier = 'nightly'`;
  await vi.waitFor(async () => expect((await auth.pool.query(known)).rows).toHaveLength(1), {
    timeout: 10_000,
  });
  expect(wire.isCut()).toBe(true);
  await stop();
  await database.close();
  wire.close();
});

describe('a job', () => {
  test('runs once its cause is committed, by one of several workers', async () => {
    const seen: unknown[] = [];
    const jobs = { greet: { run: async (payload: unknown) => void seen.push(payload) } };
    await using _one = await worker(jobs);
    await using _two = await worker(jobs);
    await withTransaction(auth, async (tx) => {
      await enqueue(tx, 'greet', { name: 'สมชาย', times: 2, loud: true, none: null });
      expect(seen).toEqual([]);
    });
    await vi.waitFor(() => expect(seen).toEqual([{ name: 'สมชาย', times: 2, loud: true, none: null }]));
  });

  test('does not run when its cause is undone', async () => {
    const seen: unknown[] = [];
    const failing = withTransaction(auth, async (tx) => {
      await enqueue(tx, 'note', { text: 'undone' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow();
    await withTransaction(auth, (tx) => enqueue(tx, 'note', { text: 'done' }));
    await using _worker = await worker({ note: { run: async (payload) => void seen.push(payload) } });
    await vi.waitFor(() => expect(seen).toEqual([{ text: 'done' }]));
  });

  test('that throws is tried again, and says so', async () => {
    const tries: number[] = [];
    const errors: object[] = [];
    const run = async () => {
      tries.push(Date.now());
      if (tries.length === 1) throw new Error('the mail server is away');
    };
    await withTransaction(auth, (tx) => enqueue(tx, 'flaky', {}));
    const stop = await runJobs(auth, {
      queue: 'auth',
      jobs: { flaky: { run } },
      log: { ...quiet, error: (_message, meta) => errors.push(meta) },
    });
    await vi.waitFor(() => expect(tries).toHaveLength(2), { timeout: 15_000, interval: 50 });
    await stop();
    expect(JSON.stringify(errors)).toContain('the mail server is away');
  }, 20_000);

  test('of the same key replaces the one that waits', async () => {
    const seen: unknown[] = [];
    for (const text of ['first', 'second']) {
      await withTransaction(auth, (tx) => enqueue(tx, 'keyed', { text }, { key: 'k' }));
    }
    await using _worker = await worker({ keyed: { run: async (payload) => void seen.push(payload) } });
    await vi.waitFor(() => expect(seen).toEqual([{ text: 'second' }]));
  });

  test('is let end when the worker stops', async () => {
    let end: (() => void) | undefined;
    let ended = false;
    const run = async () => {
      await new Promise<void>((resolve) => (end = resolve));
      ended = true;
    };
    const stop = await runJobs(auth, { queue: 'auth', jobs: { slow: { run } }, log: quiet });
    await withTransaction(auth, (tx) => enqueue(tx, 'slow', {}));
    await vi.waitFor(() => expect(end).toBeDefined());
    const stopping = stop();
    end?.();
    await stopping;
    expect(ended).toBe(true);
  });
});
