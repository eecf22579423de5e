import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { AuthDeps, SignedInContext } from '../context.ts';

/** Closes the session, and with it every access token that it was given; doing it twice does no harm. */
export async function endSession(ctx: AuthDeps, sessionId: string, reason: string): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    await tx.session.updateMany({
      where: { id: sessionId, endedAt: null },
      data: { endedAt: new Date(), endReason: reason },
    });
    tell(`session:${sessionId}`);
  });
}

/** Closes one of the actor's own sessions. */
export async function endOwnSession(ctx: SignedInContext, sessionId: string): Promise<void> {
  requireSession(ctx.actor);
  const ended = await closeOwn(ctx, { id: sessionId });
  if (ended === 0) throw new DomainError('not-found');
}

/** Closes every session of the actor but this one; answers how many there were. */
export async function endOtherSessions(ctx: SignedInContext): Promise<{ ended: number }> {
  const current = requireSession(ctx.actor);
  return { ended: await closeOwn(ctx, { id: { not: current } }) };
}

async function closeOwn(ctx: SignedInContext, which: { id: string | { not: string } }): Promise<number> {
  const { userId } = ctx.actor;
  return withAnnouncement(ctx, async (tx, tell) => {
    const rows = await tx.session.updateManyAndReturn({
      where: { ...which, userId, endedAt: null, expiresAt: { gt: new Date() } },
      data: { endedAt: new Date(), endReason: 'ended by its person' },
      select: { id: true },
    });
    tell(...rows.map(({ id }) => `session:${id}`));
    for (const { id } of rows) {
      await appendAudit(tx, {
        ...auditOf(ctx),
        action: 'session.ended',
        targetType: 'session',
        targetId: id,
      });
    }
    return rows.length;
  });
}
