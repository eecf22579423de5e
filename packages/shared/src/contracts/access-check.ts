import { z } from 'zod';
import { PERMISSIONS, SCOPES } from './access.ts';
import { id } from './fields.ts';
import { defineContract } from './route.ts';

/** Questions of one call at most. */
const CHECK_LIMIT = 100;

/** Without `userId` it is about who asks, by the credential they ask with. */
const check = z.strictObject({ permission: z.enum(PERMISSIONS), userId: id.optional() });
export type AccessQuestion = z.output<typeof check>;

const checked = z.object({
  permission: z.enum(PERMISSIONS),
  userId: id,
  allowed: z.boolean(),
  /** How far it reaches; null where it is not allowed. */
  scope: z.enum(SCOPES).nullable(),
});
export type AccessAnswer = z.output<typeof checked>;

export const accessCheckContract = defineContract({
  checkAccess: {
    method: 'POST',
    path: '/api/v1/access/check',
    summary: 'May I, or may somebody, do this; answers stand in the order of the questions',
    access: 'signed-in',
    body: z.strictObject({ checks: z.array(check).min(1).max(CHECK_LIMIT) }),
    success: { status: 200, schema: z.object({ items: z.array(checked) }) },
    problems: ['forbidden'],
  },
});
