import type { HeldRoles } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

const ROLES = `
  SELECT u.user_id AS "userId", array_agg(r.name ORDER BY r.level DESC, r.name) AS roles, max(r.level) AS level
  FROM core.user_roles u JOIN core.roles r ON r.id = u.role_id
  WHERE u.user_id = ANY($1::uuid[]) GROUP BY u.user_id`;

/** The roles of these people; whoever has none is left out. */
export async function rolesOf(
  { database: { pool } }: CoreDeps,
  userIds: readonly string[],
): Promise<HeldRoles[]> {
  const { rows } = await pool.query<HeldRoles>(ROLES, [userIds]);
  return rows;
}
