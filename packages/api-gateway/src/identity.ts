import { hash } from 'node:crypto';
import {
  type Actor,
  type Client,
  DomainError,
  type internalContract,
  MAX_CREDENTIAL,
} from '@smart-ai-hub/shared/contracts';
import { type AccessChanges, bearerToken, dependsOn, type VerifyToken } from '@smart-ai-hub/shared/service';
import { LRUCache } from 'lru-cache';

/** Who calls, and the token by which services believe it. */
export interface Identity {
  actor: Actor;
  token: string;
}

/** Answers who calls; nothing for nobody; rejects with `unauthenticated` for a bad credential. */
export type Identify = (authorization: string | undefined) => Promise<Identity | undefined>;

export interface IdentityParts {
  verifyToken: VerifyToken;
  changes: AccessChanges;
  auth: Client<typeof internalContract>;
}

/** Identities kept, per process. */
const KEPT = 10_000;
/** Seconds before a token ends that the next is asked for. */
const EARLY = 30;

/** An identity that is known, or still asked for. */
interface Slot {
  asked: Promise<Identity>;
  known?: Identity;
}

/**
 * Tells who calls: whatever they show, an access token or an API key, auth-service turns into a token for the
 * services, which is kept for a while. What was made of access that has changed is dropped at once; while changes
 * cannot be heard, nothing is kept.
 */
export async function createIdentify({ verifyToken, changes, auth }: IdentityParts): Promise<Identify> {
  const slots = new LRUCache<string, Slot>({ max: KEPT });
  let changesHeard = 0;

  await changes.follow(
    (subject) => {
      changesHeard += 1;
      for (const [name, { known }] of slots.entries()) {
        if (known && dependsOn(known.actor, subject)) slots.delete(name);
      }
    },
    () => {
      changesHeard += 1;
      slots.clear();
    },
  );

  const ask = async (credential: string, name: string): Promise<Identity> => {
    const heardBefore = changesHeard;
    const { token, expiresIn } = await auth.identify({ body: { credential } });
    const { actor } = await verifyToken(token);
    const known = { actor, token };
    const ttl = (expiresIn - EARLY) * 1000;
    // an answer from before a change that came meanwhile serves the one who asked, and nobody after
    const isKept = ttl > 0 && changes.isHeard() && changesHeard === heardBefore;
    if (isKept) slots.set(name, { asked: Promise.resolve(known), known }, { ttl });
    else slots.delete(name);
    return known;
  };

  return async (authorization) => {
    if (authorization === undefined) return undefined;
    const credential = bearerToken(authorization);
    if (credential === undefined || credential.length > MAX_CREDENTIAL)
      throw new DomainError('unauthenticated');
    const name = hash('sha256', credential, 'base64');
    const slot = slots.get(name);
    if (slot) return slot.asked;
    const asked = ask(credential, name);
    slots.set(name, { asked });
    asked.catch(() => slots.delete(name));
    return asked;
  };
}
