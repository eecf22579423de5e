import { z } from 'zod';
import { nothing, timestamp } from './fields.ts';
import { CLIENT_SCOPES, OPENID_SCOPES, RESOURCE_NAMES } from './resources.ts';
import { defineContract } from './route.ts';

/** Identifiers that the OAuth server makes. */
const oauthId = z.string().regex(/^[\w-]{16,128}$/);

/** Eight letters, however somebody writes them (RFC 8628, 6.1). */
const userCode = z.string().trim().min(8).max(20);

/** Who asks, as far as it can be told. */
const client = z.object({
  /** What it calls itself, if anything. */
  name: z.string().nullable(),
  /** The host that publishes what it says of itself; null where nobody vouches for it. */
  publisher: z.string().nullable(),
});

/** What somebody is asked to lend to a client. */
const ask = {
  client,
  scopes: z.array(z.enum([...OPENID_SCOPES, ...CLIENT_SCOPES])),
  resources: z.array(z.enum(RESOURCE_NAMES)),
};

export const consentRequest = z.object({
  ...ask,
  /** Where the browser goes afterwards: a website, a program on the person's computer, or an installed app. */
  destination: z.object({ kind: z.enum(['website', 'computer', 'app']), name: z.string() }),
});
export type ConsentRequest = z.output<typeof consentRequest>;

export const deviceRequest = z.object(ask);
export type DeviceRequest = z.output<typeof deviceRequest>;

/** What somebody has lent, until it ends or they take it back. */
export const clientGrant = z.object({ ...ask, id: oauthId, createdAt: timestamp, expiresAt: timestamp });
export type ClientGrant = z.output<typeof clientGrant>;

const decision = { approve: z.boolean() };

export const oauthContract = defineContract({
  findInteraction: {
    method: 'GET',
    path: '/api/v1/auth/interactions/:uid',
    summary: 'Who asks for what, in the browser that was sent here',
    access: 'signed-in',
    params: z.strictObject({ uid: oauthId }),
    success: { status: 200, schema: consentRequest },
    problems: ['not-found'],
  },
  decideInteraction: {
    method: 'POST',
    path: '/api/v1/auth/interactions/:uid',
    summary: 'Agree or decline; the browser goes on to the address answered',
    access: 'signed-in',
    params: z.strictObject({ uid: oauthId }),
    body: z.strictObject(decision),
    success: { status: 200, schema: z.object({ redirectTo: z.string() }) },
    problems: ['not-found', 'step-up-required'],
  },
  findDevice: {
    method: 'POST',
    path: '/api/v1/auth/device/lookup',
    summary: 'Who asks for what on the device that shows this code',
    access: 'signed-in',
    body: z.strictObject({ userCode }),
    success: { status: 200, schema: deviceRequest },
    problems: ['invalid-code', 'too-many-attempts'],
  },
  decideDevice: {
    method: 'POST',
    path: '/api/v1/auth/device',
    summary: 'Agree or decline for the device that shows this code',
    access: 'signed-in',
    body: z.strictObject({ userCode, ...decision }),
    success: { status: 204, schema: nothing },
    problems: ['invalid-code', 'too-many-attempts'],
  },
  listGrants: {
    method: 'GET',
    path: '/api/v1/auth/grants',
    summary: 'Clients that may act for me, newest first',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ items: z.array(clientGrant) }) },
    problems: [],
  },
  revokeGrant: {
    method: 'DELETE',
    path: '/api/v1/auth/grants/:grantId',
    summary: 'Take back what was lent to a client; its tokens end at once, in every process',
    access: 'signed-in',
    params: z.strictObject({ grantId: oauthId }),
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
