import type { Session } from '@smart-ai-hub/shared/contracts';
import type { Lock, SessionStore } from './session.ts';

const NAME = 'smart-ai-hub-session';
const SIGNED_OUT = 'signed-out';

interface TabLocks {
  request: (name: string, refresh: () => Promise<Session>) => Promise<Session>;
}

/** Web Locks exist in secure contexts only; elsewhere tabs cannot take turns, and one tab needs none. */
export function createLock(locks: TabLocks | undefined): Lock {
  return (refresh) => (locks ? locks.request(NAME, refresh) : refresh());
}

type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

/** Signing out in one tab ends the session in all of them. Answers how to tell the others. */
export function followOtherTabs(session: SessionStore, channel: Channel = new BroadcastChannel(NAME)) {
  channel.addEventListener('message', ({ data }) => {
    if (data === SIGNED_OUT && session.user()) session.end();
  });
  return () => channel.postMessage(SIGNED_OUT);
}
