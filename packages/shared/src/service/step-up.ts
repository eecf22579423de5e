import { type Actor, DomainError } from '../contracts/index.ts';

/** Seconds for which a proof of who somebody is covers what needs one. */
export const RECENT = 10 * 60;

/** The actor's session; throws `forbidden` for keys and programs, which are nobody at a page. */
export function requireSession({ sessionId }: Actor): string {
  if (sessionId !== undefined) return sessionId;
  throw new DomainError('forbidden', { detail: 'only a person who is signed in may do this' });
}

/**
 * Throws `step-up-required` for a session whose person proved longer than `RECENT` ago who they are, by signing in or
 * by a step-up.
 */
export function requireRecent({ sessionId, authenticatedAt = 0 }: Actor, now = Date.now()): void {
  const age = Math.floor(now / 1000) - authenticatedAt;
  if (sessionId !== undefined && age > RECENT) throw new DomainError('step-up-required');
}
