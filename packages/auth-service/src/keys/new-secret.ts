import { randomUUID } from 'node:crypto';
import type { Transaction } from '@smart-ai-hub/database';
import { API_KEY_PREFIX, DomainError } from '@smart-ai-hub/shared/contracts';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.ts';

/** Keys of one person at most, and as many again that were replaced and still work. */
const MAX_KEYS = 50;
const SHOWN = 12;

/** A key that nobody has seen, and the columns that know it again. */
export function newSecret() {
  const key = newOpaqueToken(API_KEY_PREFIX);
  return { key, columns: { id: randomUUID(), prefix: key.slice(0, SHOWN), hash: hashToken(key) } };
}

/** Leaves room for one more, also when many are asked for at once: they wait for each other here. */
export async function refuseTooMany(
  tx: Transaction,
  userId: string,
  which: 'current' | 'replaced',
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const rotation =
    which === 'current' ? { rotatedTo: null } : { rotatedTo: { not: null }, expiresAt: { gt: new Date() } };
  const count = await tx.apiKey.count({ where: { userId, revokedAt: null, ...rotation } });
  if (count < MAX_KEYS) return;
  throw new DomainError('too-many-keys', {
    detail: which === 'current' ? `${MAX_KEYS} keys are active` : `${MAX_KEYS} replaced keys still work`,
  });
}
