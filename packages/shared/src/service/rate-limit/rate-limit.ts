/** At most `limit` requests in any `seconds`. */
export interface Window {
  limit: number;
  seconds: number;
}

export interface Verdict {
  allowed: boolean;
  /** The window that is closest to its limit. */
  limit: number;
  seconds: number;
  remaining: number;
  /** Seconds until that window has room again, or starts anew. */
  resetSeconds: number;
}

/** Counts a request against every window of `key`, all or none. */
export interface RateLimiter {
  consume: (key: string, windows: readonly Window[]) => Promise<Verdict>;
}

/** The state of one window: requests in the current and in the previous bucket. */
export interface Bucket {
  index: number;
  current: number;
  previous: number;
}

/** The bucket at `now` (ms): what was current is previous after one step, and forgotten after two. */
export function advance(bucket: Bucket | undefined, seconds: number, now: number): Bucket {
  const index = Math.floor(now / (seconds * 1000));
  if (bucket?.index === index) return bucket;
  return { index, current: 0, previous: bucket?.index === index - 1 ? bucket.current : 0 };
}

/**
 * Requests that fall into the sliding window that ends now: the current bucket, and of the previous one
 * the share that still overlaps. Errs by little, and needs two numbers a window whatever the rate.
 */
export function weight(bucket: Bucket, seconds: number, now: number): number {
  const elapsed = now / (seconds * 1000) - bucket.index;
  return bucket.previous * (1 - elapsed) + bucket.current;
}

/** What to tell the caller, given the weight of each window after this request was counted or refused. */
export function verdict(
  allowed: boolean,
  windows: readonly Window[],
  weights: readonly number[],
  now: number,
): Verdict {
  const states = windows.map(({ limit, seconds }, i) => ({
    limit,
    seconds,
    remaining: Math.max(0, Math.floor(limit - (weights[i] ?? 0))),
    resetSeconds: Math.max(1, Math.ceil(seconds - ((now / 1000) % seconds))),
  }));
  const tightest = states.toSorted((a, b) => a.remaining / a.limit - b.remaining / b.limit)[0];
  return { allowed, ...(tightest ?? { limit: 0, seconds: 0, remaining: 0, resetSeconds: 1 }) };
}
