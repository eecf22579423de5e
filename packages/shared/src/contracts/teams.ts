import { z } from 'zod';
import { id, microNonNegative, nothing, oneLine, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** Teams that one person is in, at most: every call of the person counts in each. */
export const TEAMS_OF_ONE = 16;

export const team = z.object({
  id,
  name: z.string(),
  /** What its members may spend together in a month of UTC, from when it was set; nothing for no limit. */
  monthlyLimitMicro: microNonNegative.nullable(),
  /** Whose permissions of scope `team` reach the members; members see who that is. */
  manager: z.object({ id, email: z.string() }).nullable(),
  /** How many there are. */
  members: z.int(),
  createdAt: timestamp,
});
export type Team = z.output<typeof team>;

const teamMember = z.object({
  id,
  email: z.string(),
  state: z.enum(['active', 'disabled']),
  addedAt: timestamp,
});
export type TeamMember = z.output<typeof teamMember>;

/** Unique without regard to the size of letters. */
const name = oneLine(80).min(1);

const teamPath = z.strictObject({ teamId: id });
const memberPath = z.strictObject({ teamId: id, userId: id });

export const teamsContract = defineContract({
  listTeams: {
    method: 'GET',
    path: '/api/v1/teams',
    summary: 'Teams, newest first: those I belong to, by scope `team` those I manage too, by `any` all',
    access: 'users:read',
    query: pageQuery,
    success: { status: 200, schema: page(team) },
    problems: [],
  },
  getTeam: {
    method: 'GET',
    path: '/api/v1/teams/:teamId',
    summary: 'One of the teams that I can list',
    access: 'users:read',
    params: teamPath,
    success: { status: 200, schema: team },
    problems: ['not-found'],
  },
  listTeamMembers: {
    method: 'GET',
    path: '/api/v1/teams/:teamId/members',
    summary: 'Members within my reach, last added first',
    access: 'users:read',
    params: teamPath,
    query: pageQuery,
    success: { status: 200, schema: page(teamMember) },
    problems: ['not-found'],
  },
  createTeam: {
    method: 'POST',
    path: '/api/v1/teams',
    summary: 'Make a team',
    access: 'users:update',
    stepUp: true,
    body: z.strictObject({
      name,
      managerId: id.nullable().default(null),
      monthlyLimitMicro: microNonNegative.nullable().default(null),
    }),
    success: { status: 201, schema: team },
    problems: ['name-taken', 'not-found'],
  },
  updateTeam: {
    method: 'PATCH',
    path: '/api/v1/teams/:teamId',
    summary: 'Rename a team, say who manages it, or what it may spend in a month',
    access: 'users:update',
    stepUp: true,
    params: teamPath,
    body: z
      .strictObject({
        name: name.optional(),
        managerId: id.nullable().optional(),
        monthlyLimitMicro: microNonNegative.nullable().optional(),
      })
      .refine((change) => Object.keys(change).length > 0, 'names nothing to change'),
    success: { status: 200, schema: team },
    problems: ['name-taken', 'not-found'],
  },
  deleteTeam: {
    method: 'DELETE',
    path: '/api/v1/teams/:teamId',
    summary: 'Delete a team; its people stay',
    access: 'users:update',
    stepUp: true,
    params: teamPath,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  addTeamMember: {
    method: 'PUT',
    path: '/api/v1/teams/:teamId/members/:userId',
    summary: 'Add somebody of a lower level, or myself, to a team; once however often it is asked',
    access: 'users:update',
    stepUp: true,
    params: memberPath,
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'too-many-teams'],
  },
  removeTeamMember: {
    method: 'DELETE',
    path: '/api/v1/teams/:teamId/members/:userId',
    summary: 'Take somebody of a lower level, or myself, out of a team',
    access: 'users:update',
    stepUp: true,
    params: memberPath,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
