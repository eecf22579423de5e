import type { Transaction } from '@smart-ai-hub/database';
import { type Grants, type PersonAccess, uniteGrants } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

const ACCESS = `
  SELECT r.name, r.level, coalesce(jsonb_object_agg(p.name, g.scope) FILTER (WHERE p.name IS NOT NULL), '{}') AS grants
  FROM core.user_roles u
  JOIN core.roles r ON r.id = u.role_id
  LEFT JOIN core.role_permissions g ON g.role_id = r.id
  LEFT JOIN core.permissions p ON p.id = g.permission_id
  WHERE u.user_id = $1::uuid GROUP BY r.id ORDER BY r.level DESC, r.name`;

interface Row {
  name: string;
  level: number;
  grants: Grants;
}

/** A person's roles, highest first, and the widest scope that any of them gives for each permission. */
export async function accessOf({ database: { pool } }: CoreDeps, userId: string): Promise<PersonAccess> {
  const { rows } = await pool.query<Row>({ name: 'access-of', text: ACCESS, values: [userId] });
  return accessFrom(rows);
}

/** The same as this transaction sees it. */
export async function accessIn(tx: Transaction, userId: string): Promise<PersonAccess> {
  return accessFrom(await tx.$queryRawUnsafe<Row[]>(ACCESS, userId));
}

const accessFrom = (rows: readonly Row[]): PersonAccess => ({
  roles: rows.map(({ name }) => name),
  level: rows[0]?.level ?? 0,
  grants: uniteGrants(rows.map(({ grants }) => grants)),
});
