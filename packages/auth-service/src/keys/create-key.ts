import { randomUUID } from 'node:crypto';
import { API_KEY_PREFIX, type ApiKey, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.ts';
import { keyView } from './list-keys.ts';

/** Active keys of one person at most. */
const MAX_KEYS = 50;
const SHOWN = 12;

/** Makes a key; only its hash is kept, so this is the one time it can be shown. */
export async function createKey(
  { database: { prisma }, actor }: SignedInContext,
  { name, expiresAt }: { name: string; expiresAt: string | null },
): Promise<ApiKey & { key: string }> {
  const active = await prisma.apiKey.count({ where: { userId: actor.userId, revokedAt: null } });
  if (active >= MAX_KEYS) throw new DomainError('too-many-keys', { detail: `${MAX_KEYS} keys are active` });
  const key = newOpaqueToken(API_KEY_PREFIX);
  const row = await prisma.apiKey.create({
    data: {
      id: randomUUID(),
      userId: actor.userId,
      name,
      prefix: key.slice(0, SHOWN),
      hash: hashToken(key),
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    },
  });
  return { ...keyView(row), key };
}
