import { advance, type Bucket, type RateLimiter, verdict, weight } from './rate-limit.ts';

/** Keys kept at most; beyond it the one unused for longest goes. */
const MAX_KEYS = 100_000;

/** For one process alone; also stands in while Redis is away. */
export function createMemoryRateLimiter(now: () => number = Date.now): RateLimiter {
  const buckets = new Map<string, Bucket[]>();

  return {
    consume: (key, windows) => {
      const time = now();
      const kept = buckets.get(key);
      const states = windows.map(({ seconds }, i) => advance(kept?.[i], seconds, time));
      const weights = windows.map(({ seconds }, i) =>
        weight(states[i] ?? advance(undefined, seconds, time), seconds, time),
      );
      const allowed = windows.every(({ limit }, i) => (weights[i] ?? 0) + 1 <= limit);
      buckets.delete(key);
      buckets.set(key, allowed ? states.map((state) => ({ ...state, current: state.current + 1 })) : states);
      const oldest = buckets.size > MAX_KEYS ? buckets.keys().next().value : undefined;
      if (oldest !== undefined) buckets.delete(oldest);
      return Promise.resolve(
        verdict(
          allowed,
          windows,
          weights.map((w) => (allowed ? w + 1 : w)),
          time,
        ),
      );
    },
  };
}
