import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { testLog } from '../testing/log.ts';
import { ConfigError } from './config.ts';
import { ownRedis } from './redis.fixture.ts';
import { Secret } from './secret.ts';
import { openStore } from './store.ts';

const WINDOW = [{ limit: 1, seconds: 3600 }];

describe('openStore', () => {
  test('refuses production without Redis, with a line for the operator', () => {
    const open = () => openStore({ environment: 'production' }, testLog().logger);
    expect(open).toThrow(ConfigError);
    expect(open).toThrow('REDIS_URL');
  });

  test('keeps to this process in development, and says so', async () => {
    const { logger, lines } = testLog();
    const [one, two] = [
      openStore({ environment: 'development' }, logger),
      openStore({ environment: 'development' }, logger),
    ];
    await one.keyValue.set('a', 'b', 60);
    await expect(two.keyValue.get('a')).resolves.toBeUndefined();
    expect(lines()).toMatchObject([{ level: 'warn' }, { level: 'warn' }]);
    await Promise.all([one.close(), two.close()]);
  });

  test('shares facts and limits over Redis, and lives through its absence', async () => {
    await using server = await ownRedis();
    const { logger, lines } = testLog();
    const open = () => openStore({ redisUrl: new Secret(server.url), environment: 'production' }, logger);
    const [one, two] = [open(), open()];
    await vi.waitFor(() => Promise.all([one.keyValue.ping(), two.keyValue.ping()]));
    const key = randomUUID();
    await expect(one.rateLimiter.consume(key, WINDOW)).resolves.toMatchObject({ allowed: true });
    await expect(two.rateLimiter.consume(key, WINDOW)).resolves.toMatchObject({ allowed: false });

    await server.kill();
    await expect(one.rateLimiter.consume(key, WINDOW)).resolves.toMatchObject({ allowed: true });
    await expect(one.rateLimiter.consume(key, WINDOW)).resolves.toMatchObject({ allowed: false });
    expect(
      lines().filter(({ message }) => String(message).startsWith('limits are counted in this process')),
    ).toHaveLength(1);

    await server.start();
    await vi.waitFor(() => one.keyValue.ping(), { timeout: 10_000 });
    await expect(one.rateLimiter.consume(key, WINDOW)).resolves.toMatchObject({ allowed: true });
    expect(lines().filter(({ message }) => message === 'limits are shared again')).toHaveLength(1);
    await Promise.all([one.close(), two.close()]);
  });
});
