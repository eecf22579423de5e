import type { Transaction } from '@smart-ai-hub/database';
import {
  DomainError,
  type Grants,
  grantsBeyond,
  intersectGrants,
  type Permission,
  scopeOf,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { accessIn } from './access-of.ts';

/** Who changes access, as the database knows them in this transaction. */
export interface Administrator {
  userId: string;
  /** Of the highest role. */
  level: number;
  /** The top, above whom nobody is: may do to others what otherwise takes a higher level. */
  isTop: boolean;
  /** No more than their credential may. */
  grants: Grants;
}

/**
 * The actor as the roles are now, once nobody else is changing them: whoever changes access waits for one another,
 * by the lock that also keeps a superadmin. Throws `forbidden` where the permission has gone meanwhile.
 */
export async function administrator(
  { actor: { userId, grants: shown } }: SignedInContext,
  tx: Transaction,
  permission: Permission,
): Promise<Administrator> {
  await tx.$queryRaw`SELECT id FROM core.roles WHERE name = 'superadmin' FOR UPDATE`;
  const { roles, level, grants: held } = await accessIn(tx, userId);
  const grants = intersectGrants(held, shown);
  if (scopeOf(grants, permission) === undefined) throw new DomainError('forbidden');
  return { userId, level, isTop: roles.includes('superadmin'), grants };
}

/** Throws `forbidden` unless the administrator stands above this level, or at the top. */
export function requireAbove({ level, isTop }: Administrator, other: number): void {
  if (level > other || isTop) return;
  throw new DomainError('forbidden', { detail: `only somebody above level ${other} may do this` });
}

/** Throws `forbidden` where these grants go beyond the administrator's own. */
export function requireHeld({ grants }: Administrator, wished: Grants): void {
  const beyond = grantsBeyond(grants, wished);
  if (beyond.length === 0) return;
  throw new DomainError('forbidden', { detail: `you do not have yourself: ${beyond.join(', ')}` });
}
