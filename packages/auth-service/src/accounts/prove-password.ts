import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { verifyPassword } from './password.ts';

const MAX_FAILURES = 5;
/** Seconds. */
const LOCK = 15 * 60;

export interface ProvenPerson {
  id: string;
  email: string;
  passwordHash: string;
  locale: string;
  /** The session that they act in. */
  sessionId: string;
}

/**
 * The actor, who has just shown the present password. Whoever found an open session has five tries in 15 minutes.
 * Throws `invalid-credentials`, also for an account without a password: a mailed link gives it one.
 */
export async function provePassword(ctx: SignedInContext, password: string): Promise<ProvenPerson> {
  const sessionId = requireSession(ctx.actor);
  const counter = `password:${ctx.actor.userId}`;
  const attempts = await ctx.store.increment(counter, LOCK);
  if (attempts > MAX_FAILURES) throw new DomainError('too-many-attempts', { retryAfter: LOCK });
  const row = await ctx.database.prisma.user.findUniqueOrThrow({ where: { id: ctx.actor.userId } });
  const isRight = await verifyPassword(row.passwordHash, password);
  if (!isRight || row.passwordHash === null) throw new DomainError('invalid-credentials');
  await ctx.store.delete(counter);
  return { id: row.id, email: row.email, passwordHash: row.passwordHash, locale: row.locale, sessionId };
}
