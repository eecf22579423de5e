import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { testLog } from '../../testing/log.ts';
import { connectRedis } from '../redis.ts';
import { Secret } from '../secret.ts';
import { createMemoryRateLimiter } from './memory.ts';
import type { RateLimiter, Verdict, Window } from './rate-limit.ts';
import { createRedisRateLimiter } from './redis.ts';

/** Limiters as two processes have them, and the clock they go by, in ms. */
interface Driver {
  limiters: [RateLimiter, RateLimiter];
  time: () => Promise<number>;
  ready: () => Promise<unknown>;
  close: () => void;
}

function memory(): Driver {
  const limiter = createMemoryRateLimiter();
  return {
    limiters: [limiter, limiter],
    time: () => Promise.resolve(Date.now()),
    ready: () => Promise.resolve(),
    close: () => undefined,
  };
}

function redis(): Driver {
  const connect = () => connectRedis(new Secret(inject('redisUrl')), testLog().logger);
  const [one, two] = [connect(), connect()];
  return {
    limiters: [createRedisRateLimiter(one), createRedisRateLimiter(two)],
    time: async () => {
      const [seconds, microseconds] = await one.time();
      return Number(seconds) * 1000 + Number(microseconds) / 1000;
    },
    ready: () => vi.waitFor(() => Promise.all([one.ping(), two.ping()])),
    close: () => [one, two].map((connection) => connection.disconnect()),
  };
}

const times = <T>(count: number, work: (index: number) => T) =>
  Array.from({ length: count }, (_, i) => work(i));
const allowedOf = (verdicts: readonly Verdict[]) => verdicts.filter(({ allowed }) => allowed).length;
const HOUR = 3600;

describe.each([
  ['memory', memory],
  ['redis', redis],
])('%s', (_, open) => {
  let driver: Driver;
  beforeAll(async () => {
    driver = open();
    await driver.ready();
  });
  afterAll(() => driver.close());

  const consume = (key: string, windows: readonly Window[], process = 0) =>
    driver.limiters[process % 2 === 0 ? 0 : 1].consume(key, windows);

  test('lets exactly the limit through, however many come at the same time to whichever process', async () => {
    const key = randomUUID();
    const windows = [{ limit: 50, seconds: HOUR }];
    const verdicts = await Promise.all(times(200, (i) => consume(key, windows, i)));
    expect(allowedOf(verdicts)).toBe(50);
  });

  test('says how many are left and for how long', async () => {
    const key = randomUUID();
    const windows = [{ limit: 2, seconds: 60 }];
    const verdicts = [await consume(key, windows), await consume(key, windows), await consume(key, windows)];
    expect(
      verdicts.map(({ allowed, limit, seconds, remaining }) => [allowed, limit, seconds, remaining]),
    ).toEqual([
      [true, 2, 60, 1],
      [true, 2, 60, 0],
      [false, 2, 60, 0],
    ]);
    for (const { resetSeconds } of verdicts) expect(resetSeconds).toBeGreaterThanOrEqual(1);
    expect(verdicts[0]?.resetSeconds).toBeLessThanOrEqual(60);
    expect(verdicts[2]?.resetSeconds).toBeLessThanOrEqual(120);
  });

  test('a limit of 0 lets nobody through', async () => {
    await expect(consume(randomUUID(), [{ limit: 0, seconds: 60 }])).resolves.toMatchObject({
      allowed: false,
      limit: 0,
      remaining: 0,
    });
  });

  test('no window means no limit', async () => {
    await expect(consume(randomUUID(), [])).resolves.toMatchObject({ allowed: true });
  });

  test('counts a request in every window or in none', async () => {
    const key = randomUUID();
    const [minute, hour] = [
      { limit: 5, seconds: 60 },
      { limit: 3, seconds: HOUR },
    ];
    const both = await Promise.all(times(10, () => consume(key, [minute, hour])));
    expect(allowedOf(both)).toBe(3);
    const minuteAlone = await Promise.all(times(10, () => consume(key, [minute])));
    expect(allowedOf(minuteAlone)).toBe(2);
  });

  test('tells of the window that is closest to its limit, and of a refusal the one that lasts longest', async () => {
    const key = randomUUID();
    const windows = [
      { limit: 100, seconds: 60 },
      { limit: 2, seconds: HOUR },
    ];
    await expect(consume(key, windows)).resolves.toMatchObject({ limit: 2, seconds: HOUR, remaining: 1 });
    await consume(key, windows);
    await expect(consume(key, windows)).resolves.toMatchObject({ allowed: false, limit: 2, seconds: HOUR });
    const other = [
      { limit: 1, seconds: HOUR },
      { limit: 1, seconds: 60 },
    ];
    await consume(`${key}-2`, other);
    await expect(consume(`${key}-2`, other)).resolves.toMatchObject({ allowed: false, seconds: HOUR });
  });

  test('counts what has happened already, room or not, whichever process tells it', async () => {
    const key = randomUUID();
    const windows = [{ limit: 100, seconds: HOUR }];
    const [one, other] = driver.limiters;
    await Promise.all(times(9, (i) => driver.limiters[i % 2 === 0 ? 0 : 1].record(key, windows, 11)));
    await expect(one.peek(key, windows)).resolves.toMatchObject({ allowed: true, remaining: 1 });
    await other.record(key, windows, 5_000_000);
    const refused = await one.peek(key, windows);
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused.resetSeconds).toBeLessThanOrEqual(2 * HOUR);
  });

  test('a look counts nothing', async () => {
    const key = randomUUID();
    const windows = [{ limit: 1, seconds: HOUR }];
    await Promise.all(times(10, () => driver.limiters[0].peek(key, windows)));
    await expect(consume(key, windows)).resolves.toMatchObject({ allowed: true });
    await expect(driver.limiters[1].peek(key, windows)).resolves.toMatchObject({ allowed: false });
  });

  test('keys do not share a limit', async () => {
    const keys = times(5, () => randomUUID());
    const verdicts = await Promise.all(keys.map((key) => consume(key, [{ limit: 1, seconds: HOUR }])));
    expect(allowedOf(verdicts)).toBe(5);
  });

  test('slides: what was let through before the edge of a second still counts after it', async () => {
    const key = randomUUID();
    const windows = [{ limit: 40, seconds: 1 }];
    await vi.waitUntil(async () => (await driver.time()) % 1000 > 800, { interval: 5 });
    const start = await driver.time();
    const before = await Promise.all(times(60, () => consume(key, windows)));
    await vi.waitUntil(async () => (await driver.time()) % 1000 < 500, { interval: 5 });
    const after = await Promise.all(times(60, () => consume(key, windows)));
    const stretch = ((await driver.time()) - start) / 1000;
    expect(allowedOf([...before, ...after])).toBeLessThanOrEqual(40 * (1 + stretch) + 1);
    expect(allowedOf(before)).toBeGreaterThanOrEqual(40);
  });

  test('under a flood lets through what the limit says, and not much less', async () => {
    const key = randomUUID();
    const windows = [{ limit: 20, seconds: 0.1 }];
    const start = await driver.time();
    let through = 0;
    for (let rounds = 0; (await driver.time()) - start < 1000; rounds++) {
      through += allowedOf(await Promise.all(times(10, (i) => consume(key, windows, i))));
    }
    const windowsSeen = ((await driver.time()) - start) / 100;
    expect(through).toBeLessThanOrEqual(20 * (windowsSeen + 1));
    expect(through).toBeGreaterThan(20 * windowsSeen * 0.25);
  });

  test('who waits as long as a refusal says is let in', async () => {
    const key = randomUUID();
    const windows = [{ limit: 2, seconds: 1 }];
    await Promise.all(times(4, () => consume(key, windows)));
    const start = await driver.time();
    const { allowed, resetSeconds } = await consume(key, windows);
    expect(allowed).toBe(false);
    await expect
      .poll(async () => (await consume(key, windows)).allowed, { timeout: 5000, interval: 20 })
      .toBe(true);
    expect((await driver.time()) - start).toBeLessThan(resetSeconds * 1000 + 200);
  });
});

describe('against a log of every request', () => {
  const window = fc.record({ limit: fc.integer({ min: 1, max: 12 }), seconds: fc.constantFrom(1, 7, 60) });
  /** Pauses between requests, as parts of a window. */
  const pauses = fc.array(
    fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.3, noNaN: true }), fc.constantFrom(1, 2.5)),
    {
      minLength: 1,
      maxLength: 150,
    },
  );

  test('lets through limit × (1 + d / seconds) in any stretch d, and refuses nobody at half the limit', async () => {
    await fc.assert(
      fc.asyncProperty(window, fc.nat(100_000), pauses, async ({ limit, seconds }, epoch, steps) => {
        const size = seconds * 1000;
        let now = 1_800_000_000_000 + epoch;
        const limiter = createMemoryRateLimiter(() => now);
        const log: number[] = [];
        for (const step of steps) {
          now += Math.round(step * size);
          const { allowed } = await limiter.consume('key', [{ limit, seconds }]);
          if (allowed) log.push(now);
          else expect(log.filter((time) => time > now - 2 * size).length).toBeGreaterThanOrEqual(limit);
        }
        for (const [first, from] of log.entries()) {
          for (const [more, to] of log.slice(first).entries()) {
            if (to - from >= size) break;
            expect(more + 1).toBeLessThanOrEqual(limit * (1 + (to - from) / size) + 1e-6);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('who comes evenly within the limit is never refused', async () => {
    let now = 1_800_000_000_123;
    const limiter = createMemoryRateLimiter(() => now);
    for (let request = 0; request < 500; request++, now += 60_000 / 90) {
      await expect(limiter.consume('key', [{ limit: 100, seconds: 60 }])).resolves.toMatchObject({
        allowed: true,
      });
    }
  });

  test('a refusal names the first whole second at which a repeat is let in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(window, { minLength: 1, maxLength: 3 }), pauses, async (windows, steps) => {
        let now = 1_800_000_000_000;
        const limiter = createMemoryRateLimiter(() => now);
        const ask = () => limiter.consume('key', windows);
        for (const step of steps) {
          now += Math.round(step * 1000);
          const { allowed, resetSeconds } = await ask();
          if (allowed) continue;
          const refusedAt = now;
          if (resetSeconds > 1) {
            now = refusedAt + (resetSeconds - 1) * 1000 - 1;
            await expect(ask()).resolves.toMatchObject({ allowed: false });
          }
          now = refusedAt + resetSeconds * 1000;
          await expect(ask()).resolves.toMatchObject({ allowed: true });
        }
      }),
      { numRuns: 4000 },
    );
  });
});

test('in memory the key unused for longest is forgotten first, so that a flood of keys costs no more', async () => {
  const limiter = createMemoryRateLimiter();
  const once = (key: string) => limiter.consume(key, [{ limit: 1, seconds: HOUR }]);
  await once('first');
  await once('second');
  for (let key = 0; key < 99_998; key++) void once(String(key));
  await expect(once('first')).resolves.toMatchObject({ allowed: false });
  await once('one too many');
  await expect(once('second')).resolves.toMatchObject({ allowed: true });
  await expect(once('first')).resolves.toMatchObject({ allowed: false });
});
