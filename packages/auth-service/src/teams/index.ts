import type { teamsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { addTeamMember, removeTeamMember } from './change-members.ts';
import { createTeam, deleteTeam, updateTeam } from './change-team.ts';
import { findTeam, teamView, viewerOf } from './find-teams.ts';
import { listTeamMembers, listTeams } from './list-teams.ts';

export const teamHandlers: Handlers<typeof teamsContract, AuthDeps> = {
  listTeams: (ctx, { query }) => listTeams(ctx, query),
  getTeam: async (ctx, { params }) => teamView(await findTeam(ctx, viewerOf(ctx), params.teamId)),
  listTeamMembers: (ctx, { params, query }) => listTeamMembers(ctx, params.teamId, query),
  createTeam: (ctx, { body }) => createTeam(ctx, body),
  updateTeam: (ctx, { params, body }) => updateTeam(ctx, params.teamId, body),
  deleteTeam: (ctx, { params }) => deleteTeam(ctx, params.teamId),
  addTeamMember: (ctx, { params }) => addTeamMember(ctx, params.teamId, params.userId),
  removeTeamMember: (ctx, { params }) => removeTeamMember(ctx, params.teamId, params.userId),
};
