import { z } from 'zod';
import { PERMISSIONS, REACH_LIMIT, SCOPES } from './access.ts';
import { id, micro, microNonNegative } from './fields.ts';
import { MAX_CREDENTIAL } from './identity.ts';
import { price } from './prices.ts';
import { defineContract } from './route.ts';
import { tokenSource, usageStatus } from './usage.ts';

/** How many holds travel in one call at most; what is over waits for the next. */
export const LEDGER_BATCH_LIMIT = 500;

const reservation = z.object({
  holdId: id,
  userId: id,
  /** Below this the request is refused; above `maxMicro` nothing is held. */
  minMicro: microNonNegative,
  maxMicro: microNonNegative,
  /** Of a key with a monthly limit: what it and the keys it replaced have left of it bounds the hold as well. */
  budget: z.strictObject({ id, monthlyMicro: microNonNegative }).optional(),
});
export type Reservation = z.output<typeof reservation>;

const reservationResult = z.object({
  holdId: id,
  outcome: z.enum(['held', 'insufficient', 'over-budget', 'frozen', 'no-account']),
  /** What is held: between `minMicro` and `maxMicro`, or 0. */
  heldMicro: microNonNegative,
  /** Of the account, or of the budget where that is what refused. */
  availableMicro: micro,
});
export type ReservationResult = z.output<typeof reservationResult>;

const settlement = z.object({
  holdId: id,
  userId: id,
  keyId: id.nullable(),
  requestId: z.string().max(64),
  service: z.string().max(80),
  model: z.string().max(200),
  priceId: id,
  promptTokens: z.int().min(0),
  completionTokens: z.int().min(0),
  chargeMicro: microNonNegative,
  tokenSource,
  status: usageStatus,
  latencyMs: z.int().min(0),
});
export type Settlement = z.output<typeof settlement>;

const settlementResult = z.object({
  holdId: id,
  /** `settled` now, or before by the same hold; `expired` charges nobody; `unknown` was never held. */
  outcome: z.enum(['settled', 'already-settled', 'released', 'expired', 'unknown']),
  chargedMicro: microNonNegative,
});
export type SettlementResult = z.output<typeof settlementResult>;

const batch = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item).min(1).max(LEDGER_BATCH_LIMIT) });
const results = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** A person's roles, highest first, and what these let them do. */
const personAccess = z.object({
  roles: z.array(z.string()),
  /** Of the highest role; 0 without any. */
  level: z.int(),
  grants: z.partialRecord(z.enum(PERMISSIONS), z.enum(SCOPES)),
});
export type PersonAccess = z.output<typeof personAccess>;

/** How many people's roles are asked for in one call at most: those of a page. */
export const ROLES_BATCH_LIMIT = 100;

/** A person's roles by name, highest first. */
const heldRoles = z.object({
  userId: id,
  roles: z.array(z.string()),
  /** Of the highest role; 0 without any. */
  level: z.int(),
});
export type HeldRoles = z.output<typeof heldRoles>;

/** Between services only, with the service token; the gateway knows no way here. */
export const internalContract = defineContract({
  openAccount: {
    method: 'POST',
    path: '/internal/accounts',
    summary: 'Open the credit account of a new person, once, with the sign-up credit and the first role',
    access: 'service',
    body: z.strictObject({ userId: id, role: z.enum(['user', 'superadmin']).default('user') }),
    success: { status: 200, schema: personAccess },
    problems: [],
  },
  accessOf: {
    method: 'POST',
    path: '/internal/access',
    summary: 'Roles and grants of a person, as they are now',
    access: 'service',
    body: z.strictObject({ userId: id }),
    success: { status: 200, schema: personAccess },
    problems: [],
  },
  rolesOf: {
    method: 'POST',
    path: '/internal/roles-of',
    summary: 'Roles of many people, as they are now; whoever has none is left out',
    access: 'service',
    body: z.strictObject({ userIds: z.array(id).max(ROLES_BATCH_LIMIT) }),
    success: { status: 200, schema: z.object({ items: z.array(heldRoles) }) },
    problems: [],
  },
  reach: {
    method: 'POST',
    path: '/internal/reach',
    summary: 'Members of the teams that a person manages, as they are now',
    access: 'service',
    body: z.strictObject({ userId: id }),
    success: { status: 200, schema: z.object({ memberIds: z.array(id).max(REACH_LIMIT) }) },
    problems: [],
  },
  reserve: {
    method: 'POST',
    path: '/internal/credits/reserve',
    summary: 'Hold credits for many requests in one statement',
    access: 'service',
    body: batch(reservation),
    success: { status: 200, schema: results(reservationResult) },
    problems: [],
  },
  settle: {
    method: 'POST',
    path: '/internal/credits/settle',
    summary: 'Charge held requests and write their usage rows; idempotent by hold',
    access: 'service',
    body: batch(settlement),
    success: { status: 200, schema: results(settlementResult) },
    problems: [],
  },
  release: {
    method: 'POST',
    path: '/internal/credits/release',
    summary: 'Let holds go without a charge; idempotent by hold',
    access: 'service',
    body: z.strictObject({ holdIds: z.array(id).min(1).max(LEDGER_BATCH_LIMIT) }),
    success: { status: 200, schema: z.object({ released: z.int() }) },
    problems: [],
  },
  prices: {
    method: 'GET',
    path: '/internal/prices',
    summary: 'Prices in force',
    access: 'service',
    success: { status: 200, schema: z.object({ items: z.array(price) }) },
    problems: [],
  },
  identify: {
    method: 'POST',
    path: '/internal/identify',
    summary: 'Turn what a caller shows into a short-lived signed token for the services',
    access: 'service',
    body: z.strictObject({ credential: z.string().max(MAX_CREDENTIAL) }),
    success: { status: 200, schema: z.object({ token: z.string(), expiresIn: z.int() }) },
    problems: ['unauthenticated'],
  },
  jwks: {
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Public keys that verify our tokens (RFC 7517)',
    access: 'public',
    success: { status: 200, schema: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }) },
    problems: [],
  },
});
