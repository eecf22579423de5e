import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret.ts';

const ITERATIONS = 4096;
const VERIFIER = /^SCRAM-SHA-256\$(\d+):([\w+/=]+)\$([\w+/=]+):([\w+/=]+)$/;

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * What PostgreSQL keeps of a password (RFC 5803; libpq’s PQencryptPasswordConn), so that the password itself is never
 * sent there nor logged.
 */
export function scramVerifier(password: Secret, salt = randomBytes(16), iterations = ITERATIONS): string {
  const salted = pbkdf2Sync(password.reveal(), salt, iterations, 32, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const server = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}

/** True where the verifier was made from this password. */
export function isScramOf(password: Secret, verifier: string): boolean {
  const [, iterations, salt] = VERIFIER.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined) return false;
  const own = Buffer.from(scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations)));
  const theirs = Buffer.from(verifier);
  return own.length === theirs.length && timingSafeEqual(own, theirs);
}
