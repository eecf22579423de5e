import {
  type AccessAnswer,
  type AccessQuestion,
  DomainError,
  type Grants,
  type Scope,
  scopeOf,
  uniteGrants,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

const GRANTS = `
  SELECT u.user_id AS "userId", p.name, g.scope
  FROM core.user_roles u
  JOIN core.role_permissions g ON g.role_id = u.role_id
  JOIN core.permissions p ON p.id = g.permission_id
  WHERE u.user_id = ANY($1::uuid[])`;

/**
 * Who may do what: the actor by the credential they show, others by their roles as they are now. About others asks
 * only who may read everybody.
 */
export async function checkAccess(
  ctx: SignedInContext,
  checks: readonly AccessQuestion[],
): Promise<AccessAnswer[]> {
  const { actor } = ctx;
  const asked = new Set(checks.map(({ userId = actor.userId }) => userId));
  asked.delete(actor.userId);
  if (asked.size > 0 && scopeOf(actor.grants, 'users:read') !== 'any') throw new DomainError('forbidden');
  const known = (await grantsOf(ctx, [...asked])).set(actor.userId, actor.grants);
  return checks.map(({ permission, userId = actor.userId }) => {
    const scope = scopeOf(known.get(userId) ?? {}, permission) ?? null;
    return { permission, userId, allowed: scope !== null, scope };
  });
}

async function grantsOf(
  { database: { pool } }: SignedInContext,
  userIds: readonly string[],
): Promise<Map<string, Grants>> {
  const known = new Map<string, Grants>();
  if (userIds.length === 0) return known;
  const { rows } = await pool.query<{ userId: string; name: string; scope: Scope }>({
    name: 'grants-of',
    text: GRANTS,
    values: [userIds],
  });
  for (const { userId, name, scope } of rows)
    known.set(userId, uniteGrants([known.get(userId) ?? {}, { [name]: scope }]));
  return known;
}
