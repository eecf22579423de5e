import { z } from 'zod';
import { PERMISSIONS, REACH_LIMIT, SCOPES } from './access.ts';
import { id, micro, microNonNegative, nothing } from './fields.ts';
import { MAX_CREDENTIAL } from './identity.ts';
import { openedMcpProfile, openedMcpServer } from './mcp-servers.ts';
import { mcpTool, seenTools } from './mcp-tools.ts';
import { price } from './prices.ts';
import { openedProvider } from './providers.ts';
import { defineContract } from './route.ts';
import { TEAMS_OF_ONE } from './teams.ts';
import { tokenSource, usageStatus } from './usage.ts';

/** How many holds travel in one call at most; what is over waits for the next. */
export const LEDGER_BATCH_LIMIT = 500;

const reservation = z.object({
  holdId: id,
  userId: id,
  /** Below this the request is refused; above `maxMicro` nothing is held. */
  minMicro: microNonNegative,
  maxMicro: microNonNegative,
  /** What is left of each this month bounds the hold as well: of a key, with those it replaced, or of a team. */
  limits: z
    .array(z.strictObject({ id, monthlyMicro: microNonNegative }))
    .max(TEAMS_OF_ONE + 1)
    .optional(),
  /** The person's teams, for which the call counts too. */
  teamIds: z.array(id).max(TEAMS_OF_ONE).optional(),
});
export type Reservation = z.output<typeof reservation>;

const reservationResult = z.object({
  holdId: id,
  outcome: z.enum(['held', 'insufficient', 'over-limit', 'frozen', 'no-account']),
  /** What is held: between `minMicro` and `maxMicro`, or 0. */
  heldMicro: microNonNegative,
  /** Of the account, or of the limit where that is what refused. */
  availableMicro: micro,
  /** The limit that refused. */
  limitId: id.optional(),
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
  /** That were delivered; a process of the version before does not say. */
  images: z.int().min(0).default(0),
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

/** How many people one call is about at most: those of a page. */
export const PEOPLE_BATCH_LIMIT = 100;

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
    body: z.strictObject({ userIds: z.array(id).max(PEOPLE_BATCH_LIMIT) }),
    success: { status: 200, schema: z.object({ items: z.array(heldRoles) }) },
    problems: [],
  },
  forgetPeople: {
    method: 'POST',
    path: '/internal/people/forget',
    summary: 'Forget what people wrote whose accounts go for good; the ledger stays',
    access: 'service',
    body: z.strictObject({ userIds: z.array(id).max(PEOPLE_BATCH_LIMIT) }),
    success: { status: 204, schema: nothing },
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
  providers: {
    method: 'GET',
    path: '/internal/providers',
    summary: 'Providers that are on, in the order in which they are asked, with their keys',
    access: 'service',
    success: { status: 200, schema: z.object({ items: z.array(openedProvider) }) },
    problems: [],
  },
  mcpServers: {
    method: 'GET',
    path: '/internal/mcp-servers',
    summary:
      'MCP servers that may be asked, those that are off too, with secrets and approved tools; profiles',
    access: 'service',
    success: {
      status: 200,
      schema: z.object({ servers: z.array(openedMcpServer), profiles: z.array(openedMcpProfile) }),
    },
    problems: [],
  },
  reportMcpTools: {
    method: 'PUT',
    path: '/internal/mcp-servers/:serverId/tools',
    summary:
      'All tools that a server has now; what is new or changed waits for approval, what is missing is gone',
    access: 'service',
    bodyLimit: 32 * 1024 * 1024,
    params: z.strictObject({ serverId: id }),
    body: z.strictObject({ tools: seenTools }),
    success: { status: 200, schema: z.object({ items: z.array(mcpTool) }) },
    problems: ['not-found'],
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
  renew: {
    method: 'POST',
    path: '/internal/renew',
    summary: 'Turn an earlier token for the services into one of now, while the credential behind it lasts',
    access: 'service',
    body: z.strictObject({ token: z.string().max(MAX_CREDENTIAL) }),
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
