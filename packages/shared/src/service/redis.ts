import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';
import type { Secret } from './secret.ts';

/**
 * A connection that fails fast: while Redis is away a command rejects at once (insurance takes over), and
 * the connection comes back by itself. Outage and return are logged once each.
 */
export function connectRedis(url: Secret, logger: Logger): Redis {
  const redis = new Redis(url.reveal(), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  let down = false;
  redis.on('error', (error: unknown) => {
    if (!down) logger.error('redis is away', { error });
    down = true;
  });
  redis.on('ready', () => {
    if (down) logger.info('redis is back');
    down = false;
  });
  return redis;
}
