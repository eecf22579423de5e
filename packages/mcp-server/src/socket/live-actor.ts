import type { Actor, Client, internalContract } from '@smart-ai-hub/shared/contracts';
import {
  type AccessChanges,
  dependsOn,
  type VerifiedToken,
  type VerifyToken,
} from '@smart-ai-hub/shared/service';

/** Who is at the other end of something that lasts longer than a token. */
export interface LiveActor {
  /** With what they may do now; rejects with `unauthenticated` once their credential has ended. */
  now: () => Promise<Actor>;
  dependsOn: (subject: string) => boolean;
  /** Nothing that was learned before may be believed. */
  doubt: () => void;
}

export interface LiveActorParts {
  verifyToken: VerifyToken;
  auth: Pick<Client<typeof internalContract>, 'renew'>;
  changes: AccessChanges;
}

/**
 * The token of the handshake says who it is, and each next one what they may do: it is believed until it expires or
 * something changes, and not at all while changes cannot be heard.
 */
export function openLiveActor(
  first: { actor: Actor; token: string },
  { verifyToken, auth, changes }: LiveActorParts,
): LiveActor {
  let latest = first;
  let known: Promise<VerifiedToken> | undefined;

  const renew = async () => {
    const { token } = await auth.renew({ body: { token: latest.token } });
    const verified = await verifyToken(token);
    latest = { token, actor: verified.actor };
    return verified;
  };
  const forget = (what: typeof known) => {
    if (known === what) known = undefined;
  };
  const now = async (): Promise<Actor> => {
    if (!changes.isHeard()) known = undefined;
    const asked = (known ??= renew());
    const { actor, expiresAt } = await asked.catch((error: unknown) => {
      forget(asked);
      throw error;
    });
    if (expiresAt * 1000 > Date.now()) return actor;
    forget(asked);
    return now();
  };

  return {
    now,
    dependsOn: (subject) => dependsOn(latest.actor, subject),
    doubt: () => {
      known = undefined;
    },
  };
}
