import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

export interface MailedSecret {
  /** What the mail shows, and nobody keeps. */
  secret: string;
  hash: Uint8Array<ArrayBuffer>;
}

/** Six digits from the system's generator, every one of a million as likely. */
export function newCode(tokenId: string): MailedSecret {
  const secret = String(randomInt(1_000_000)).padStart(6, '0');
  return { secret, hash: hashFor(tokenId, secret) };
}

/** 32 random bytes behind the row's id, so that a link is found without a search for its hash. */
export function newLinkToken(tokenId: string): MailedSecret {
  const random = randomBytes(32).toString('base64url');
  return { secret: `${tokenId}.${random}`, hash: hashFor(tokenId, random) };
}

/** The row that a link's token names, and the rest of it; nothing where it is none of ours. */
export function readLinkToken(token: string): { id: string; random: string } | undefined {
  const [, id, random] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(token) ?? [];
  return id !== undefined && random !== undefined ? { id, random } : undefined;
}

/** In constant time. */
export const matches = (tokenId: string, given: string, hash: Uint8Array): boolean =>
  timingSafeEqual(hashFor(tokenId, given), hash);

/** With the row's id in it, so that equal codes of two people have hashes of their own. */
const hashFor = (tokenId: string, secret: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash('sha256').update(`${tokenId}.${secret}`).digest());
