import type { Database } from '@smart-ai-hub/database';
import { REACH_LIMIT } from '@smart-ai-hub/shared/contracts';

const MEMBERS = `
  SELECT DISTINCT m.user_id AS id
  FROM auth.teams t JOIN auth.team_members m ON m.team_id = t.id JOIN auth.users u ON u.id = m.user_id
  WHERE t.manager_id = $1 AND u.deleted_at IS NULL
  ORDER BY m.user_id LIMIT ${REACH_LIMIT}`;

/** Members of the teams that a person manages, without those who were deleted; the lowest ids where they are too many. */
export async function membersOf({ pool }: Database, managerId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(MEMBERS, [managerId]);
  return rows.map(({ id }) => id);
}
