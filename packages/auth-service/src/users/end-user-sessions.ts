import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import type { SignedInContext } from '../context.ts';
import { endAllSessions } from '../sessions/end-all.ts';
import { requireAuthority } from './authority.ts';
import { findPerson } from './find-people.ts';

/** Signs somebody below the actor, or the actor, out on every device and every client; keys go on working. */
export async function endUserSessions(ctx: SignedInContext, userId: string): Promise<void> {
  await findPerson(ctx, 'users:update', userId);
  if (userId !== ctx.actor.userId) await requireAuthority(ctx, userId);
  await withAnnouncement(ctx, async (tx, tell) => {
    await endAllSessions(tx, userId, { reason: 'ended by an administrator' });
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'sessions.ended',
      ...{ targetType: 'user', targetId: userId },
    });
  });
}
