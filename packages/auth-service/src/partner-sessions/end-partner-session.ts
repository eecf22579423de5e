import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

/** Ends one of the actor's own partner sessions; it is refused at once, everywhere. */
export async function endPartnerSession(ctx: SignedInContext, id: string): Promise<void> {
  requireSession(ctx.actor);
  await withAnnouncement(ctx, async (tx, tell) => {
    const { count } = await tx.partnerSession.updateMany({
      where: { id, userId: ctx.actor.userId, endedAt: null },
      data: { endedAt: new Date() },
    });
    if (count === 0) throw new DomainError('not-found');
    tell(`partner:${id}`);
    const what = { targetType: 'partner-session', targetId: id };
    await appendAudit(tx, { ...auditOf(ctx), action: 'partner-session.ended', ...what });
  });
}
