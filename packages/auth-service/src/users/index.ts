import type { usersContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import { endUserSessions } from './end-user-sessions.ts';
import { findPerson, viewOf } from './find-people.ts';
import { listUsers } from './list-users.ts';
import { updateUser } from './update-user.ts';

export const userHandlers: Handlers<typeof usersContract, AuthDeps> = {
  listUsers: (ctx, { query }) => listUsers(ctx, query),
  getUser: async (ctx, { params }) => viewOf(ctx, await findPerson(ctx, 'users:read', params.userId, 'all')),
  createUser: (ctx, { body }) => createUser(ctx, body),
  updateUser: (ctx, { params, body }) => updateUser(ctx, params.userId, body),
  deleteUser: (ctx, { params }) => deleteUser(ctx, params.userId),
  endUserSessions: (ctx, { params }) => endUserSessions(ctx, params.userId),
};
