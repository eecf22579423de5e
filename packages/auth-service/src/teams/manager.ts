import type { Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/**
 * Nobody widens the own reach: whoever has a permission for the own team alone neither makes himself the manager of
 * one nor adds to one that he manages. What counts is what the person may do, not what the credential was given.
 */
export async function requireNoGain(ctx: SignedInContext, managerId: string | null): Promise<void> {
  const { userId } = ctx.actor;
  if (managerId !== userId) return;
  const { grants } = await ctx.core.accessOf({ body: { userId } });
  if (!Object.values(grants).includes('team')) return;
  throw new DomainError('forbidden', { detail: 'this would widen whom you reach' });
}

/** Rejects with `not-found` for a manager who does not exist or was deleted. */
export async function requireManager(tx: Transaction, managerId: string | null): Promise<void> {
  if (managerId === null) return;
  const found = await tx.user.count({ where: { id: managerId, deletedAt: null } });
  if (found === 0) throw new DomainError('not-found', { detail: 'there is no such manager' });
}
