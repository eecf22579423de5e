import type { Logger, Store } from '@smart-ai-hub/shared/service';
import { createAllowance } from './allowance.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { createIdempotency } from './idempotency.ts';

/** Answers that are kept in the store of all processes; cached ones for `cacheSeconds`, 0 is not at all. */
export function openKeptAnswers(
  { keyValue, rateLimiter }: Pick<Store, 'keyValue' | 'rateLimiter'>,
  { answerCacheSeconds: seconds }: { answerCacheSeconds: number },
  logger: Logger,
): KeptAnswers {
  const allowance = createAllowance(rateLimiter, logger);
  return {
    idempotency: createIdempotency(keyValue, allowance, logger),
    cache: seconds > 0 ? createAnswerCache(keyValue, allowance, { seconds, logger }) : undefined,
  };
}
