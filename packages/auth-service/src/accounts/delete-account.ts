import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { AuthContext, SignedInContext } from '../context.ts';
import { NOTICE_MAIL } from '../mail/notice-mail.ts';
import { endAllSessions } from '../sessions/end-all.ts';

/**
 * Marks the account as deleted: sessions end, and keys open nothing as long as it stays so. Nothing else changes
 * for 30 days, and signing in brings all of it back.
 */
export async function deleteAccount(ctx: SignedInContext): Promise<void> {
  requireSession(ctx.actor);
  const { userId: id } = ctx.actor;
  const { roles } = await ctx.core.accessOf({ body: { userId: id } });
  if (roles.includes('superadmin')) throw new DomainError('last-superadmin');
  await withAnnouncement(ctx, async (tx, tell) => {
    await tx.user.update({ where: { id }, data: { deletedAt: new Date() } });
    await endAllSessions(tx, id, { reason: 'account deleted' });
    await ctx.enqueue(tx, NOTICE_MAIL, { userId: id, notice: 'account-deleted' });
    tell(`user:${id}`);
    await appendAudit(tx, {
      ...{ ...auditOf(ctx), action: 'account.deleted', targetType: 'user', targetId: id },
    });
  });
}

/** Brings a deleted account back, for somebody who has just proven that it is theirs. */
export async function restoreAccount(ctx: AuthContext, tx: Transaction, id: string): Promise<void> {
  await tx.user.update({ where: { id }, data: { deletedAt: null } });
  const { address, userAgent, requestId } = ctx;
  await appendAudit(tx, {
    ...{ actorId: id, address, userAgent, requestId },
    ...{ action: 'account.restored', targetType: 'user', targetId: id },
  });
}
