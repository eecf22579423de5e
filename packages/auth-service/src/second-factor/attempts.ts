import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';

/** Tries in a row that may go wrong. */
const MAX_FAILURES = 5;
/** Seconds. */
const LOCK = 15 * 60;

/**
 * Answers what `check` does, and counts while that is nothing: the sixth try on a person within 15 minutes is
 * refused, from wherever it comes. Counted before the check, so that parallel guesses cannot outrun the count.
 */
export async function bounded<T>(
  { store }: AuthDeps,
  userId: string,
  check: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const name = `factor-attempts:${userId}`;
  const attempts = await store.increment(name, LOCK);
  if (attempts > MAX_FAILURES) throw new DomainError('too-many-attempts', { retryAfter: LOCK });
  const passed = await check();
  if (passed !== undefined) await store.delete(name);
  return passed;
}
