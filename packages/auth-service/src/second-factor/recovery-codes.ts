import { randomBytes } from 'node:crypto';
import type { Transaction } from '@smart-ai-hub/database';
import { hashToken } from '../sessions/opaque-token.ts';

const CODES = 10;
/** 80 bits: too many to guess even from a stolen hash. */
const LENGTH = 16;
/** Crockford's base 32: no letter that reads like another character. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten new codes in place of those before; only their hashes are kept. */
export async function replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newCode);
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: codes.map((code) => ({ userId, hash: hashOf(code) })) });
  return codes;
}

/** True for a code of this person that was not used before. */
export async function spendRecoveryCode(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, hash: hashOf(code), usedAt: null },
    data: { usedAt: new Date() },
  });
  return count === 1;
}

function newCode(): string {
  const characters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** However it was typed: Crockford reads o as 0, and i and l as 1. */
const hashOf = (code: string) =>
  hashToken(
    code
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .replace(/o/g, '0')
      .replace(/[il]/g, '1'),
  );
