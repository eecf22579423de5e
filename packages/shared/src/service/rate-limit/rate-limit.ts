/** At most `limit` requests, or whatever is counted, in any `seconds`. */
export interface Window {
  limit: number;
  seconds: number;
}

export interface Verdict {
  allowed: boolean;
  /** The window that is closest to its limit; of a refusal, the one that lasts longest. */
  limit: number;
  seconds: number;
  remaining: number;
  /** Whole seconds until that window starts anew; of a refusal, until a repeat finds room. */
  resetSeconds: number;
}

export interface RateLimiter {
  /** Counts a request against every window of `key`, all or none. */
  consume: (key: string, windows: readonly Window[]) => Promise<Verdict>;
  /** Tells whether there is room for one more; counts nothing. */
  peek: (key: string, windows: readonly Window[]) => Promise<Verdict>;
  /** Counts what has happened already, room or not: `amount` is a whole number of 0 or more. */
  record: (key: string, windows: readonly Window[], amount: number) => Promise<void>;
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

/** How much of the current bucket is over, from 0 to 1; by remainder, since a quotient of epochs is too coarse. */
const elapsed = (seconds: number, now: number) => (now % (seconds * 1000)) / (seconds * 1000);

/**
 * Requests that fall into the sliding window that ends now: the current bucket, and of the previous one
 * the share that still overlaps. Needs two numbers a window whatever the rate, and errs by little: any
 * stretch of `d` seconds up to one window lets through at most `limit × (1 + d / seconds)`.
 */
const weight = ({ previous, current }: Bucket, seconds: number, now: number) =>
  previous * (1 - elapsed(seconds, now)) + current;

export const hasRoom = (bucket: Bucket, { limit, seconds }: Window, now: number): boolean =>
  weight(bucket, seconds, now) + 1 <= limit;

/** Seconds until the window has room for one more, if nothing else comes. */
function untilRoom({ previous, current }: Bucket, { limit, seconds }: Window, now: number): number {
  const over = elapsed(seconds, now);
  const others = limit - 1;
  if (others < 0) return seconds;
  if (current > others) return seconds * (1 - over + (1 - others / current));
  return previous * (1 - over) + current <= others ? 0 : seconds * (1 - (others - current) / previous - over);
}

/** What to tell the caller, given the state of each window after this request was counted or refused. */
export function verdict(
  allowed: boolean,
  windows: readonly Window[],
  buckets: readonly Bucket[],
  now: number,
): Verdict {
  const states = windows.map((window, i) => {
    const { limit, seconds } = window;
    const bucket = buckets[i] ?? advance(undefined, seconds, now);
    const reset = allowed ? seconds * (1 - elapsed(seconds, now)) : untilRoom(bucket, window, now);
    const remaining = Math.max(0, Math.floor(limit - weight(bucket, seconds, now)));
    return { limit, seconds, remaining, resetSeconds: Math.max(1, Math.ceil(reset)) };
  });
  const share = ({ remaining, limit }: Window & { remaining: number }) => (limit > 0 ? remaining / limit : 0);
  const tellingFirst = states.toSorted((a, b) =>
    allowed ? share(a) - share(b) : b.resetSeconds - a.resetSeconds,
  );
  return { allowed, ...(tellingFirst[0] ?? { limit: 0, seconds: 0, remaining: 0, resetSeconds: 1 }) };
}
