import type { Transaction } from '@smart-ai-hub/database';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { AuthDeps } from '../context.ts';

/** Seconds that a code is shown (RFC 6238, 5.2); one step earlier and later count as well. */
const PERIOD = 30;

interface SecretRow {
  userId: string;
  sealed: Uint8Array;
}

/** 160 random bits in base 32, as RFC 4226, 4 recommends for SHA-1. */
export const newTotpSecret = (): string => generateSecret();

/** What an authenticator application reads from a QR code. */
export const totpUri = (secret: string, email: string): string =>
  generateURI({ issuer: 'Smart AI Hub', label: email, secret, period: PERIOD });

/** A secret belongs to its person: copied to another row it does not open. */
export const sealTotpSecret = ({ sealer }: AuthDeps, secret: string, userId: string) =>
  sealer.seal(secret, `totp:${userId}`);

/** The time step that a code belongs to, if it is right within one step of `now` (milliseconds). */
export function totpStep(
  { sealer }: Pick<AuthDeps, 'sealer'>,
  { sealed, userId }: SecretRow,
  code: string,
  now = Date.now(),
): number | undefined {
  const checked = verifySync({
    secret: sealer.open(sealed, `totp:${userId}`),
    token: code.replace(' ', ''),
    period: PERIOD,
    epoch: Math.floor(now / 1000),
    epochTolerance: PERIOD,
  });
  return checked.valid && 'timeStep' in checked ? checked.timeStep : undefined;
}

/** True for a right code that was not used before: a step, and those before it, count once (RFC 6238, 5.2). */
export async function spendTotpCode(
  ctx: AuthDeps,
  tx: Transaction,
  userId: string,
  code: string,
): Promise<boolean> {
  const row = await tx.totpSecret.findUnique({ where: { userId, confirmedAt: { not: null } } });
  const step = row ? totpStep(ctx, row, code) : undefined;
  if (step === undefined) return false;
  const { count } = await tx.totpSecret.updateMany({
    where: { userId, lastStep: { lt: step } },
    data: { lastStep: step },
  });
  return count === 1;
}
