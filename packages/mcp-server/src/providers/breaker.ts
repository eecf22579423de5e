import type { DomainError, ProblemCode } from '@smart-ai-hub/shared/contracts';
import { isProvidersFault, LastingFailure } from './provider-failure.ts';

/** Milliseconds that are looked back at, and that a provider is left alone for. */
const WINDOW = 30_000;
/** Calls in the window below which nothing can be said. */
const ENOUGH = 5;
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Keeps calls from a provider that fails (https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker). */
export interface Breaker {
  /** Makes a call, unless the provider is left alone: then it rejects with `provider-failed` and nobody is asked. */
  run: <T>(call: () => Promise<T>) => Promise<T>;
  /** An answer that had begun well broke off. */
  brokeOff: () => void;
  state: () => BreakerState;
  /** Calls of the last 30 s. */
  recent: () => Ended;
}

export interface BreakerOptions {
  percent: number;
  now?: () => number;
  /** Which failures are the provider's, so that they count. */
  isFault?: (error: unknown) => error is DomainError;
  /** What somebody hears while it is left alone. */
  code?: ProblemCode;
}

interface Ended {
  calls: number;
  failed: number;
}

interface Second extends Ended {
  at: number;
}

/**
 * Opens where `percent` of at least 5 calls in 30 s failed, never where that is 0; 30 s later lets one call through,
 * whose end decides. Being asked to slow down is no failure: the provider is there. `now` is in milliseconds.
 */
export function createBreaker(
  name: string,
  {
    percent,
    now = () => performance.now(),
    isFault = isProvidersFault,
    code = 'provider-failed',
  }: BreakerOptions,
): Breaker {
  const calls = countCalls(now);
  let openedAt: number | undefined;
  let isProbing = false;

  const state = (): BreakerState => {
    if (openedAt === undefined) return 'closed';
    return isProbing || now() - openedAt >= WINDOW ? 'half-open' : 'open';
  };

  const succeed = () => {
    if (openedAt !== undefined) calls.forget();
    openedAt = undefined;
    calls.add({ calls: 1, failed: 0 });
  };

  const fail = (ended: Ended) => {
    const { calls: all, failed } = calls.add(ended);
    const isTooMuch = all >= ENOUGH && failed * 100 >= all * percent;
    if (percent > 0 && (openedAt !== undefined || isTooMuch)) openedAt = now();
  };

  const enter = () => {
    if (state() === 'closed') return;
    if (isProbing || state() === 'open')
      throw new LastingFailure(code, {
        detail: `${name} failed again and again, and is left alone for a moment`,
        retryAfter: Math.max(1, Math.ceil(((openedAt ?? 0) + WINDOW - now()) / 1000)),
      });
    isProbing = true;
  };

  return {
    run: async (call) => {
      enter();
      try {
        const answer = await call();
        succeed();
        return answer;
      } catch (error) {
        if (!isFault(error)) throw error; // a caller who left says nothing about the provider
        if (error.code === 'provider-rate-limited') succeed();
        else fail({ calls: 1, failed: 1 });
        throw error;
      } finally {
        isProbing = false;
      }
    },
    brokeOff: () => {
      fail({ calls: 0, failed: 1 }); // it was counted when it began well
    },
    state,
    recent: calls.recent,
  };
}

/** Calls of the last 30 s, by the second that they ended in. */
function countCalls(now: () => number) {
  let seconds: Second[] = [];
  const forgetOld = () => {
    seconds = seconds.filter(({ at }) => at > Math.floor(now() / 1000) - WINDOW / 1000);
  };
  const sum = (key: 'calls' | 'failed') => seconds.reduce((total, second) => total + second[key], 0);
  const recent = () => {
    forgetOld();
    const failed = sum('failed');
    return { calls: Math.max(sum('calls'), failed), failed }; // a stream may break off long after it began
  };
  return {
    recent,
    forget: () => {
      seconds = [];
    },
    /** Adds a call, and answers how many there are now. */
    add: ({ calls, failed }: Ended) => {
      const at = Math.floor(now() / 1000);
      const last = seconds.at(-1);
      if (last?.at === at) {
        last.calls += calls;
        last.failed += failed;
      } else seconds.push({ at, calls, failed });
      return recent();
    },
  };
}
