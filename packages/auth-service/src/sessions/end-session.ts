import { withAnnouncement } from '@smart-ai-hub/database';
import type { AuthDeps } from '../context.ts';

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
