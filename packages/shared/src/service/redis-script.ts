import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Runs a script on one key (Redis Cluster can hold that), with these arguments; answers what Redis says. */
export type RedisScript = (key: string, args: readonly (string | number)[]) => Promise<unknown>;

/** By its hash; with the whole text only where Redis does not know it yet (after its restart). */
export function redisScript(redis: Redis, text: string): RedisScript {
  const sha = createHash('sha1').update(text).digest('hex');
  return async (key, args) => {
    try {
      return await redis.call('EVALSHA', sha, 1, key, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.call('EVAL', text, 1, key, ...args);
    }
  };
}
