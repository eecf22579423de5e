import type { Team, TeamMember } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  reachOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { findTeam, findTeams, teamView, viewerOf } from './find-teams.ts';

/** Teams that the actor sees, newest first. */
export async function listTeams(ctx: SignedInContext, { limit, cursor }: PageInput): Promise<Page<Team>> {
  const viewer = viewerOf(ctx);
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findTeams(ctx, viewer, { before, limit: limit + 1 });
  return pageOf(rows, limit, timeCursor, teamView);
}

const MEMBERS = `
  SELECT u.id, u.email, u.disabled_at, m.added_at, (extract(epoch FROM m.added_at) * 1000000)::bigint AS micros
  FROM auth.team_members m JOIN auth.users u ON u.id = m.user_id
  WHERE m.team_id = $1 AND u.deleted_at IS NULL AND ($2::uuid[] IS NULL OR u.id = ANY($2))
    AND ($3::bigint IS NULL OR (m.added_at, u.id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
  ORDER BY m.added_at DESC, u.id DESC LIMIT $5`;

interface MemberRow {
  id: string;
  email: string;
  disabled_at: Date | null;
  added_at: Date;
  micros: number;
}

/** Members of a team that the actor sees: those whom the actor reaches, last added first. */
export async function listTeamMembers(
  ctx: SignedInContext,
  teamId: string,
  { limit, cursor }: PageInput,
): Promise<Page<TeamMember>> {
  const reach = await reachOf(ctx, 'users:read');
  await findTeam(ctx, viewerOf(ctx), teamId);
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const ids = reach.kind === 'people' ? reach.ids : null;
  const { rows } = await ctx.database.pool.query<MemberRow>(MEMBERS, [teamId, ids, micros, id, limit + 1]);
  return pageOf(rows, limit, timeCursor, memberView);
}

const memberView = (row: MemberRow): TeamMember => ({
  id: row.id,
  email: row.email,
  state: row.disabled_at ? 'disabled' : 'active',
  addedAt: row.added_at.toISOString(),
});
