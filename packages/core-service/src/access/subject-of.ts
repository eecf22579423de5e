import { DomainError, type Permission, reaches } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

/**
 * Whose data a call is about: the actor's own, or that of a person whom the permission reaches. Anybody else is
 * `not-found`, so that nobody learns who exists.
 */
export async function subjectOf(
  ctx: SignedInContext,
  permission: Permission,
  userId: string = ctx.actor.userId,
): Promise<string> {
  if (userId === ctx.actor.userId || reaches(await reachOf(ctx, permission), userId)) return userId;
  throw new DomainError('not-found');
}
