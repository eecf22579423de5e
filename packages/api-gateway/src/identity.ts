import { hash } from 'node:crypto';
import {
  type Actor,
  API_KEY_PREFIX,
  type Client,
  DomainError,
  type internalContract,
} from '@smart-ai-hub/shared/contracts';
import { bearerToken, type Revocations, type VerifyToken } from '@smart-ai-hub/shared/service';
import { LRUCache } from 'lru-cache';

/** Who calls, and the token that says so to the services. */
export interface Identity {
  actor: Actor;
  token: string;
}

/** Who sent this `Authorization` header: nobody without one; rejects with `unauthenticated` for a bad one. */
export type Identify = (authorization: string | undefined) => Promise<Identity | undefined>;

export interface IdentityParts {
  verifyToken: VerifyToken;
  revocations: Revocations;
  auth: Client<typeof internalContract>;
}

/** Keys whose tokens are kept, per process. */
const KEYS = 10_000;
/** Seconds before a key's token ends that the next is asked for. */
const EARLY = 30;

/**
 * Tells who calls: a person's access token as it is, an API key by a short-lived token that is kept. What
 * was revoked is refused at once, whatever is kept.
 */
export function createIdentify({ verifyToken, revocations, auth }: IdentityParts): Identify {
  const exchanged = new LRUCache<string, Promise<Identity>>({ max: KEYS });

  const exchange = async (key: string, slot: string): Promise<Identity> => {
    const { token, expiresIn } = await auth.exchangeKey({ body: { key } });
    const { actor } = await verifyToken(token);
    const keep = Math.max(0, expiresIn - EARLY) * 1000;
    if (keep === 0) exchanged.delete(slot);
    else exchanged.set(slot, Promise.resolve({ actor, token }), { ttl: keep });
    return { actor, token };
  };

  const byKey = async (key: string): Promise<Identity> => {
    const slot = hash('sha256', key, 'base64');
    const kept = exchanged.get(slot);
    if (kept) return kept;
    const asked = exchange(key, slot);
    exchanged.set(slot, asked);
    asked.catch(() => exchanged.delete(slot));
    return asked;
  };

  return async (authorization) => {
    if (authorization === undefined) return undefined;
    const given = bearerToken(authorization);
    if (given === undefined) throw new DomainError('unauthenticated');
    const identity = given.startsWith(API_KEY_PREFIX)
      ? await byKey(given)
      : { actor: (await verifyToken(given)).actor, token: given };
    const { keyId, sessionId } = identity.actor;
    const subject = keyId === undefined ? (`session:${sessionId ?? ''}` as const) : (`key:${keyId}` as const);
    if (await revocations.isRevoked(subject)) throw new DomainError('unauthenticated');
    return identity;
  };
}
