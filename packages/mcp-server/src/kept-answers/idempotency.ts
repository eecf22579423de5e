import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { KeyValue, Logger } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { Allowance } from './allowance.ts';
import { answerSealer, digestOf, type KeptAnswer } from './kept-answer.ts';

/** Seconds that an answer is kept under its key. */
const DAY = 24 * 60 * 60;
/** Seconds after which a key is free again whose process died; a living one renews it in time. */
const LOCK = 60;
/** Seconds after which a caller may ask again for an answer that is on its way. */
const ASK_AGAIN = 1;

const entry = z.union([
  /** The call is under way, at this owner. */
  z.strictObject({ fingerprint: z.string(), owner: z.string() }),
  z.strictObject({ fingerprint: z.string(), sealed: z.string() }),
]);

/** The key is this call's: what it answers is kept, or the key is free again. */
export interface Claim {
  /** Never rejects. */
  keep: (answer: KeptAnswer) => Promise<void>;
  /** Frees the key, unless an answer was kept; never rejects. */
  end: () => Promise<void>;
}

/** A call that its caller wants to be made once. */
export interface OnceCall {
  userId: string;
  /** A key means something else at another door. */
  door: string;
  key: string;
  /** All of the request, in canonical form. */
  request: string;
}

export interface Idempotency {
  /**
   * The answer that was kept, or the key for this call. Rejects with `idempotency-in-progress`,
   * `idempotency-mismatch`, `rate-limited`, and with `service-unavailable` where nobody can tell.
   */
  begin: (call: OnceCall) => Promise<{ answer: KeptAnswer } | { claim: Claim }>;
}

/** Calls that are made once, whichever process gets them: the store decides whose a key is. */
export function createIdempotency(store: KeyValue, allowance: Allowance, logger: Logger): Idempotency {
  return {
    begin: async ({ userId, door, key, request }) => {
      const place = `idempotency:${userId}:${door}:${digestOf('key', key)}`;
      const said = `${key}\n${request}`;
      const fingerprint = digestOf('fingerprint', said);
      const sealer = answerSealer(said);
      const mine = JSON.stringify({ fingerprint, owner: randomUUID() });
      await allowance.require(userId);
      if (await store.replace(place, undefined, mine, LOCK)) {
        const seal = (answer: KeptAnswer) =>
          JSON.stringify({ fingerprint, sealed: sealer.seal(answer, place) });
        return {
          claim: claim({ store, logger, place, mine, seal, take: (text) => allowance.take(userId, text) }),
        };
      }
      const found = await store.get(place);
      const kept = found === undefined ? undefined : entry.parse(JSON.parse(found));
      if (kept && kept.fingerprint !== fingerprint) throw new DomainError('idempotency-mismatch');
      if (kept && 'sealed' in kept) return { answer: sealer.open(kept.sealed, place) };
      throw new DomainError('idempotency-in-progress', { retryAfter: ASK_AGAIN });
    },
  };
}

interface Claimed {
  store: KeyValue;
  logger: Logger;
  place: string;
  /** What stands there as long as it is ours. */
  mine: string;
  seal: (answer: KeptAnswer) => string;
  take: (text: string) => Promise<boolean>;
}

function claim({ store, logger, place, mine, seal, take }: Claimed): Claim {
  const tryTo = async (what: string, work: () => Promise<boolean>) => {
    const done = await work().catch((error: unknown) => {
      logger.warn(`${what} failed`, { error });
      return true;
    });
    if (!done) logger.warn(`${what} came too late: the key was no longer ours`);
  };
  const renewal = setInterval(
    () => {
      void tryTo('renewing an idempotency key', () => store.replace(place, mine, mine, LOCK));
    },
    (LOCK * 1000) / 3,
  ).unref();
  let isOpen = true;
  return {
    keep: async (answer) => {
      const sealed = seal(answer);
      await tryTo('keeping an answer under its idempotency key', async () => {
        if (!(await take(sealed))) return true;
        const isKept = await store.replace(place, mine, sealed, DAY);
        isOpen = !isKept;
        return isKept;
      });
    },
    end: async () => {
      clearInterval(renewal);
      if (isOpen)
        await tryTo('freeing an idempotency key', () => store.replace(place, mine, undefined, LOCK));
    },
  };
}
