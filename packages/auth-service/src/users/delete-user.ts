import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { endAllSessions } from '../sessions/end-all.ts';
import { requireAuthorityToRemove } from './authority.ts';
import { findPerson } from './find-people.ts';

/**
 * Deletes the account of somebody below the actor, softly: whatever lets them in ends at once, and the row stays until
 * it is purged. It is disabled as well, so that signing in does not bring it back, as it does for who left by choice.
 */
export async function deleteUser(ctx: SignedInContext, userId: string): Promise<void> {
  const { email } = await findPerson(ctx, 'users:delete', userId);
  await requireAuthorityToRemove(ctx, userId);
  await withAnnouncement(ctx, async (tx, tell) => {
    const now = new Date();
    const { count } = await tx.user.updateMany({
      where: { id: userId, deletedAt: null },
      data: { deletedAt: now, disabledAt: now },
    });
    if (count === 0) throw new DomainError('not-found');
    await endAllSessions(tx, userId, { reason: 'account deleted' });
    await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'user.deleted',
      ...{ targetType: 'user', targetId: userId },
      before: { email },
    });
  });
}
