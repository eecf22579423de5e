import { z } from 'zod';
import { id, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** How a person proved who they are; `totp` is a password and then a code. */
export const signInMethod = z.enum(['password', 'totp', 'passkey', 'oidc']);
export type SignInMethod = z.output<typeof signInMethod>;

/** A device that is signed in. */
export const openSession = z.object({
  id,
  /** What its browser says it is, such as `Firefox` on `Windows`; nothing where it does not say. */
  browser: z.string().nullable(),
  system: z.string().nullable(),
  /** Where it signed in from. */
  address: z.string().nullable(),
  /** Of that address, as its code of ISO 3166-1; nothing for a private one. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  signedInBy: signInMethod,
  createdAt: timestamp,
  /** Exact to a minute. */
  lastUsedAt: timestamp,
  /** The one that asks. */
  current: z.boolean(),
});
export type OpenSession = z.output<typeof openSession>;

export const sessionsContract = defineContract({
  listSessions: {
    method: 'GET',
    path: '/api/v1/auth/sessions',
    summary: 'Where I am signed in, last used first',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ items: z.array(openSession) }) },
    problems: [],
  },
  endSession: {
    method: 'DELETE',
    path: '/api/v1/auth/sessions/:sessionId',
    summary: 'Sign one of my devices out at once, in every process',
    access: 'signed-in',
    params: z.strictObject({ sessionId: id }),
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/api/v1/auth/sessions',
    summary: 'Sign all my other devices out at once',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ ended: z.int() }) },
    problems: [],
  },
});
