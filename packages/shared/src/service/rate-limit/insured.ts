import type { RateLimiter } from './rate-limit.ts';

/**
 * Asks `shared`; while that fails asks `insurance`, so that limits are neither open nor shut when Redis is
 * away. `onChange` is told once per outage and once per return.
 */
export function insure(
  shared: RateLimiter,
  insurance: RateLimiter,
  onChange: (down: boolean, cause?: unknown) => void,
): RateLimiter {
  let down = false;
  const ask = async <T>(question: (limiter: RateLimiter) => Promise<T>): Promise<T> => {
    try {
      const answer = await question(shared);
      if (down) onChange(false);
      down = false;
      return answer;
    } catch (error) {
      if (!down) onChange(true, error);
      down = true;
      return question(insurance);
    }
  };
  return {
    consume: (key, windows) => ask((limiter) => limiter.consume(key, windows)),
    peek: (key, windows) => ask((limiter) => limiter.peek(key, windows)),
    record: (key, windows, amount) => ask((limiter) => limiter.record(key, windows, amount)),
  };
}
