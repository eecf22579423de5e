import type { Transaction } from '@smart-ai-hub/database';
import {
  type Actor,
  DomainError,
  type KeySettings,
  matchesPattern,
  scopeOf,
} from '@smart-ai-hub/shared/contracts';
import { settingsOf } from './key-view.ts';

/** Nobody gives a key what they may not do themselves. */
export function refuseUngranted({ grants }: Actor, permissions: KeySettings['permissions'] = null): void {
  const missing = permissions?.filter((permission) => scopeOf(grants, permission) === undefined) ?? [];
  if (missing.length > 0)
    throw new DomainError('forbidden', { detail: `you may not do this yourself: ${missing.join(', ')}` });
}

/**
 * A person may settle anything about their keys. A key may only what leads to a key that is not wider than itself, and
 * does not live longer; with limits of its own it manages itself alone, since another key would be another allowance.
 * Other credentials end with their sign-in or consent, which a key would outlive: they make and change none.
 */
export async function refuseWider(
  { credential }: Actor,
  tx: Transaction,
  wish: KeySettings,
  keyId?: string,
): Promise<void> {
  if (credential.kind === 'session') return;
  const row = credential.kind === 'key' ? await tx.apiKey.findUnique({ where: { id: credential.id } }) : null;
  const own = row && settingsOf(row);
  const isOpen = own && (credential.id === keyId || LIMITS.every((limit) => own[limit] === null));
  if (isOpen && isWithin(wish, own)) return;
  throw new DomainError('forbidden', { detail: 'a key neither makes nor changes what is wider than itself' });
}

const LISTS = ['permissions', 'models', 'tools'] as const;
const LIMITS = ['monthlyLimitMicro', 'requestsPerMinute', 'tokensPerMinute'] as const;

/** True where whoever has `wish` can do nothing, and at no time, that `own` could not. */
export const isWithin = (wish: KeySettings, own: KeySettings): boolean =>
  LISTS.every((list) => covers(own[list], wish[list])) &&
  LIMITS.every((limit) => isAtMost(wish[limit], own[limit])) &&
  isAtMost(timeOf(wish.expiresAt), timeOf(own.expiresAt));

const timeOf = (at: string | null) => (at === null ? null : Date.parse(at));

/** Null is no limit. */
const isAtMost = (wish: number | null, own: number | null): boolean =>
  own === null || (wish !== null && wish <= own);

/** Null is everything; an entry that ends in `*` stands for all that begin so. */
function covers(own: readonly string[] | null, wish: readonly string[] | null): boolean {
  if (own === null) return true;
  return wish?.every((entry) => own.some((mine) => matchesPattern(mine, entry))) ?? false;
}
