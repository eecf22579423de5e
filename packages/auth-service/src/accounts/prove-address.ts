import type { Transaction } from '@smart-ai-hub/database';

/**
 * Marks the address as verified, for somebody who has just shown that they read its mail. Before them it may have been
 * anybody who set the account up: every way into it that was left there goes, and the sessions with the caller.
 */
export async function proveAddress(tx: Transaction, userId: string): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { verified: true } });
  const where = { userId };
  await tx.passkey.deleteMany({ where });
  await tx.identity.deleteMany({ where });
  await tx.totpSecret.deleteMany({ where });
  await tx.recoveryCode.deleteMany({ where });
  await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: new Date() } });
}
