import type { KeyValue } from './key-value/key-value.ts';

/** What can be taken back before its token expires. */
export type Subject = `session:${string}` | `key:${string}`;

export interface Revocations {
  /** Ends every token of the subject, in every process; resolves once that is sure. */
  revoke: (subject: Subject) => Promise<void>;
  isRevoked: (subject: Subject) => Promise<boolean>;
}

const CHANNEL = 'revoked';

/** Seconds a denial is kept: longer than any token that it must outlive. */
const KEEP = 16 * 60;

/** Subjects remembered per process, each way. */
const REMEMBERED = 50_000;

/**
 * Denials kept in the shared store and told to every process. A process asks the store once per subject and
 * then trusts what it is told; after a gap in the telling it asks again.
 */
export async function openRevocations(store: KeyValue): Promise<Revocations> {
  const denied = new Set<string>();
  const clean = new Set<string>();
  const remember = (set: Set<string>, subject: string) => {
    const oldest = set.size >= REMEMBERED ? set.values().next().value : undefined;
    if (oldest !== undefined) set.delete(oldest);
    set.add(subject);
  };
  const deny = (subject: string) => {
    remember(denied, subject);
    clean.delete(subject);
  };
  let gaps = 0;
  await store.subscribe(CHANNEL, deny, () => {
    gaps += 1;
    clean.clear();
  });

  return {
    revoke: async (subject) => {
      await store.set(`revoked:${subject}`, '1', KEEP);
      deny(subject);
      await store.publish(CHANNEL, subject);
    },
    isRevoked: async (subject) => {
      if (denied.has(subject)) return true;
      if (clean.has(subject)) return false;
      const asked = gaps;
      const found = (await store.get(`revoked:${subject}`)) !== undefined;
      if (found) deny(subject);
      else if (asked === gaps) remember(clean, subject); // an answer from before a gap is old
      return found;
    },
  };
}
