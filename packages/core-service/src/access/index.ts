import type { accessCheckContract, rolesContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { checkAccess } from './check-access.ts';
import { createRole } from './create-role.ts';
import { deleteRole } from './delete-role.ts';
import { listRoleMembers } from './list-role-members.ts';
import { listPermissions, listRoles } from './list-roles.ts';
import { assignRole, takeRole } from './membership.ts';
import { updateRole } from './update-role.ts';

export const roleHandlers: Handlers<typeof rolesContract, CoreDeps> = {
  listPermissions: async () => ({ items: listPermissions() }),
  listRoles: async (ctx) => ({ items: await listRoles(ctx) }),
  createRole: (ctx, { body }) => createRole(ctx, body),
  updateRole: (ctx, { params, body }) => updateRole(ctx, params.name, body),
  deleteRole: (ctx, { params }) => deleteRole(ctx, params.name),
  listRoleMembers: (ctx, { params, query }) => listRoleMembers(ctx, params.name, query),
  assignRole: (ctx, { params }) => assignRole(ctx, params),
  takeRole: (ctx, { params }) => takeRole(ctx, params),
};

export const accessCheckHandlers: Handlers<typeof accessCheckContract, CoreDeps> = {
  checkAccess: async (ctx, { body }) => ({ items: await checkAccess(ctx, body.checks) }),
};
