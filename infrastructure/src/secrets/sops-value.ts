import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A value as SOPS encrypts it: its text, and what kind of value that text is. */
export interface Plain {
  text: string;
  type: string;
}

/** What a value is bound to: the keys that lead to it, each with a colon behind it. */
export const pathText = (path: readonly string[]): string => `${path.join(':')}:`;

const FORM =
  /^ENC\[AES256_GCM,data:([A-Za-z0-9+/]+=*),iv:([A-Za-z0-9+/]+=*),tag:([A-Za-z0-9+/]+=*),type:(\w+)\]$/;

/** SOPS's own sizes, in bytes: 32 of the nonce, where others use 12, and 16 of the tag. */
const NONCE = 32;
const TAG = 16;

/** `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]` (SOPS 3: AES-256-GCM, bound to `context`). */
export function encryptValue({ text, type }: Plain, key: Uint8Array, context: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = { data, iv: nonce, tag: cipher.getAuthTag() };
  const told = Object.entries(parts).map(([name, bytes]) => `${name}:${bytes.toString('base64')}`);
  return `ENC[AES256_GCM,${told.join(',')},type:${type}]`;
}

export const isEncrypted = (text: string): boolean => FORM.test(text);

/** The value, or nothing where it was not encrypted by this key for this context, or was changed since. */
export function decryptValue(encrypted: string, key: Uint8Array, context: string): Plain | undefined {
  const [, data, iv, tag, type] = FORM.exec(encrypted) ?? [];
  if (data === undefined || iv === undefined || tag === undefined || type === undefined) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: TAG });
    decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64'));
    const text = Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString('utf8');
    return { text, type };
  } catch {
    return undefined; // the tag does not fit, which is all that can be known
  }
}
