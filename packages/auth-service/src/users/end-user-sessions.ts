import { appendAudit, withAnnouncement } from '@smart-ai-hub/database';
import { auditOf } from '../audit-of.ts';
import type { SignedInContext } from '../context.ts';
import { requireAuthority } from './authority.ts';
import { endSessionsOf } from './end-access.ts';
import { findPerson } from './find-people.ts';

/** Signs somebody below the actor, or the actor, out on every device; keys go on working. */
export async function endUserSessions(ctx: SignedInContext, userId: string): Promise<void> {
  await findPerson(ctx, 'users:update', userId);
  if (userId !== ctx.actor.userId) await requireAuthority(ctx, userId);
  await withAnnouncement(ctx, async (tx, tell) => {
    const sessions = await endSessionsOf(tx, userId, 'ended by an administrator');
    if (sessions === 0) return;
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'sessions.ended',
      ...{ targetType: 'user', targetId: userId },
      after: { sessions },
    });
  });
}
