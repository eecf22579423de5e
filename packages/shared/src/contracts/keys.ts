import { z } from 'zod';
import { PERMISSIONS } from './access.ts';
import { id, isOneLine, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** Years of four digits, in UTC too: what every database and client reads alike. */
const isStorable = (time: string) => {
  const date = new Date(time);
  return !Number.isNaN(date.getTime()) && /^(?!0000)\d{4}-/.test(date.toISOString());
};

/** An exact id, or a prefix that ends in `*`. */
const pattern = z.string().regex(/^[\w./:@+-]{1,199}\*?$/, 'is no id, and no prefix that ends in *');

/** At least one: an empty list would be read as nothing by one, and as everything by another. */
const someOf = <T extends z.ZodType<string>>(item: T) =>
  z
    .array(item)
    .min(1)
    .max(100)
    .refine((list) => new Set(list).size === list.length, 'names something twice')
    .nullable();

/** What a column of 32 bits holds. A limit is at least 1: no number here means "none" or "no limit". */
const perMinute = z.int().min(1).max(2_147_483_647).nullable();

/** What its owner chooses of a key; null is "not narrower than I am". */
const settings = {
  name: z.string().trim().min(1).max(80).refine(isOneLine, 'has control characters'),
  expiresAt: timestamp.refine(isStorable, 'is out of range').nullable(),
  permissions: someOf(z.enum(PERMISSIONS)),
  models: someOf(pattern),
  tools: someOf(pattern),
  /** Micro-credits in a calendar month of UTC. */
  monthlyLimitMicro: z.int().min(1).nullable(),
  requestsPerMinute: perMinute,
  tokensPerMinute: perMinute,
  /** Its calls may be answered by what the same question was answered before, for nothing. */
  cacheAnswers: z.boolean(),
};

export const keySettings = z.strictObject(settings);
export type KeySettings = z.output<typeof keySettings>;

export const apiKey = z.object({
  ...settings,
  id,
  name: z.string(),
  expiresAt: timestamp.nullable(),
  permissions: z.array(z.string()).nullable(),
  /** The first 12 characters, enough to tell keys apart. */
  prefix: z.string(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
  /** The key that replaces this one, which works until `expiresAt`. */
  rotatedTo: id.nullable(),
});
export type ApiKey = z.output<typeof apiKey>;

/** The one answer that shows a key. */
const shownKey = z.object({ ...apiKey.shape, key: z.string() });

const params = z.strictObject({ keyId: id });

/** Seconds that a replaced key may go on working: a week at most. */
const overlapSeconds = z.int().min(0).max(604_800).default(86_400);

export const keysContract = defineContract({
  listKeys: {
    method: 'GET',
    path: '/api/v1/keys',
    summary: 'My active keys, newest first',
    access: 'keys:read',
    success: { status: 200, schema: z.object({ items: z.array(apiKey) }) },
    problems: [],
  },
  createKey: {
    method: 'POST',
    path: '/api/v1/keys',
    summary: 'Make a key; this answer is the only one that shows it',
    access: 'keys:manage',
    stepUp: true,
    body: z.strictObject({
      name: settings.name,
      expiresAt: settings.expiresAt.default(null),
      permissions: settings.permissions.default(null),
      models: settings.models.default(null),
      tools: settings.tools.default(null),
      monthlyLimitMicro: settings.monthlyLimitMicro.default(null),
      requestsPerMinute: settings.requestsPerMinute.default(null),
      tokensPerMinute: settings.tokensPerMinute.default(null),
      cacheAnswers: settings.cacheAnswers.default(false),
    }),
    success: { status: 201, schema: shownKey },
    problems: ['too-many-keys'],
  },
  updateKey: {
    method: 'PATCH',
    path: '/api/v1/keys/:keyId',
    summary: 'Change what is named of a key; it holds at the next request',
    access: 'keys:manage',
    stepUp: true,
    params,
    body: keySettings.partial().refine((body) => Object.keys(body).length > 0, 'names nothing'),
    success: { status: 200, schema: apiKey },
    problems: ['not-found'],
  },
  rotateKey: {
    method: 'POST',
    path: '/api/v1/keys/:keyId/rotate',
    summary: 'Replace a key by a new one with the same settings; the old one ends after the overlap',
    access: 'keys:manage',
    stepUp: true,
    params,
    body: z.strictObject({ overlapSeconds }),
    success: { status: 201, schema: shownKey },
    problems: ['not-found', 'too-many-keys'],
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/v1/keys/:keyId',
    summary: 'Revoke a key at once, in every process',
    access: 'keys:manage',
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
