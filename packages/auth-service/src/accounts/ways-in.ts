import type { Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';

/**
 * Throws `last-sign-in` unless the person can sign in by something beside what is about to go: a password, a passkey,
 * an account elsewhere. Until the transaction ends, nothing else that asks takes one of them away.
 */
export async function requireAnotherWay(tx: Transaction, userId: string): Promise<void> {
  // two at once would each leave the other's
  await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR UPDATE`;
  const { passwordHash, _count: count } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { passwordHash: true, _count: { select: { passkeys: true, identities: true } } },
  });
  const ways = (passwordHash === null ? 0 : 1) + count.passkeys + count.identities;
  if (ways < 2) throw new DomainError('last-sign-in');
}
