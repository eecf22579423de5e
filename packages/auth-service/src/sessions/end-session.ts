import type { AuthDeps } from '../context.ts';

/** Denies every access token of the session at once, then closes it; doing it twice does no harm. */
export async function endSession(
  { database, revocations }: AuthDeps,
  sessionId: string,
  reason: string,
): Promise<void> {
  await revocations.revoke(`session:${sessionId}`);
  await database.prisma.session.updateMany({
    where: { id: sessionId, endedAt: null },
    data: { endedAt: new Date(), endReason: reason },
  });
}
