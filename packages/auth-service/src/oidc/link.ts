import { isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { AuthContext, SignedInContext } from '../context.ts';
import { begin, type Departure } from './begin.ts';
import type { Flow } from './flow.ts';
import type { OutsideAccount } from './outside-account.ts';
import { link } from './sign-in.ts';

/** Sends the actor to a provider, to link the account that they have there. */
export async function startLink(ctx: SignedInContext, provider: string): Promise<Departure> {
  const sessionId = requireSession(ctx.actor);
  return begin(ctx, { provider, link: { userId: ctx.actor.userId, sessionId } });
}

/** Links it to whoever asked, if the session in which they did still lasts. Rejects with `sign-in-failed`. */
export async function finishLink(
  ctx: AuthContext,
  { userId, sessionId }: NonNullable<Flow['link']>,
  account: OutsideAccount,
): Promise<void> {
  try {
    await withTransaction(ctx.database, async (tx) => {
      const session = await tx.session.findFirst({
        where: { id: sessionId, userId, endedAt: null, user: { disabledAt: null, deletedAt: null } },
      });
      if (!session) throw new DomainError('sign-in-failed', { detail: 'the session has ended' });
      const { provider, subject } = account;
      const before = await tx.identity.findUnique({ where: { provider_subject: { provider, subject } } });
      if (before?.userId === userId) return;
      if (before)
        throw new DomainError('sign-in-failed', { detail: 'this account is linked to another person' });
      await link(ctx, tx, userId, account);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new DomainError('sign-in-failed', { detail: 'this account was linked just now', cause: error });
  }
}
