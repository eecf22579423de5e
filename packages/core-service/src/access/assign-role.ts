import type { CoreDeps } from '../context.ts';

/** Names of a person's roles, highest first. */
export async function rolesOf({ database: { pool } }: CoreDeps, userId: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT r.name FROM core.user_roles u JOIN core.roles r ON r.id = u.role_id WHERE u.user_id = $1 ORDER BY r.level DESC`,
    [userId],
  );
  return rows.map(({ name }) => name);
}

/** Gives a role; doing it twice does no harm. */
export async function assignRole(
  { database: { pool } }: CoreDeps,
  userId: string,
  role: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO core.user_roles (user_id, role_id) SELECT $1, id FROM core.roles WHERE name = $2 ON CONFLICT DO NOTHING`,
    [userId, role],
  );
}
