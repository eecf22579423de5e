import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes in base64url behind a prefix that says what it is. */
export const newOpaqueToken = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** What is stored of a token: it has 256 random bits, so a plain hash cannot be guessed. */
export const hashToken = (token: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash('sha256').update(token).digest());
