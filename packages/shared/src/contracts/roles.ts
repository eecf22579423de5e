import { z } from 'zod';
import { PERMISSIONS, ROLES, SCOPES, scopesOf } from './access.ts';
import { id, nothing, oneLine, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

const scope = z.enum(SCOPES);

const permission = z.object({
  name: z.enum(PERMISSIONS),
  resource: z.string(),
  action: z.string(),
  /** How narrow it can be granted, narrowest first. */
  scopes: z.array(scope),
});
export type PermissionView = z.output<typeof permission>;

/** Permission → how far it reaches; what is not named is not granted. */
const grants = z.partialRecord(z.enum(PERMISSIONS), scope);

export const role = z.object({
  name: z.string(),
  level: z.int(),
  /** One of the five that every hub has. */
  system: z.boolean(),
  description: z.string(),
  grants,
  /** How many people have it. */
  members: z.int(),
});
export type Role = z.output<typeof role>;

const roleMember = z.object({
  userId: id,
  assignedAt: timestamp,
  /** Nobody where the system did. */
  assignedBy: id.nullable(),
});
export type RoleMember = z.output<typeof roleMember>;

const name = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'must be lower-case letters, digits and hyphens');
const level = z
  .int()
  .min(1)
  .max(ROLES.superadmin.level - 1);

const wishedGrants = grants.superRefine((wished, ctx) => {
  for (const one of PERMISSIONS) {
    const far = wished[one];
    if (far !== undefined && !scopesOf(one).includes(far))
      ctx.addIssue({ code: 'custom', path: [one], message: `cannot be limited to ${far}` });
  }
});

/** What an administrator gives to make a role. */
const newRole = z.strictObject({
  name,
  level,
  description: oneLine(200).default(''),
  grants: wishedGrants.default({}),
});
export type NewRole = z.output<typeof newRole>;

/** What is left out stays as it is; `grants` are all that the role gives from then on. */
const roleChange = z.strictObject({
  name: name.optional(),
  level: level.optional(),
  description: oneLine(200).optional(),
  grants: wishedGrants.optional(),
});
export type RoleChange = z.output<typeof roleChange>;

const byName = z.strictObject({ name });
const membership = z.strictObject({ name, userId: id });

export const rolesContract = defineContract({
  listPermissions: {
    method: 'GET',
    path: '/api/v1/permissions',
    summary: 'Everything that a role can be granted',
    access: 'roles:read',
    success: { status: 200, schema: z.object({ items: z.array(permission) }) },
    problems: [],
  },
  listRoles: {
    method: 'GET',
    path: '/api/v1/roles',
    summary: 'All roles, highest first, with what they grant',
    access: 'roles:read',
    success: { status: 200, schema: z.object({ items: z.array(role) }) },
    problems: [],
  },
  createRole: {
    method: 'POST',
    path: '/api/v1/roles',
    summary: 'Make a role below the own level, of what one may do oneself',
    access: 'roles:manage',
    stepUp: true,
    body: newRole,
    success: { status: 201, schema: role },
    problems: ['name-taken'],
  },
  updateRole: {
    method: 'PATCH',
    path: '/api/v1/roles/:name',
    summary: 'Change a role; it holds at the next request of everybody who has it',
    access: 'roles:manage',
    stepUp: true,
    params: byName,
    body: roleChange,
    success: { status: 200, schema: role },
    problems: ['not-found', 'name-taken', 'system-role'],
  },
  deleteRole: {
    method: 'DELETE',
    path: '/api/v1/roles/:name',
    summary: 'Delete a role that nobody has',
    access: 'roles:manage',
    stepUp: true,
    params: byName,
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'system-role', 'role-in-use'],
  },
  listRoleMembers: {
    method: 'GET',
    path: '/api/v1/roles/:name/members',
    summary: 'Who has this role',
    access: 'roles:read',
    params: byName,
    query: pageQuery,
    success: { status: 200, schema: page(roleMember) },
    problems: ['not-found'],
  },
  assignRole: {
    method: 'PUT',
    path: '/api/v1/roles/:name/members/:userId',
    summary: 'Give the role to somebody below the own level',
    access: 'roles:assign',
    stepUp: true,
    params: membership,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  takeRole: {
    method: 'DELETE',
    path: '/api/v1/roles/:name/members/:userId',
    summary: 'Take the role from somebody below the own level',
    access: 'roles:assign',
    stepUp: true,
    params: membership,
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'last-superadmin'],
  },
});
