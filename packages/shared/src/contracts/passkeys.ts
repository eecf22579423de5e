import { z } from 'zod';
import { delivery, session } from './auth.ts';
import { isOneLine, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

const base64url = z.string().regex(/^[\w-]+$/);
/** Bytes that a browser hands over: bounded, since verifying them is work. */
const bytes = base64url.max(20_000);
/** Authenticators choose it; WebAuthn, 4 allows 1023 bytes. */
const credentialId = base64url.max(1364);

const transports = z.array(z.string().max(20)).max(10);
const descriptor = z.object({ id: credentialId, type: z.literal('public-key'), transports });
/** Fingerprint, face or PIN: the second of the two factors that a passkey is. */
const userVerification = z.literal('required');

/** PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3, 5.1.9) as far as we use it. */
const creationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: base64url, name: z.string(), displayName: z.string() }),
  challenge: base64url,
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int(),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.literal(true),
    userVerification,
  }),
  attestation: z.literal('none'),
});

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3, 5.1.10) as far as we use it. */
export const requestOptions = z.object({
  challenge: base64url,
  rpId: z.string(),
  timeout: z.int(),
  allowCredentials: z.array(descriptor),
  userVerification,
});

/** RegistrationResponseJSON (WebAuthn Level 3, 5.1); what browsers add to it is left out. */
const registration = z.object({
  id: credentialId,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: transports.default([]),
  }),
});
export type PasskeyRegistration = z.output<typeof registration>;

/** AuthenticationResponseJSON (WebAuthn Level 3, 5.1); what browsers add to it is left out. */
export const assertion = z.object({
  id: credentialId,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: base64url.max(100).optional(),
  }),
});
export type PasskeyAssertion = z.output<typeof assertion>;

const passkeyName = z.string().trim().min(1).max(80).refine(isOneLine, 'has control characters');

export const passkey = z.object({
  id: credentialId,
  name: z.string(),
  /** Kept by its provider on more than one device. */
  backedUp: z.boolean(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
});
export type Passkey = z.output<typeof passkey>;

const params = z.strictObject({ passkeyId: credentialId });

export const passkeysContract = defineContract({
  listPasskeys: {
    method: 'GET',
    path: '/api/v1/auth/passkeys',
    summary: 'My passkeys, newest first',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ items: z.array(passkey) }) },
    problems: [],
  },
  passkeyOptions: {
    method: 'POST',
    path: '/api/v1/auth/passkeys/options',
    summary: 'What a browser needs to make a passkey; good for 5 minutes and one passkey',
    access: 'signed-in',
    stepUp: true,
    success: { status: 200, schema: creationOptions },
    problems: [],
  },
  addPasskey: {
    method: 'POST',
    path: '/api/v1/auth/passkeys',
    summary: 'Keep the passkey that a browser has made',
    access: 'signed-in',
    body: z.strictObject({ name: passkeyName, passkey: registration }),
    success: { status: 201, schema: passkey },
    problems: ['invalid-passkey'],
  },
  renamePasskey: {
    method: 'PATCH',
    path: '/api/v1/auth/passkeys/:passkeyId',
    summary: 'Give one of my passkeys another name',
    access: 'signed-in',
    params,
    body: z.strictObject({ name: passkeyName }),
    success: { status: 200, schema: passkey },
    problems: ['not-found'],
  },
  removePasskey: {
    method: 'DELETE',
    path: '/api/v1/auth/passkeys/:passkeyId',
    summary: 'Forget one of my passkeys: it signs nobody in any more',
    access: 'signed-in',
    stepUp: true,
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'last-sign-in'],
  },
  passkeySignInOptions: {
    method: 'POST',
    path: '/api/v1/auth/passkeys/sign-in/options',
    summary: 'What a browser needs to sign in with any passkey of this hub; good for 5 minutes, once',
    access: 'public',
    success: { status: 200, schema: requestOptions },
    problems: ['rate-limited'],
  },
  passkeySignIn: {
    method: 'POST',
    path: '/api/v1/auth/passkeys/sign-in',
    summary: 'Sign in with a passkey, which counts as both factors',
    access: 'public',
    body: z.strictObject({ passkey: assertion, delivery }),
    success: { status: 200, schema: session },
    problems: ['invalid-passkey', 'account-disabled', 'rate-limited'],
  },
});
