import type { Transaction } from '@smart-ai-hub/database';

/** Ends every session of a person; whoever calls announces the person. */
export async function endSessionsOf(tx: Transaction, userId: string, reason: string): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { userId, endedAt: null },
    data: { endedAt: new Date(), endReason: reason },
  });
  return count;
}

/** Ends whatever lets a person in: sessions, keys, and what they handed to partners. */
export async function endAccessOf(tx: Transaction, userId: string, reason: string): Promise<void> {
  const now = new Date();
  await endSessionsOf(tx, userId, reason);
  await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
  await tx.partnerSession.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
}
