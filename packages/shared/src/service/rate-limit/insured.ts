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
  return {
    consume: async (key, windows) => {
      try {
        const verdict = await shared.consume(key, windows);
        if (down) onChange(false);
        down = false;
        return verdict;
      } catch (error) {
        if (!down) onChange(true, error);
        down = true;
        return insurance.consume(key, windows);
      }
    },
  };
}
