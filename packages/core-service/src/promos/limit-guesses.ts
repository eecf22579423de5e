import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** Codes that do not exist, a person and hour: enough for slips, too few to find one of 60 random bits. */
const MAX_MISSES = 20;
/** Seconds. */
const WINDOW = 3600;

/** Runs a look at a code, unless this person named too many that do not exist. */
export async function limitGuesses<T>({ store, actor }: SignedInContext, look: () => Promise<T>): Promise<T> {
  const misses = `promo-misses:${actor.userId}`;
  if (Number((await store.get(misses)) ?? 0) >= MAX_MISSES) {
    throw new DomainError('too-many-attempts', { retryAfter: WINDOW });
  }
  try {
    return await look();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'promo-not-found')
      await store.increment(misses, WINDOW);
    throw error;
  }
}
