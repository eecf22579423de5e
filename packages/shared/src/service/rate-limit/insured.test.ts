import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { testLog } from '../../testing/log.ts';
import { ownRedis } from '../redis.fixture.ts';
import { connectRedis } from '../redis.ts';
import { Secret } from '../secret.ts';
import { insure } from './insured.ts';
import { createMemoryRateLimiter } from './memory.ts';
import { createRedisRateLimiter } from './redis.ts';

test('lesson 9: falls over while Redis is away, still limited, and back when it is there; told once each', async () => {
  await using server = await ownRedis();
  const redis = connectRedis(new Secret(server.url), testLog().logger);
  await vi.waitFor(() => redis.ping());
  const told: [boolean, boolean][] = [];
  const limiter = insure(createRedisRateLimiter(redis), createMemoryRateLimiter(), (down, cause) =>
    told.push([down, cause instanceof Error]),
  );
  const key = randomUUID();
  const consume = async (times: number) => {
    const verdicts = await Promise.all(
      Array.from({ length: times }, () => limiter.consume(key, [{ limit: 3, seconds: 3600 }])),
    );
    return verdicts.filter(({ allowed }) => allowed).length;
  };

  await expect(consume(5)).resolves.toBe(3);
  expect(told).toEqual([]);

  await server.kill();
  await expect(consume(5)).resolves.toBe(3); // counted anew, here alone
  await expect(consume(5)).resolves.toBe(0);
  expect(told).toEqual([[true, true]]);

  await server.start(); // empty, and it does not know the script any more
  await expect.poll(() => consume(1), { timeout: 10_000 }).toBe(1);
  await expect(consume(5)).resolves.toBe(2);
  expect(told).toEqual([
    [true, true],
    [false, false],
  ]);
  redis.disconnect();
});
