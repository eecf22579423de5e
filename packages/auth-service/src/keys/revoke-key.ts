import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** Revokes one of the actor's own keys; tokens made from it are denied at once, everywhere. */
export async function revokeKey(
  { database: { prisma }, revocations, actor }: SignedInContext,
  keyId: string,
): Promise<void> {
  const own = { id: keyId, userId: actor.userId, revokedAt: null };
  const found = await prisma.apiKey.findFirst({ where: own, select: { id: true } });
  if (!found) throw new DomainError('not-found');
  await revocations.revoke(`key:${keyId}`);
  await prisma.apiKey.updateMany({ where: own, data: { revokedAt: new Date() } });
}
