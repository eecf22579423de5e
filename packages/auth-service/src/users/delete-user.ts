import { appendAudit, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { auditOf } from '../audit-of.ts';
import type { SignedInContext } from '../context.ts';
import { requireAuthorityToRemove } from './authority.ts';
import { endAccessOf } from './end-access.ts';
import { findPerson } from './find-people.ts';

/** Deletes the account of somebody below the actor, softly: whatever lets them in ends at once, the row stays. */
export async function deleteUser(ctx: SignedInContext, userId: string): Promise<void> {
  const { email } = await findPerson(ctx, 'users:delete', userId);
  await requireAuthorityToRemove(ctx, userId);
  await withAnnouncement(ctx, async (tx, tell) => {
    const { count } = await tx.user.updateMany({
      where: { id: userId, deletedAt: null },
      data: { deletedAt: new Date() },
    });
    if (count === 0) throw new DomainError('not-found');
    await endAccessOf(tx, userId, 'account deleted');
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'user.deleted',
      ...{ targetType: 'user', targetId: userId },
      before: { email },
    });
  });
}
