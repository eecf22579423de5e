import type { SecondFactorNeeded } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.ts';

/** Seconds between the first factor and the second. */
const TTL = 5 * 60;

/**
 * Whether somebody who has shown a first factor, whichever, has to show a second: then a challenge, which stands
 * for the first. Nothing where they have none.
 */
export async function askSecondFactor(
  { database: { prisma }, store }: AuthDeps,
  userId: string,
): Promise<SecondFactorNeeded | undefined> {
  const totp = await prisma.totpSecret.count({ where: { userId, confirmedAt: { not: null } } });
  if (totp === 0) return undefined;
  const recoveryCodes = await prisma.recoveryCode.count({ where: { userId, usedAt: null } });
  const challenge = newOpaqueToken('sf-');
  await store.set(nameOf(challenge), userId, TTL);
  return {
    secondFactor: { challenge, methods: recoveryCodes > 0 ? ['totp', 'recovery-code'] : ['totp'] },
  };
}

/** Who was asked by this challenge, while it lasts. */
export const whoWasAsked = ({ store }: AuthDeps, challenge: string): Promise<string | undefined> =>
  store.get(nameOf(challenge));

/** True for the first one to say so of a challenge. */
export async function spendChallenge({ store }: AuthDeps, challenge: string): Promise<boolean> {
  const uses = await store.increment(`${nameOf(challenge)}:spent`, TTL);
  await store.delete(nameOf(challenge));
  return uses === 1;
}

const nameOf = (challenge: string) =>
  `second-factor:${Buffer.from(hashToken(challenge)).toString('base64url')}`;
