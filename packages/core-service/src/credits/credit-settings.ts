import { type CreditSettings, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** What the actor chose for their own account. */
export async function getCreditSettings({
  database: { prisma },
  actor,
}: SignedInContext): Promise<CreditSettings> {
  const row = await prisma.creditAccount.findUnique({ where: { userId: actor.userId } });
  if (!row) throw new DomainError('not-found', { detail: 'there is no credit account' });
  return { lowBalanceMicro: Number(row.lowBalance) };
}

/** Changes where the actor's own balance is called low; the next change of the balance that crosses it says so. */
export async function updateCreditSettings(
  { database: { prisma }, actor }: SignedInContext,
  { lowBalanceMicro }: CreditSettings,
): Promise<CreditSettings> {
  const { count } = await prisma.creditAccount.updateMany({
    where: { userId: actor.userId },
    data: { lowBalance: lowBalanceMicro },
  });
  if (count === 0) throw new DomainError('not-found', { detail: 'there is no credit account' });
  return { lowBalanceMicro };
}
