import type { Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import type { Purpose } from './purposes.ts';
import { matches } from './secrets.ts';

const TRIES = 5;

interface Claimed {
  id: string;
  /** The address that the code was mailed to. */
  email: string;
}

/**
 * Holds a code against the newest that was mailed to the actor. A try is counted before the code is looked at, so that
 * parallel guesses cannot outrun the count. Throws `invalid-code`, whatever the reason.
 */
export async function claimCode(
  { database: { prisma }, actor }: SignedInContext,
  purpose: Purpose,
  code: string,
): Promise<Claimed> {
  const [row] = await prisma.$queryRaw<(Claimed & { hash: Uint8Array })[]>`
    UPDATE auth.verification_tokens SET attempts = attempts + 1
    WHERE id = (
      SELECT id FROM auth.verification_tokens
      WHERE user_id = ${actor.userId}::uuid AND purpose = ${purpose} AND hash IS NOT NULL
      ORDER BY created_at DESC LIMIT 1)
    AND used_at IS NULL AND expires_at > now() AND attempts < ${TRIES}
    RETURNING id, email::text, hash`;
  if (!row || !matches(row.id, code, row.hash)) throw new DomainError('invalid-code');
  return { id: row.id, email: row.email };
}

/** Uses the token up, in the transaction of what it allows; answers false when somebody else just did. */
export async function spendToken(tx: Transaction, id: string): Promise<boolean> {
  const { count } = await tx.verificationToken.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: new Date() } },
    data: { usedAt: new Date() },
  });
  return count === 1;
}
