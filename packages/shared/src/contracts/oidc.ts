import { z } from 'zod';
import { id, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** As an administrator named it. */
const provider = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** An account elsewhere that signs this person in. */
export const identity = z.object({
  id,
  provider: z.string(),
  /** What people call the provider; its id where it is configured no more. */
  providerName: z.string(),
  email: z.string(),
  createdAt: timestamp,
});
export type Identity = z.output<typeof identity>;

/** Sign-in with accounts elsewhere (OpenID Connect Core 1.0, authorization code flow with PKCE). */
export const oidcContract = defineContract({
  listProviders: {
    method: 'GET',
    path: '/api/v1/auth/oidc',
    summary: 'Providers whose accounts sign people in here',
    access: 'public',
    success: {
      status: 200,
      schema: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
    },
    problems: ['rate-limited'],
  },
  startSignIn: {
    method: 'GET',
    path: '/api/v1/auth/oidc/:provider',
    summary: 'For browsers: leads to the provider to sign in there; `next` is the page to go on to',
    access: 'public',
    params: z.strictObject({ provider }),
    query: z.strictObject({ next: z.string().max(2000).optional() }),
    success: { status: 303, schema: nothing },
    problems: ['not-found', 'rate-limited'],
  },
  finishSignIn: {
    method: 'GET',
    path: '/api/v1/auth/oidc/:provider/callback',
    summary: 'For browsers: where the provider leads back to; opens the session, or shows what went wrong',
    access: 'public',
    params: z.strictObject({ provider }),
    // providers add what they like; the library reads the address itself and refuses what comes twice
    query: z.looseObject({}),
    success: { status: 303, schema: nothing },
    problems: ['not-found', 'rate-limited'],
  },
  startLink: {
    method: 'POST',
    path: '/api/v1/auth/oidc/:provider/link',
    summary: 'Begin to link an account of this provider; the answer is where this browser goes for it',
    access: 'users:update',
    stepUp: true,
    params: z.strictObject({ provider }),
    success: { status: 200, schema: z.object({ url: z.string() }) },
    problems: ['not-found', 'egress-failed', 'egress-refused'],
  },
  listIdentities: {
    method: 'GET',
    path: '/api/v1/auth/identities',
    summary: 'My linked accounts, oldest first',
    access: 'users:read',
    success: { status: 200, schema: z.object({ items: z.array(identity) }) },
    problems: [],
  },
  unlink: {
    method: 'DELETE',
    path: '/api/v1/auth/identities/:identityId',
    summary: 'Unlink an account, unless it is the last way to sign in',
    access: 'users:update',
    stepUp: true,
    params: z.strictObject({ identityId: id }),
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'last-sign-in'],
  },
});
