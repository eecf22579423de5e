import { connectRedis } from '../service/redis.ts';
import { Secret } from '../service/secret.ts';
import type { KeyValue } from '../service/key-value/key-value.ts';
import { createMemoryKeyValue } from '../service/key-value/memory.ts';
import { createRedisKeyValue } from '../service/key-value/redis.ts';
import { testLog } from './log.ts';

/** Opens a store, and says how to end it. */
export type KeyValueDriver = (redisUrl: string) => { store: KeyValue; close: () => Promise<void> };

const memory: KeyValueDriver = () => {
  const store = createMemoryKeyValue();
  return { store, close: store.close };
};

const redis: KeyValueDriver = (redisUrl) => {
  const connection = connectRedis(new Secret(redisUrl), testLog().logger);
  const store = createRedisKeyValue(connection);
  const close = async () => {
    await store.close();
    connection.disconnect();
  };
  return { store, close };
};

/** Both, so that one suite is run on each. */
export const KEY_VALUE_DRIVERS: readonly [string, KeyValueDriver][] = [
  ['memory', memory],
  ['redis', redis],
];
