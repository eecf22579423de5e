import { z } from 'zod';
import { locale, newPassword, user } from './auth.ts';
import { email, id, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** What a mail brought: six digits, typed with or without a gap. */
const mailedCode = z
  .string()
  .max(20)
  .transform((text) => text.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/));

/** The present one, of whatever length it was allowed to be. */
const password = z.string().min(1).max(200);

/** Everything that the hub holds on a person beyond money and usage, without what opens anything. */
export const accountExport = z.object({
  exportedAt: timestamp,
  account: z.object({
    ...{ id, email: z.string(), verified: z.boolean(), hasPassword: z.boolean(), locale: z.string() },
    ...{ roles: z.array(z.string()), createdAt: timestamp, updatedAt: timestamp },
    disabledAt: timestamp.nullable(),
    formerPasswordsReplacedAt: z.array(timestamp),
  }),
  sessions: z.array(
    z.object({
      ...{ id, address: z.string().nullable(), userAgent: z.string().nullable(), method: z.string() },
      ...{ createdAt: timestamp, lastUsedAt: timestamp, expiresAt: timestamp },
      ...{ endedAt: timestamp.nullable(), endReason: z.string().nullable() },
    }),
  ),
  apiKeys: z.array(
    z.object({
      ...{ id, name: z.string(), prefix: z.string(), createdAt: timestamp },
      ...{
        expiresAt: timestamp.nullable(),
        lastUsedAt: timestamp.nullable(),
        revokedAt: timestamp.nullable(),
      },
      ...{ permissions: z.array(z.string()), models: z.array(z.string()), tools: z.array(z.string()) },
    }),
  ),
  partnerSessions: z.array(
    z.object({
      ...{ id, prefix: z.string(), createdAt: timestamp, expiresAt: timestamp },
      ...{ lastUsedAt: timestamp.nullable(), endedAt: timestamp.nullable() },
    }),
  ),
  identities: z.array(
    z.object({ provider: z.string(), subject: z.string(), email: z.string(), createdAt: timestamp }),
  ),
  secondFactor: z.object({
    totpSince: timestamp.nullable(),
    recoveryCodesLeft: z.int(),
    passkeys: z.array(z.object({ name: z.string(), createdAt: timestamp, lastUsedAt: timestamp.nullable() })),
  }),
  mails: z.array(z.object({ purpose: z.string(), email: z.string(), createdAt: timestamp })),
  teams: z.array(z.object({ id, name: z.string(), manager: z.boolean() })),
  connectedPrograms: z.array(z.object({ kind: z.string(), createdAt: timestamp })),
});
export type AccountExport = z.output<typeof accountExport>;

/** What people do with their own account. Everything but the two ways to a new password needs a session. */
export const accountContract = defineContract({
  verifyEmail: {
    method: 'POST',
    path: '/api/v1/auth/verify-email',
    summary: 'Prove the e-mail address with the code that was mailed to it',
    access: 'signed-in',
    body: z.strictObject({ code: mailedCode }),
    success: { status: 200, schema: user },
    problems: ['invalid-code'],
  },
  resendVerification: {
    method: 'POST',
    path: '/api/v1/auth/resend-verification',
    summary: 'Mail another code; three an hour at most',
    access: 'signed-in',
    success: { status: 204, schema: nothing },
    problems: [],
  },
  forgotPassword: {
    method: 'POST',
    path: '/api/v1/auth/forgot-password',
    summary: 'Mail a link for a new password; the answer is the same where there is no such account',
    access: 'public',
    body: z.strictObject({ email }),
    success: { status: 204, schema: nothing },
    problems: ['rate-limited'],
  },
  resetPassword: {
    method: 'POST',
    path: '/api/v1/auth/reset-password',
    summary: 'Set a new password with the token of a mailed link; ends every session',
    access: 'public',
    body: z.strictObject({ token: z.string().max(200), password: newPassword }),
    success: { status: 204, schema: nothing },
    problems: ['invalid-reset-link', 'weak-password', 'password-reused', 'rate-limited'],
  },
  changePassword: {
    method: 'POST',
    path: '/api/v1/auth/change-password',
    summary: 'Set a new password with the present one; ends every other session',
    access: 'signed-in',
    body: z.strictObject({ password, newPassword }),
    success: { status: 204, schema: nothing },
    problems: ['invalid-credentials', 'weak-password', 'password-reused', 'too-many-attempts'],
  },
  changeEmail: {
    method: 'POST',
    path: '/api/v1/auth/change-email',
    summary: 'Mail a code to a new address; the present one is told',
    access: 'signed-in',
    stepUp: true,
    body: z.strictObject({ email }),
    success: { status: 204, schema: nothing },
    problems: [],
  },
  confirmEmail: {
    method: 'POST',
    path: '/api/v1/auth/confirm-email',
    summary: 'Take the new address with the code that was mailed to it',
    access: 'signed-in',
    body: z.strictObject({ code: mailedCode }),
    success: { status: 200, schema: user },
    problems: ['invalid-code', 'email-taken'],
  },
  updateMe: {
    method: 'PATCH',
    path: '/api/v1/auth/me',
    summary: 'Choose the language of mails and pages',
    access: 'signed-in',
    body: z.strictObject({ locale }),
    success: { status: 200, schema: user },
    problems: [],
  },
  deleteMe: {
    method: 'DELETE',
    path: '/api/v1/auth/me',
    summary: 'Delete the account; signing in within 30 days brings it back, then it is gone',
    access: 'signed-in',
    stepUp: true,
    success: { status: 204, schema: nothing },
    problems: ['last-superadmin'],
  },
  exportMe: {
    method: 'GET',
    path: '/api/v1/auth/me/export',
    summary:
      'Everything that is held on me beyond credits, usage and conversations, which have exports of their own',
    access: 'signed-in',
    success: { status: 200, schema: accountExport },
    problems: [],
  },
});
