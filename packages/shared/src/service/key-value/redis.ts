import type { Redis } from 'ioredis';
import { DomainError } from '../../contracts/index.ts';
import { redisScript } from '../redis-script.ts';
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

/** Whether there is a value before, that value, whether there is one after, that value, seconds. */
const REPLACE = `
local now = redis.call('GET', KEYS[1])
if now ~= (ARGV[1] == '1' and ARGV[2]) then return 0 end
if ARGV[3] == '1' then
  redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[5])
else
  redis.call('DEL', KEYS[1])
end
return 1`;

const orNothing = (value: string | undefined) => (value === undefined ? ['0', ''] : ['1', value]);

/** Over Redis; the connection is the caller's, a second one for subscriptions is made here. */
export function createRedisKeyValue(redis: Redis): KeyValue {
  const replace = redisScript(redis, REPLACE);
  return {
    get: async (key) => (await orUnavailable(redis.get(key))) ?? undefined,
    set: async (key, value, ttl) => {
      await orUnavailable(redis.set(key, value, 'EX', ttl));
    },
    delete: async (key) => {
      await orUnavailable(redis.del(key));
    },
    replace: async (key, before, after, ttl) =>
      (await orUnavailable(replace(key, [...orNothing(before), ...orNothing(after), ttl]))) === 1,
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
  };
}
