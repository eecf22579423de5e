import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { Logger, RateLimiter } from '@smart-ai-hub/shared/service';

/** KiB that are kept for one account in a day: nobody fills the store for everybody. */
const WINDOWS = [{ limit: 64 * 1024, seconds: 24 * 60 * 60 }];

/** How much may be kept for an account. */
export interface Allowance {
  /** Rejects with `rate-limited` where it is used up. */
  require: (userId: string) => Promise<void>;
  /** Counts this text where there is room for it, and answers whether there was. */
  take: (userId: string, text: string) => Promise<boolean>;
}

export function createAllowance(limiter: RateLimiter, logger: Logger): Allowance {
  const subject = (userId: string) => `kept-answers:${userId}`;
  return {
    require: async (userId) => {
      const { allowed, resetSeconds } = await limiter.peek(subject(userId), WINDOWS);
      if (allowed) return;
      throw new DomainError('rate-limited', {
        detail: 'the answers that are kept for this account fill their room of 64 MiB a day',
        retryAfter: resetSeconds,
      });
    },
    take: async (userId, text) => {
      const { allowed } = await limiter.peek(subject(userId), WINDOWS);
      if (!allowed) logger.info('an answer was not kept: its account has no room left', { userId });
      else await limiter.record(subject(userId), WINDOWS, Math.ceil(text.length / 1024));
      return allowed;
    },
  };
}
