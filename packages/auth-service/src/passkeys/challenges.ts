import { randomBytes } from 'node:crypto';
import type { AuthDeps } from '../context.ts';
import { hashToken } from '../sessions/opaque-token.ts';

/** What the answer to a challenge is good for; with the person, where that is known. */
export type Purpose = 'sign-in' | `register:${string}` | `step-up:${string}`;

/** Seconds. */
export const CHALLENGE_TTL = 5 * 60;

/** 32 random bytes that an authenticator signs, for this purpose alone. */
export async function issueChallenge(
  { store }: AuthDeps,
  purpose: Purpose,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = Uint8Array.from(randomBytes(32));
  await store.set(nameOf(Buffer.from(challenge).toString('base64url')), purpose, CHALLENGE_TTL);
  return challenge;
}

/** True once for a challenge (base64url) that was issued for this purpose. */
export async function takeChallenge(
  { store }: AuthDeps,
  purpose: Purpose,
  challenge: string,
): Promise<boolean> {
  const name = nameOf(challenge);
  if ((await store.get(name)) !== purpose) return false;
  const uses = await store.increment(`${name}:spent`, CHALLENGE_TTL);
  await store.delete(name);
  return uses === 1;
}

const nameOf = (challenge: string) =>
  `passkey-challenge:${Buffer.from(hashToken(challenge)).toString('base64url')}`;
