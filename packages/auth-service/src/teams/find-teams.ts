import { DomainError, type Scope, type Team } from '@smart-ai-hub/shared/contracts';
import { requirePermission } from '@smart-ai-hub/shared/service';
import type { AuthDeps, SignedInContext } from '../context.ts';

export interface TeamRow {
  id: string;
  name: string;
  created_at: Date;
  /** `created_at` since the epoch. */
  micros: number;
  manager_id: string | null;
  manager_email: string | null;
  monthly_limit_micro: number | null;
  members: number;
}

/** Whose eyes see the teams: in scope `own` those of a person, in `team` also those they manage, in `any` all. */
export interface Viewer {
  scope: Scope;
  userId: string;
}

export interface TeamWish {
  teamId?: string;
  /** Older than this: microseconds since the epoch, and id. */
  before?: readonly string[] | undefined;
  limit: number;
}

/** The actor as a viewer of teams; rejects with `forbidden` where the actor may read nobody. */
export const viewerOf = ({ actor }: SignedInContext): Viewer => ({
  scope: requirePermission(actor, 'users:read'),
  userId: actor.userId,
});

/** Whoever may change everybody sees every team that is to be changed. */
export const everything = ({ actor }: SignedInContext): Viewer => ({ scope: 'any', userId: actor.userId });

/** Teams that the viewer sees, newest first. Lists and single calls ask here, so that they show the same. */
export async function findTeams(
  { database: { pool } }: AuthDeps,
  { scope, userId }: Viewer,
  { teamId, before, limit }: TeamWish,
): Promise<TeamRow[]> {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = ['true'];
  if (scope !== 'any') {
    const viewer = value(userId);
    const belongs = `t.id IN (SELECT team_id FROM auth.team_members WHERE user_id = ${viewer})`;
    conditions.push(scope === 'team' ? `(${belongs} OR t.manager_id = ${viewer})` : belongs);
  }
  if (teamId !== undefined) conditions.push(`t.id = ${value(teamId)}`);
  if (before) {
    const moment = `timestamptz 'epoch' + ${value(before[0])}::bigint * interval '1 microsecond'`;
    conditions.push(`(t.created_at, t.id) < (${moment}, ${value(before[1])}::uuid)`);
  }
  const { rows } = await pool.query<TeamRow>(
    `SELECT t.id, t.name, t.monthly_limit_micro, t.created_at, (extract(epoch FROM t.created_at) * 1000000)::bigint AS micros,
       m.id AS manager_id, m.email AS manager_email,
       (SELECT count(*)::int FROM auth.team_members x JOIN auth.users u ON u.id = x.user_id
        WHERE x.team_id = t.id AND u.deleted_at IS NULL) AS members
     FROM auth.teams t LEFT JOIN auth.users m ON m.id = t.manager_id AND m.deleted_at IS NULL
     WHERE ${conditions.join(' AND ')}
     ORDER BY t.created_at DESC, t.id DESC LIMIT ${value(limit)}`,
    values,
  );
  return rows;
}

/** The team, if the viewer sees it; `not-found` otherwise, as for one that does not exist. */
export async function findTeam(ctx: AuthDeps, viewer: Viewer, teamId: string): Promise<TeamRow> {
  const [row] = await findTeams(ctx, viewer, { teamId, limit: 1 });
  if (row) return row;
  throw new DomainError('not-found');
}

/** A team as the API shows it. */
export const teamView = (row: TeamRow): Team => ({
  id: row.id,
  name: row.name,
  monthlyLimitMicro: row.monthly_limit_micro,
  manager:
    row.manager_id === null || row.manager_email === null
      ? null
      : { id: row.manager_id, email: row.manager_email },
  members: row.members,
  createdAt: row.created_at.toISOString(),
});
