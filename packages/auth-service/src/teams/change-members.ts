import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, TEAMS_OF_ONE } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { requireAuthority } from '../users/authority.ts';
import { findPerson } from '../users/find-people.ts';
import { requireEverybody } from '../users/require-everybody.ts';
import { everything, findTeam, type TeamRow } from './find-teams.ts';
import { requireNoGain } from './manager.ts';

/** Adds a person to a team, once however often and from however many places it is asked. */
export async function addTeamMember(ctx: SignedInContext, teamId: string, userId: string): Promise<void> {
  const team = await mayMove(ctx, teamId, userId);
  await requireNoGain(ctx, team.manager_id);
  await withMove(ctx, { team, userId, action: 'team-member.added' }, async (tx) => {
    await requireRoom(tx, teamId, userId);
    const added = await tx.$executeRaw`
      INSERT INTO auth.team_members (team_id, user_id)
      SELECT t.id, u.id FROM auth.teams t, auth.users u
      WHERE t.id = ${teamId}::uuid AND u.id = ${userId}::uuid AND u.deleted_at IS NULL
      ON CONFLICT DO NOTHING`;
    return added === 1;
  });
}

/** Takes a person out of a team; the manager's reach ends with the next request. */
export async function removeTeamMember(ctx: SignedInContext, teamId: string, userId: string): Promise<void> {
  const team = await mayMove(ctx, teamId, userId);
  await withMove(ctx, { team, userId, action: 'team-member.removed' }, async (tx) => {
    const { count } = await tx.teamMember.deleteMany({ where: { teamId, userId } });
    if (count === 0) throw new DomainError('not-found');
    return true;
  });
}

/** Rejects with `too-many-teams` for somebody who is in as many others as one may be; counted one after the other. */
async function requireRoom(tx: Transaction, teamId: string, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const others = await tx.teamMember.count({ where: { userId, teamId: { not: teamId } } });
  if (others >= TEAMS_OF_ONE) throw new DomainError('too-many-teams');
}

/** Who manages a team reaches its members, so that only somebody above a person, or the person, moves them. */
async function mayMove(ctx: SignedInContext, teamId: string, userId: string): Promise<TeamRow> {
  await requireEverybody(ctx, 'users:update');
  const team = await findTeam(ctx, everything(ctx), teamId);
  await findPerson(ctx, 'users:update', userId);
  if (userId !== ctx.actor.userId) await requireAuthority(ctx, userId);
  return team;
}

interface Move {
  team: TeamRow;
  userId: string;
  action: string;
}

/** Announces and remembers a move, if `move` says that it was one. */
async function withMove(
  ctx: SignedInContext,
  { team, userId, action }: Move,
  move: (tx: Transaction) => Promise<boolean>,
): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    if (!(await move(tx))) return;
    tell(`user:${userId}`, ...(team.manager_id === null ? [] : [`user:${team.manager_id}`]));
    await appendAudit(tx, {
      ...auditOf(ctx),
      action,
      ...{ targetType: 'team', targetId: team.id },
      after: { userId },
    });
  });
}
