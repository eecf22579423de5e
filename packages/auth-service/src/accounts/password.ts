import { availableParallelism } from 'node:os';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { hash, verify } from '@node-rs/argon2';
import commonPasswords from 'fxa-common-password-list';
import { fewAtOnce } from './few-at-once.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the default), 19 MiB, 2 passes, 1 lane; off the event loop. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes run in Node's four threads, which sign and verify tokens as well: some of these, and of the cores, stay free,
 * so that many who sign in at once do not hold up everybody else.
 */
const inTurn = fewAtOnce(Math.max(1, Math.min(3, availableParallelism() - 1)));

/** What an unknown account is compared with, so that it takes as long as a known one. */
let decoy: Promise<string> | undefined;

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, PARAMETERS));

/** Compares in the same time whether or not there is a hash to compare with. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const known = stored ?? (await decoy);
  const matches = await inTurn(() => verify(known, password));
  return matches && stored != null;
}

/** Throws `weak-password` for one that is common, or that is the e-mail address itself. */
export function refuseWeak(password: string, email: string): void {
  const lower = password.toLowerCase();
  const isName = lower === email || lower === email.split('@')[0];
  if (isName || commonPasswords.test(lower)) {
    throw new DomainError('weak-password', { errors: [{ path: 'password', message: 'is too common' }] });
  }
}
