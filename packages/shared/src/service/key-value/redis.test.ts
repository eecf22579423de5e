import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DomainError } from '../../contracts/index.ts';
import { testLog } from '../../testing/log.ts';
import { ownRedis, type OwnRedis } from '../redis.fixture.ts';
import { connectRedis } from '../redis.ts';
import { Secret } from '../secret.ts';
import type { KeyValue } from './key-value.ts';
import { createRedisKeyValue } from './redis.ts';

let server: OwnRedis;
let log: ReturnType<typeof testLog>;
let redis: ReturnType<typeof connectRedis>;
let store: KeyValue;

beforeEach(async () => {
  server = await ownRedis();
  log = testLog();
  redis = connectRedis(new Secret(server.url), log.logger);
  store = createRedisKeyValue(redis);
  await answering();
});
afterEach(async () => {
  await store.close();
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});

const answering = () => vi.waitFor(() => store.ping(), { timeout: 10_000 });

const CALLS: [string, () => Promise<unknown>][] = [
  ['get', () => store.get('a')],
  ['set', () => store.set('a', 'b', 60)],
  ['delete', () => store.delete('a')],
  ['replace', () => store.replace('a', undefined, 'b', 60)],
  ['increment', () => store.increment('a', 60)],
  ['publish', () => store.publish('a', 'b')],
  ['subscribe', () => store.subscribe('a', () => undefined)],
  ['ping', () => store.ping()],
];

/** What each call says, and how long the slowest took to say it. */
async function failures() {
  const start = performance.now();
  const answers = await Promise.all(CALLS.map(([, call]) => call().catch((error: unknown) => error)));
  return { answers, took: performance.now() - start };
}

/** A way to Redis that can hold a command back. */
async function slowWay(url: string) {
  let held: { word: string; seen: (goOn: () => void) => void } | undefined;
  const way = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => client.destroy());
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.pipe(client);
    client.on('data', (chunk) => {
      if (!held || !chunk.toString().includes(held.word)) upstream.write(chunk);
      else held.seen(() => upstream.write(chunk));
    });
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  const address = way.address();
  return {
    url: `redis://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    /** Resolves once the command has come, with what lets it go on. */
    hold: (word: string) => new Promise<() => void>((seen) => (held = { word, seen })),
    [Symbol.asyncDispose]: async () => {
      way.close();
    },
  };
}

describe('while Redis is away', () => {
  test.each<[string, () => Promise<void>]>([
    ['gone', () => server.kill()],
    ['frozen', async () => server.freeze()],
  ])('every call is service-unavailable, and soon: %s', async (_, takeAway) => {
    await takeAway();
    const { answers, took } = await failures();
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(DomainError);
      expect(answer).toMatchObject({ code: 'service-unavailable', retryAfter: 1 });
    }
    expect(took).toBeLessThan(2500);
  });

  test('outage and return are logged once each', async () => {
    let tries = 0;
    redis.on('reconnecting', () => (tries += 1));
    await server.kill();
    await expect.poll(() => tries).toBeGreaterThan(2);
    await server.start();
    await answering();
    expect(log.lines().map(({ message }) => message)).toEqual(['redis is away', 'redis is back']);
  });
});

describe('when Redis is back', () => {
  test('every call works again, without a restart', async () => {
    await server.kill();
    await failures();
    await server.start();
    await answering();
    await store.set('a', 'b', 60);
    await expect(store.get('a')).resolves.toBe('b');
  });

  test('so it is when it only hung', async () => {
    server.freeze();
    await failures();
    server.thaw();
    await answering();
    await expect(store.increment('count', 60)).resolves.toBe(1);
  });

  test('listeners are told of the gap, and then hear again', async () => {
    const heard: string[] = [];
    const live: boolean[] = [];
    await store.subscribe(
      'news',
      (message) => heard.push(message),
      (isLive) => live.push(isLive),
    );
    await expect.poll(() => live.at(-1)).toBe(true);
    await server.kill();
    await expect.poll(() => live.at(-1)).toBe(false);
    await server.start();
    await answering();
    await expect.poll(() => live.at(-1), { timeout: 10_000 }).toBe(true);
    await store.publish('news', 'hello');
    await expect.poll(() => heard).toEqual(['hello']);
  });

  test('the gap is told when the subscription stands again, and not before', async () => {
    await using way = await slowWay(server.url);
    const connection = connectRedis(new Secret(way.url), log.logger);
    const slow = createRedisKeyValue(connection);
    let isLive = false;
    await slow.subscribe(
      'news',
      () => undefined,
      (now) => (isLive = now),
    );
    await expect.poll(() => isLive).toBe(true);

    const subscribing = way.hold('subscribe');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    const goOn = await subscribing;
    expect(isLive).toBe(false);
    goOn();
    await expect.poll(() => isLive).toBe(true);

    await slow.close();
    connection.disconnect();
  });

  test('a listener that came while it was away hears too', async () => {
    const heard: string[] = [];
    await server.kill();
    await expect(store.subscribe('news', (message) => heard.push(message))).rejects.toMatchObject({
      code: 'service-unavailable',
    });
    await server.start();
    await answering();
    await expect
      .poll(async () => {
        await store.publish('news', 'hello');
        return heard.length;
      })
      .toBeGreaterThan(0);
  });
});
