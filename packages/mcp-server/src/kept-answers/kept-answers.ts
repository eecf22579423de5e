import type { AnswerCache } from './answer-cache.ts';
import type { Idempotency } from './idempotency.ts';

/** What is kept of earlier calls. */
export interface KeptAnswers {
  idempotency: Idempotency;
  /** Nothing where the hub keeps no answers. */
  cache: AnswerCache | undefined;
}
