import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';

/**
 * An account elsewhere is no second factor. Whoever set one up here shows it here too, which this way of signing in
 * does not ask for yet, so it refuses them.
 */
export async function refuseSecondFactor({ database: { prisma } }: AuthDeps, userId: string): Promise<void> {
  const confirmed = await prisma.totpSecret.count({ where: { userId, confirmedAt: { not: null } } });
  if (confirmed > 0) {
    throw new DomainError('sign-in-failed', { detail: 'this account has a second factor: use its password' });
  }
}
