import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { testLog } from '../testing/log.ts';
import { openAccessChanges } from './access-changes.ts';
import { createMemoryKeyValue } from './key-value/memory.ts';
import { createRedisKeyValue } from './key-value/redis.ts';
import { ownRedis } from './redis.fixture.ts';
import { connectRedis } from './redis.ts';
import { Secret } from './secret.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One process: what it heard, and how often it had to doubt. */
async function openProcess(url: string) {
  const connection = connectRedis(new Secret(url), testLog().logger);
  const store = createRedisKeyValue(connection);
  closing.push(() => connection.disconnect(), store.close);
  await vi.waitFor(() => store.ping());
  const changes = openAccessChanges(store);
  const heard: string[] = [];
  const doubts = { count: 0 };
  await changes.follow(
    (subject) => heard.push(subject),
    () => (doubts.count += 1),
  );
  await expect.poll(changes.isHeard).toBe(true);
  return { changes, heard, doubts, connection };
}

describe('over Redis', () => {
  test('what one process announces every process hears, itself too, within a second', async () => {
    const processes = await Promise.all(Array.from({ length: 4 }, () => openProcess(inject('redisUrl'))));
    const subject = `session:${randomUUID()}`;
    const start = performance.now();
    await processes[0]?.changes.announce(subject, 'role:manager');
    for (const { heard } of processes) {
      await expect
        .poll(() => heard, { interval: 5 })
        .toEqual(expect.arrayContaining([subject, 'role:manager']));
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('whoever lost the connection doubts at once, and again when it stands', async () => {
    await using server = await ownRedis();
    const { changes, doubts } = await openProcess(server.url);
    const before = doubts.count;
    await server.kill();
    await expect.poll(changes.isHeard).toBe(false);
    expect(doubts.count).toBe(before + 1);
    await expect(changes.announce('user:a')).rejects.toMatchObject({ code: 'service-unavailable' });
    await server.start();
    await expect.poll(changes.isHeard, { timeout: 10_000 }).toBe(true);
    expect(doubts.count).toBe(before + 2);
  });

  test('a process that starts while the store is away hears once it is back', async () => {
    await using server = await ownRedis();
    const { connection } = await openProcess(server.url);
    await server.kill();
    const store = createRedisKeyValue(connection);
    closing.push(store.close);
    const changes = openAccessChanges(store);
    const heard: string[] = [];
    await changes.follow(
      (subject) => heard.push(subject),
      () => undefined,
    );
    expect(changes.isHeard()).toBe(false);
    await server.start();
    await expect.poll(changes.isHeard, { timeout: 10_000 }).toBe(true);
    await changes.announce('user:a');
    await expect.poll(() => heard).toEqual(['user:a']);
  });
});

test('in one process all is heard at once', async () => {
  const memory = createMemoryKeyValue();
  closing.push(memory.close);
  const changes = openAccessChanges(memory);
  const heard: string[] = [];
  await changes.follow(
    (subject) => heard.push(subject),
    () => undefined,
  );
  expect(changes.isHeard()).toBe(true);
  await changes.announce('key:a', 'user:b');
  expect(heard).toEqual(['key:a', 'user:b']);
});
