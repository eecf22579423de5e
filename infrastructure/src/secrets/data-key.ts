import { armor, Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import type { Secret } from './secret.ts';

/** A data key in an envelope that one reader opens. */
export interface Envelope {
  recipient: string;
  /** An age file, armored. */
  enc: string;
}

/** The data key for each recipient by itself, as SOPS does it; throws where a recipient is none. */
export async function wrap(dataKey: Uint8Array, recipients: readonly string[]): Promise<Envelope[]> {
  return Promise.all(
    recipients.map(async (recipient) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      return { recipient, enc: armor.encode(await encrypter.encrypt(dataKey)) };
    }),
  );
}

/** The data key, or nothing where none of the identities opens an envelope. */
export async function unwrap(
  envelopes: readonly Envelope[],
  identities: readonly Secret[],
): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity.reveal());
  for (const { enc } of envelopes) {
    const opened = await open(decrypter, enc);
    if (opened?.length === 32) return opened;
  }
  return undefined;
}

async function open(decrypter: Decrypter, enc: string): Promise<Uint8Array | undefined> {
  try {
    return await decrypter.decrypt(armor.decode(enc));
  } catch {
    return undefined; // for somebody else, or broken; the next may be ours
  }
}

/** The public part of an identity. */
export const recipientOf = (identity: Secret): Promise<string> => identityToRecipient(identity.reveal());
