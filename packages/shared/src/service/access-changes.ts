import type { Actor } from '../contracts/index.ts';
import type { KeyValue } from './key-value/key-value.ts';

/** Tells every process that somebody's access has changed; what it is now stands in the database. */
export interface AccessChanges {
  /**
   * After the change was committed: whoever asks from now on gets what is true now. A subject is what access
   * depends on, as `kind:id`: user, role, or a kind of credential; or PROVIDERS_CHANGED.
   */
  announce: (...subjects: string[]) => Promise<void>;
  /**
   * `onChange` for each subject. `onDoubt` whenever an announcement may have been missed: nothing that was
   * learned before may be believed.
   */
  follow: (onChange: (subject: string) => void, onDoubt: () => void) => Promise<void>;
  /** False while announcements cannot be heard: then nothing that is kept may be believed. */
  isHeard: () => boolean;
}

const CHANNEL = 'access-changes';

/** Over the store that all processes share. */
export function openAccessChanges(store: KeyValue): AccessChanges {
  let isHeard = false;
  return {
    announce: async (...subjects) => {
      for (const subject of subjects) await store.publish(CHANNEL, subject);
    },
    follow: async (onChange, onDoubt) => {
      await store
        .subscribe(CHANNEL, onChange, (isLive) => {
          isHeard = isLive;
          onDoubt();
        })
        .catch((): undefined => undefined); // the store is away: it subscribes, and says so, once it is back
    },
    isHeard: () => isHeard,
  };
}

/** True where what this actor may do depends on the subject of a change. */
export const dependsOn = ({ userId, credential, roles, teams = [] }: Actor, subject: string): boolean =>
  subject === `user:${userId}` ||
  teams.some(({ id }) => subject === `team:${id}`) ||
  subject === `${credential.kind}:${credential.id}` ||
  roles.some((role) => subject === `role:${role}`);
