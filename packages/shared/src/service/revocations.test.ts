import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { testLog } from '../testing/log.ts';
import type { KeyValue } from './key-value/key-value.ts';
import { createMemoryKeyValue } from './key-value/memory.ts';
import { createRedisKeyValue } from './key-value/redis.ts';
import { ownRedis } from './redis.fixture.ts';
import { connectRedis } from './redis.ts';
import { openRevocations, type Subject } from './revocations.ts';
import { Secret } from './secret.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One process: its connections, its revocations, and how often it asks the store. */
async function openProcess(url: string) {
  const connection = connectRedis(new Secret(url), testLog().logger);
  const redis = createRedisKeyValue(connection);
  closing.push(() => connection.disconnect(), redis.close);
  await vi.waitFor(() => redis.ping());
  const counter = { asked: 0 };
  const store: KeyValue = {
    ...redis,
    get: (key) => {
      counter.asked += 1;
      return redis.get(key);
    },
  };
  return { revocations: await openRevocations(store), connection, counter };
}

const session = (): Subject => `session:${randomUUID()}`;
const processes = () => Promise.all([openProcess(inject('redisUrl')), openProcess(inject('redisUrl'))]);

describe('what one process revokes', () => {
  test('is denied in another within a second, also where it was just allowed', async () => {
    const [here, there] = await processes();
    const subject = session();
    await expect(there.revocations.isRevoked(subject)).resolves.toBe(false);
    const start = performance.now();
    await here.revocations.revoke(subject);
    await expect(here.revocations.isRevoked(subject)).resolves.toBe(true);
    await expect.poll(() => there.revocations.isRevoked(subject), { interval: 5 }).toBe(true);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('is denied in a process that starts later', async () => {
    const [here] = await processes();
    const subject = session();
    await here.revocations.revoke(subject);
    const late = await openProcess(inject('redisUrl'));
    await expect(late.revocations.isRevoked(subject)).resolves.toBe(true);
  });

  test('is nobody else’s', async () => {
    const [here, there] = await processes();
    const [revoked, other] = [session(), session()];
    await here.revocations.revoke(revoked);
    await expect(there.revocations.isRevoked(other)).resolves.toBe(false);
    const key: Subject = `key:${revoked.slice('session:'.length)}`;
    await expect(there.revocations.isRevoked(key)).resolves.toBe(false);
  });

  test('is kept for longer than any token lives', async () => {
    const { revocations, connection } = await openProcess(inject('redisUrl'));
    const subject = session();
    await revocations.revoke(subject);
    await expect(connection.ttl(`revoked:${subject}`)).resolves.toBeGreaterThan(15 * 60);
  });
});

describe('the store', () => {
  test('is asked once about each subject, allowed or denied', async () => {
    const [here, there] = await processes();
    const [good, bad] = [session(), session()];
    await here.revocations.revoke(bad);
    for (let round = 0; round < 3; round++) {
      await expect(there.revocations.isRevoked(good)).resolves.toBe(false);
      await expect(there.revocations.isRevoked(bad)).resolves.toBe(true);
    }
    expect(there.counter.asked).toBeLessThanOrEqual(2);
  });

  test('is asked again after a gap, in which something may have been revoked', async () => {
    await using server = await ownRedis();
    const [here, there] = [await openProcess(server.url), await openProcess(server.url)];
    const [subject, other] = [session(), session()];
    await there.revocations.isRevoked(subject);
    await there.revocations.isRevoked(other);
    // revoked by a process whose message nobody hears
    await here.connection.set(`revoked:${subject}`, '1');
    await expect(there.revocations.isRevoked(subject)).resolves.toBe(false);
    await here.connection.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await expect.poll(() => there.revocations.isRevoked(subject)).toBe(true);
    await expect(there.revocations.isRevoked(other)).resolves.toBe(false);
  });

  test('that is away makes the answer unavailable, and not "allowed", until it is back', async () => {
    await using server = await ownRedis();
    const { revocations } = await openProcess(server.url);
    const [known, unknown] = [session(), session()];
    await revocations.revoke(known);
    await server.kill();
    await expect(revocations.isRevoked(known)).resolves.toBe(true);
    await expect(revocations.isRevoked(unknown)).rejects.toMatchObject({ code: 'service-unavailable' });
    await expect(revocations.revoke(unknown)).rejects.toMatchObject({ code: 'service-unavailable' });
    await server.start();
    await vi.waitFor(() => revocations.revoke(unknown), { timeout: 10_000 });
    await expect(revocations.isRevoked(unknown)).resolves.toBe(true);
  });
});

test('an answer that was under way when the gap ended is not kept', async () => {
  const memory = createMemoryKeyValue();
  let gap: (() => void) | undefined;
  let answer: (() => void) | undefined;
  const revocations = await openRevocations({
    ...memory,
    subscribe: async (_channel, _onMessage, onGap) => {
      gap = onGap;
    },
    get: (key) => (answer ? memory.get(key) : new Promise((resolve) => (answer = () => resolve(undefined)))),
  });
  const subject = session();
  const slow = revocations.isRevoked(subject);
  await memory.set(`revoked:${subject}`, '1', 60);
  gap?.();
  answer?.();
  await slow;
  await expect(revocations.isRevoked(subject)).resolves.toBe(true);
  await memory.close();
});
