import { EventEmitter } from 'node:events';
import type { KeyValue } from './key-value.ts';

interface Entry {
  value: string;
  expiresAt: number;
}

/** For one process alone: what the standalone program uses in place of Redis. */
export function createMemoryKeyValue(now: () => number = Date.now): KeyValue {
  const entries = new Map<string, Entry>();
  const bus = new EventEmitter().setMaxListeners(0);
  const sweep = setInterval(() => {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now()) entries.delete(key);
  }, 60_000).unref();

  const live = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > now() ? entry : undefined;
  };

  return {
    get: (key) => Promise.resolve(live(key)?.value),
    set: (key, value, ttl) => {
      entries.set(key, { value, expiresAt: now() + ttl * 1000 });
      return Promise.resolve();
    },
    delete: (key) => {
      entries.delete(key);
      return Promise.resolve();
    },
    replace: (key, before, after, ttl) => {
      if (live(key)?.value !== before) return Promise.resolve(false);
      if (after === undefined) entries.delete(key);
      else entries.set(key, { value: after, expiresAt: now() + ttl * 1000 });
      return Promise.resolve(true);
    },
    increment: (key, ttl) => {
      const entry = live(key) ?? { value: '0', expiresAt: now() + ttl * 1000 };
      const sum = Number(entry.value) + 1;
      entries.set(key, { ...entry, value: String(sum) });
      return Promise.resolve(sum);
    },
    publish: (channel, message) => {
      bus.emit(channel, message);
      return Promise.resolve();
    },
    subscribe: (channel, onMessage, onLive) => {
      bus.on(channel, onMessage);
      onLive?.(true);
      return Promise.resolve();
    },
    ping: () => Promise.resolve(),
    close: () => {
      clearInterval(sweep);
      bus.removeAllListeners();
      return Promise.resolve();
    },
  };
}
