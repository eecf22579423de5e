import { type Actor, DomainError } from '../contracts/index.ts';

/** Seconds for which a proof of who somebody is covers what needs one. */
export const RECENT = 10 * 60;

/** The actor's session; throws `forbidden` for keys and programs, which are nobody at a page. */
export function requireSession({ sessionId }: Actor): string {
  if (sessionId !== undefined) return sessionId;
  throw new DomainError('forbidden', { detail: 'only a person who is signed in may do this' });
}

/**
 * Guards what a stolen session must not do: throws `step-up-required` unless the person proved who they are
 * within `RECENT`, by signing in or by a step-up. Answers the session.
 */
export function requireRecent(actor: Actor, now = Date.now()): string {
  const session = requireSession(actor);
  const age = Math.floor(now / 1000) - (actor.authenticatedAt ?? 0);
  if (age > RECENT) throw new DomainError('step-up-required');
  return session;
}
