import { z } from 'zod';
import { PERMISSIONS, SCOPES } from './access.ts';
import { email, id, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** bcrypt-like truncation does not apply to argon2id; 200 bounds the work of one hash. */
export const newPassword = z.string().min(8).max(200);

/** Browsers keep the refresh token in an HttpOnly cookie; programs ask for it in the body. */
export const delivery = z.enum(['cookie', 'body']).default('cookie');

/** Languages that pages and mails are written in. */
export const locale = z.enum(['en', 'th']);

export const user = z.object({
  id,
  email: z.string(),
  /** Whether a code that was mailed to the address came back. */
  verified: z.boolean(),
  /** It has to, here, before this person makes keys or redeems codes. */
  mustVerify: z.boolean(),
  roles: z.array(z.string()),
  /** What they may do, so that pages show no more than that; what counts is decided at each call. */
  grants: z.partialRecord(z.enum(PERMISSIONS), z.enum(SCOPES)),
  locale,
  createdAt: timestamp,
});
export type User = z.output<typeof user>;

export const session = z.object({
  accessToken: z.string(),
  /** Seconds until the access token ends. */
  expiresIn: z.int(),
  /** Only with `delivery: "body"`. */
  refreshToken: z.string().optional(),
  user,
});
export type Session = z.output<typeof session>;

/** Who still has to show a second factor, and by what. */
export const secondFactorNeeded = z.object({
  secondFactor: z.object({
    /** Opaque; good for 5 minutes and one session. */
    challenge: z.string(),
    methods: z.array(z.enum(['totp', 'recovery-code'])),
  }),
});
export type SecondFactorNeeded = z.output<typeof secondFactorNeeded>;

const credentials = { email, password: z.string().min(1).max(200), delivery };

export const authContract = defineContract({
  register: {
    method: 'POST',
    path: '/api/v1/auth/register',
    summary: 'Make an account; it starts with the sign-up credit',
    access: 'public',
    body: z.strictObject({ email, password: newPassword, locale: locale.default('en'), delivery }),
    success: { status: 201, schema: session },
    problems: ['email-taken', 'weak-password', 'rate-limited'],
  },
  login: {
    method: 'POST',
    path: '/api/v1/auth/login',
    summary: 'Sign in with e-mail and password, or learn which second factor is needed too',
    access: 'public',
    body: z.strictObject(credentials),
    success: { status: 200, schema: z.union([session, secondFactorNeeded]) },
    problems: ['invalid-credentials', 'account-disabled', 'too-many-attempts', 'rate-limited'],
  },
  refresh: {
    method: 'POST',
    path: '/api/v1/auth/refresh',
    summary: 'Trade the refresh token for a new pair; a token used twice ends its session',
    access: 'public',
    body: z.strictObject({ refreshToken: z.string().max(200).optional() }),
    success: { status: 200, schema: session },
    problems: ['invalid-refresh-token', 'forbidden', 'rate-limited'],
  },
  logout: {
    method: 'POST',
    path: '/api/v1/auth/logout',
    summary: 'End this session at once, in every process',
    access: 'signed-in',
    success: { status: 204, schema: nothing },
    problems: [],
  },
  me: {
    method: 'GET',
    path: '/api/v1/auth/me',
    summary: 'Who am I',
    access: 'signed-in',
    success: { status: 200, schema: user },
    problems: [],
  },
  setupState: {
    method: 'GET',
    path: '/api/v1/auth/setup',
    summary: 'Is the first administrator still to be made?',
    access: 'public',
    success: { status: 200, schema: z.object({ open: z.boolean() }) },
    problems: ['rate-limited'],
  },
  setup: {
    method: 'POST',
    path: '/api/v1/auth/setup',
    summary: 'Make the first superadmin with the token printed at first start',
    access: 'public',
    body: z.strictObject({ token: z.string().max(200), email, password: newPassword, delivery }),
    success: { status: 201, schema: session },
    problems: ['invalid-setup-token', 'email-taken', 'weak-password', 'rate-limited'],
  },
});
