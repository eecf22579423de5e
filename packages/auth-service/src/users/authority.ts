import { DomainError, type HeldRoles } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/**
 * The person's roles as they are now, if the actor stands above them: by a strictly higher level, or as superadmin
 * over everybody else. Rejects with `forbidden` otherwise, and for oneself.
 */
export async function requireAuthority(ctx: SignedInContext, userId: string): Promise<readonly string[]> {
  const actorId = ctx.actor.userId;
  if (userId === actorId) throw new DomainError('forbidden', { detail: 'this is your own account' });
  const { items } = await ctx.core.rolesOf({ body: { userIds: [actorId, userId] } });
  const [actor, person] = [heldBy(items, actorId), heldBy(items, userId)];
  if (actor.level > person.level || actor.roles.includes('superadmin')) return person.roles;
  throw new DomainError('forbidden', { detail: 'this person’s level is not below yours' });
}

/** As `requireAuthority`, for what takes an account away: that of a superadmin stays while it has the role. */
export async function requireAuthorityToRemove(ctx: SignedInContext, userId: string): Promise<void> {
  const roles = await requireAuthority(ctx, userId);
  if (!roles.includes('superadmin')) return;
  throw new DomainError('last-superadmin', { detail: 'take the role superadmin from this person first' });
}

const heldBy = (items: readonly HeldRoles[], userId: string): HeldRoles =>
  items.find((held) => held.userId === userId) ?? { userId, roles: [], level: 0 };
