import { z } from 'zod';
import { locale } from './auth.ts';
import { email, id, nothing, oneLine, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** A deleted account can still be brought back for 30 days; a disabled one until somebody enables it. */
export const PERSON_STATES = ['active', 'disabled', 'deleted'] as const;

/** A person as somebody else sees them, who may read users. */
export const person = z.object({
  id,
  email: z.string(),
  verified: z.boolean(),
  locale,
  state: z.enum(PERSON_STATES),
  /** By name, highest first. */
  roles: z.array(z.string()),
  createdAt: timestamp,
  disabledAt: timestamp.nullable(),
  deletedAt: timestamp.nullable(),
});
export type Person = z.output<typeof person>;

const userPath = z.strictObject({ userId: id });

export const usersContract = defineContract({
  listUsers: {
    method: 'GET',
    path: '/api/v1/users',
    summary: 'People within my reach, newest first; without a state, all but the deleted',
    access: 'users:read',
    query: pageQuery.extend({
      state: z.enum(PERSON_STATES).optional(),
      /** How the e-mail address begins. */
      search: oneLine(254).min(1).optional(),
    }),
    success: { status: 200, schema: page(person) },
    problems: [],
  },
  getUser: {
    method: 'GET',
    path: '/api/v1/users/:userId',
    summary: 'One person within my reach',
    access: 'users:read',
    params: userPath,
    success: { status: 200, schema: person },
    problems: ['not-found'],
  },
  createUser: {
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Make an account for somebody, who gets a link by mail to choose a password',
    access: 'users:create',
    stepUp: true,
    body: z.strictObject({ email, locale: locale.default('en') }),
    success: { status: 201, schema: person },
    problems: ['email-taken'],
  },
  updateUser: {
    method: 'PATCH',
    path: '/api/v1/users/:userId',
    summary: 'Disable or enable somebody of a lower level, or change their language',
    access: 'users:update',
    stepUp: true,
    params: userPath,
    body: z
      .strictObject({ disabled: z.boolean().optional(), locale: locale.optional() })
      .refine((change) => Object.keys(change).length > 0, 'names nothing to change'),
    success: { status: 200, schema: person },
    problems: ['not-found', 'last-superadmin'],
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/v1/users/:userId',
    summary: 'Delete the account of somebody of a lower level; their sessions and keys end at once',
    access: 'users:delete',
    stepUp: true,
    params: userPath,
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'last-superadmin'],
  },
  endUserSessions: {
    method: 'POST',
    path: '/api/v1/users/:userId/sessions/end',
    summary: 'Sign somebody of a lower level out on every device, at once',
    access: 'users:update',
    stepUp: true,
    params: userPath,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
