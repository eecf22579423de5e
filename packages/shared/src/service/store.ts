import { ConfigError } from './config.ts';
import { createMemoryKeyValue } from './key-value/memory.ts';
import { createRedisKeyValue } from './key-value/redis.ts';
import type { KeyValue } from './key-value/key-value.ts';
import type { Logger } from './logger.ts';
import { insure } from './rate-limit/insured.ts';
import { createMemoryRateLimiter } from './rate-limit/memory.ts';
import type { RateLimiter } from './rate-limit/rate-limit.ts';
import { createRedisRateLimiter } from './rate-limit/redis.ts';
import { connectRedis } from './redis.ts';
import type { Secret } from './secret.ts';

/** What processes share: facts and limits. */
export interface Store {
  keyValue: KeyValue;
  rateLimiter: RateLimiter;
  close: () => Promise<void>;
}

/** In this process's memory: for the platform in one process, and for development. */
export function memoryStore(): Store {
  const keyValue = createMemoryKeyValue();
  return { keyValue, rateLimiter: createMemoryRateLimiter(), close: () => keyValue.close() };
}

/** Redis as configured. Production refuses to start without it: limits in each process's memory would leak. */
export function openStore(
  { redisUrl, environment }: { redisUrl?: Secret | undefined; environment: string },
  logger: Logger,
): Store {
  if (!redisUrl && environment === 'production')
    throw new ConfigError(['REDIS_URL is missing; production needs Redis']);
  if (!redisUrl) {
    logger.warn('no REDIS_URL: facts and limits stay in this process');
    return memoryStore();
  }
  const redis = connectRedis(redisUrl, logger);
  const keyValue = createRedisKeyValue(redis);
  const rateLimiter = insure(createRedisRateLimiter(redis), createMemoryRateLimiter(), (down, error) => {
    if (down) logger.error('limits are counted in this process until redis is back', { error });
    else logger.info('limits are shared again');
  });
  const close = async () => {
    await keyValue.close();
    redis.disconnect();
  };
  return { keyValue, rateLimiter, close };
}
