import { z } from 'zod';
import { id, isOneLine, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

export const apiKey = z.object({
  id,
  name: z.string(),
  /** The first 12 characters, enough to tell keys apart. */
  prefix: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable(),
});
export type ApiKey = z.output<typeof apiKey>;

/** Years of four digits, in UTC too: what every database and client reads alike. */
const isStorable = (time: string) => {
  const date = new Date(time);
  return !Number.isNaN(date.getTime()) && /^(?!0000)\d{4}-/.test(date.toISOString());
};

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
    body: z.strictObject({
      name: z.string().trim().min(1).max(80).refine(isOneLine, 'has control characters'),
      expiresAt: timestamp.refine(isStorable, 'is out of range').nullable().default(null),
    }),
    success: { status: 201, schema: z.object({ ...apiKey.shape, key: z.string() }) },
    problems: ['too-many-keys'],
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/v1/keys/:keyId',
    summary: 'Revoke a key at once, in every process',
    access: 'keys:manage',
    params: z.strictObject({ keyId: id }),
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
