import { advance, type Bucket, hasRoom, type RateLimiter, verdict, type Window } from './rate-limit.ts';

/** Keys kept at most; beyond it the one unused for longest goes. */
const MAX_KEYS = 100_000;

/** For one process alone; also stands in while Redis is away. */
export function createMemoryRateLimiter(now: () => number = Date.now): RateLimiter {
  const buckets = new Map<string, Bucket[]>();

  const count = (key: string, windows: readonly Window[], amountOf: (allowed: boolean) => number) => {
    const time = now();
    const kept = buckets.get(key);
    const states = windows.map(({ seconds }, i) => advance(kept?.[i], seconds, time));
    const allowed = windows.every((window, i) => {
      const state = states[i];
      return state !== undefined && hasRoom(state, window, time);
    });
    const counted = states.map((state) => ({ ...state, current: state.current + amountOf(allowed) }));
    buckets.delete(key);
    buckets.set(key, counted);
    const oldest = buckets.size > MAX_KEYS ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return Promise.resolve(verdict(allowed, windows, counted, time));
  };

  return {
    consume: (key, windows) => count(key, windows, (allowed) => (allowed ? 1 : 0)),
    peek: (key, windows) => count(key, windows, () => 0),
    record: async (key, windows, amount) => {
      await count(key, windows, () => amount);
    },
  };
}
