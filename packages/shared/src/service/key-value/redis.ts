import type { Redis } from 'ioredis';
import { DomainError } from '../../contracts/index.ts';
import type { KeyValue } from './key-value.ts';

/** What Redis cannot answer now is `service-unavailable`, not a fault of ours. */
const orUnavailable = async <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    throw new DomainError('service-unavailable', { cause });
  });

type Subscriptions = Pick<KeyValue, 'subscribe' | 'close'>;

/** A connection that hears, and says whether it does. */
function createSubscriptions(redis: Redis): Subscriptions {
  const subscriber = redis.duplicate({
    lazyConnect: true,
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    autoResubscribe: false,
  });
  subscriber.on('error', () => undefined); // the caller's connection reports the same outage
  const listeners = new Map<string, ((message: string) => void)[]>();
  const watchers: ((isLive: boolean) => void)[] = [];
  let isLive = false;
  const say = (now: boolean) => {
    if (now === isLive) return;
    isLive = now;
    for (const watch of watchers) watch(now);
  };
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  /** The gap ends when Redis has confirmed the subscription, not when the connection is back. */
  const resume = async () => {
    if (listeners.size > 0) await subscriber.subscribe(...listeners.keys());
    say(true);
  };
  subscriber.on('close', () => {
    say(false);
  });
  subscriber.on('ready', () => {
    resume().catch(() => {
      subscriber.disconnect(true); // not confirmed: from the start, with a new connection
    });
  });

  return {
    subscribe: async (channel, onMessage, onLive) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), onMessage]);
      if (onLive) watchers.push(onLive);
      await orUnavailable(subscriber.subscribe(channel));
      onLive?.(isLive);
    },
    close: () => {
      subscriber.disconnect();
      return Promise.resolve();
    },
  };
}

/** Over Redis; the connection is the caller's, a second one for subscriptions is made here. */
export const createRedisKeyValue = (redis: Redis): KeyValue => ({
  get: async (key) => (await orUnavailable(redis.get(key))) ?? undefined,
  set: async (key, value, ttl) => {
    await orUnavailable(redis.set(key, value, 'EX', ttl));
  },
  delete: async (key) => {
    await orUnavailable(redis.del(key));
  },
  increment: async (key, ttl) => {
    const replies = await orUnavailable(redis.multi().set(key, 0, 'EX', ttl, 'NX').incr(key).exec());
    const [error, sum] = replies?.[1] ?? [new Error('Redis gave no answer')];
    if (error) throw new DomainError('service-unavailable', { cause: error });
    return Number(sum);
  },
  publish: async (channel, message) => {
    await orUnavailable(redis.publish(channel, message));
  },
  ping: async () => {
    await orUnavailable(redis.ping());
  },
  ...createSubscriptions(redis),
});
