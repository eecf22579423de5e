import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Secret } from './secret.ts';

/** What was sealed cannot be opened: another key, another owner, or not what was written. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** Encrypts what has to be read again, bound to whom it belongs to. */
export interface Sealer {
  seal: (text: string, owner: string) => Uint8Array<ArrayBuffer>;
  /** Throws a SealError unless it was sealed with this key for this owner. */
  open: (sealed: Uint8Array, owner: string) => string;
}

/** First byte of what is sealed this way: AES-256-GCM, then nonce, text and tag. */
const VERSION = 1;
/** Bytes (NIST SP 800-38D, 8.2.2 and 5.2.1.2). */
const NONCE = 12;
const TAG = 16;

/**
 * AES-256-GCM with a random nonce a time; the key is 32 bytes in base64url. Version and owner are authenticated
 * and not stored: a row copied to somebody else does not open.
 */
export function createSealer(key: Secret): Sealer {
  const bytes = Buffer.from(key.reveal(), 'base64url');
  const boundTo = (owner: string) => Buffer.concat([Buffer.of(VERSION), Buffer.from(owner)]);
  return {
    seal: (text, owner) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG }).setAAD(
        boundTo(owner),
      );
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Uint8Array.from(Buffer.concat([Buffer.of(VERSION), nonce, hidden, cipher.getAuthTag()]));
    },
    open: (sealed, owner) => {
      if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new SealError('not sealed by this');
      const nonce = sealed.subarray(1, 1 + NONCE);
      const decipher = createDecipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG })
        .setAAD(boundTo(owner))
        .setAuthTag(sealed.subarray(-TAG));
      try {
        const hidden = sealed.subarray(1 + NONCE, -TAG);
        return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealError('another key or owner, or it was changed', { cause });
      }
    },
  };
}
