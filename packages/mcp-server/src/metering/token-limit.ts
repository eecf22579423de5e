import { type Actor, budgetOf, DomainError } from '@smart-ai-hub/shared/contracts';
import type { Logger, RateLimiter, Window } from '@smart-ai-hub/shared/service';

/** Tokens a minute of keys that have such a limit; nothing is asked or counted for anybody else. */
export interface TokenLimit {
  /** Rejects with `rate-limited` once the tokens of the minute that ends now are used up. */
  check: (actor: Actor) => Promise<void>;
  /** Counts what a call has used; nobody waits for it. */
  count: (actor: Actor, tokens: number) => void;
}

/**
 * Only what calls have really used is counted, and only when they end: the calls that are under way when the limit is
 * reached still finish.
 */
export function createTokenLimit(limiter: RateLimiter, logger: Logger): TokenLimit {
  const subject = (actor: Actor) => `tokens:${budgetOf(actor)}`;
  return {
    check: async (actor) => {
      const windows = windowsOf(actor);
      if (windows.length === 0) return;
      const { allowed, limit, resetSeconds } = await limiter.peek(subject(actor), windows);
      if (allowed) return;
      throw new DomainError('rate-limited', {
        detail: `this key may use ${limit} tokens a minute`,
        retryAfter: resetSeconds,
      });
    },
    count: (actor, tokens) => {
      const windows = windowsOf(actor);
      if (windows.length === 0) return;
      limiter.record(subject(actor), windows, tokens).catch((error: unknown) => {
        logger.warn('the tokens of a key were not counted', { error, tokens });
      });
    },
  };
}

const windowsOf = ({ limits }: Actor): Window[] =>
  limits?.tokensPerMinute === undefined ? [] : [{ limit: limits.tokensPerMinute, seconds: 60 }];
