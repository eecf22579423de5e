import { z } from 'zod';
import { delivery, session } from './auth.ts';
import { nothing } from './fields.ts';
import { defineContract } from './route.ts';

/** As authenticator applications show it (RFC 6238); many put a space in the middle. */
export const totpCode = z.string().regex(/^\d{3} ?\d{3}$/);

/** 80 random bits in Crockford's base 32, shown in fours; case, hyphens and spaces do not matter. */
export const recoveryCode = z
  .string()
  .trim()
  .regex(/^[0-9a-z]{4}([- ]?[0-9a-z]{4}){3}$/i);

const newRecoveryCodes = z.object({
  /** Each works once, in place of a code; they are shown here and never again. */
  recoveryCodes: z.array(z.string()),
});

const challenge = z.string().max(100);

export const secondFactorContract = defineContract({
  factors: {
    method: 'GET',
    path: '/api/v1/auth/factors',
    summary: 'By what I can prove who I am',
    access: 'signed-in',
    success: {
      status: 200,
      schema: z.object({
        password: z.boolean(),
        totp: z.boolean(),
        recoveryCodesLeft: z.int(),
        passkeys: z.int(),
        /** What a step-up takes; whoever has none of these signs in again. */
        stepUpBy: z.array(z.enum(['password', 'totp', 'passkey'])),
      }),
    },
    problems: [],
  },
  startTotp: {
    method: 'POST',
    path: '/api/v1/auth/totp',
    summary: 'A new secret for an authenticator application; it counts once a code of it was confirmed',
    access: 'signed-in',
    stepUp: true,
    success: {
      status: 201,
      schema: z.object({
        /** Base 32, to be typed by hand. */
        secret: z.string(),
        /** `otpauth://…`, to be shown as a QR code. */
        uri: z.string(),
      }),
    },
    problems: ['already-set-up'],
  },
  confirmTotp: {
    method: 'POST',
    path: '/api/v1/auth/totp/confirm',
    summary:
      'Turn on the second factor with a first code; this answer is the only one that shows the recovery codes',
    access: 'signed-in',
    body: z.strictObject({ code: totpCode }),
    success: { status: 200, schema: newRecoveryCodes },
    problems: ['invalid-code', 'already-set-up', 'too-many-attempts'],
  },
  endTotp: {
    method: 'DELETE',
    path: '/api/v1/auth/totp',
    summary: 'Turn off the second factor and its recovery codes',
    access: 'signed-in',
    stepUp: true,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  renewRecoveryCodes: {
    method: 'POST',
    path: '/api/v1/auth/totp/recovery-codes',
    summary: 'New recovery codes; the ones before stop working',
    access: 'signed-in',
    stepUp: true,
    success: { status: 200, schema: newRecoveryCodes },
    problems: ['not-found'],
  },
  secondFactor: {
    method: 'POST',
    path: '/api/v1/auth/second-factor',
    summary: 'Finish signing in with the second factor',
    access: 'public',
    body: z.union([
      z.strictObject({ challenge, code: totpCode, delivery }),
      z.strictObject({ challenge, recoveryCode, delivery }),
    ]),
    success: { status: 200, schema: session },
    problems: ['invalid-code', 'account-disabled', 'too-many-attempts', 'rate-limited'],
  },
});
