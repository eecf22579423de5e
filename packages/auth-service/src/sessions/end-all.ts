import type { Transaction } from '@smart-ai-hub/database';

/**
 * Closes every session of a person, those that partners hold among them, and takes back what they lent to clients,
 * in the transaction of the reason. Whoever calls announces `user:<id>` in it.
 */
export async function endAllSessions(
  tx: Transaction,
  userId: string,
  { reason, except }: { reason: string; except?: string },
): Promise<void> {
  const endedAt = new Date();
  await tx.session.updateMany({
    where: { userId, endedAt: null, ...(except !== undefined && { id: { not: except } }) },
    data: { endedAt, endReason: reason },
  });
  await tx.partnerSession.updateMany({ where: { userId, endedAt: null }, data: { endedAt } });
  await tx.oauthRecord.deleteMany({ where: { userId } });
}
