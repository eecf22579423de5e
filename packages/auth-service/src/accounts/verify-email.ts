import { appendAudit, auditOf, withAnnouncement, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type User } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { claimCode, spendToken } from '../verification/claim-code.ts';
import { issueToken } from '../verification/issue-token.ts';
import { me } from './me.ts';

/** Proves the actor's address by the mailed code; what waited for it is open at the next request. */
export async function verifyEmail(ctx: SignedInContext, code: string): Promise<User> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const { id, email } = await claimCode(ctx, 'verify-email', code);
  await withAnnouncement(ctx, async (tx, tell) => {
    if (!(await spendToken(tx, id))) throw new DomainError('invalid-code');
    const { count } = await tx.user.updateMany({ where: { id: userId, email }, data: { verified: true } });
    if (count === 0) throw new DomainError('invalid-code'); // the address has changed since
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'email.verified',
      targetType: 'user',
      targetId: userId,
    });
  });
  return me(ctx);
}

/** Mails another code, or nothing where the address is verified. Throws `rate-limited` beyond three in an hour. */
export async function resendVerification(ctx: SignedInContext): Promise<void> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const issued = await withTransaction(ctx.database, async (tx) => {
    const row = await tx.user.findUniqueOrThrow({ where: { id: userId } });
    return row.verified || issueToken(ctx, tx, { userId, email: row.email, purpose: 'verify-email' });
  });
  if (!issued) throw new DomainError('rate-limited', { retryAfter: 3600 });
}
