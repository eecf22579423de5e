import { DomainError, type Session, type User } from '@smart-ai-hub/shared/contracts';
import { createListeners } from './listeners.ts';

type Refresh = () => Promise<Session>;

/** Refreshes while no other tab does. */
export type Lock = (refresh: Refresh) => Promise<Session>;

export interface SessionOptions {
  /** Trades the cookie for a new session. */
  refresh: Refresh;
  /** A refresh token is single-use, and a second use ends its session: tabs have to take turns. */
  lock: Lock;
  now?: () => number;
}

interface Held {
  session: Session;
  staleAt: number;
}

/** A token is renewed this long before it ends, so that none expires on its way. */
const MARGIN_MS = 30_000;

export type SessionStore = ReturnType<typeof createSession>;

/** Who is signed in. The access token stands in this closure and nowhere else. */
export function createSession({ refresh, lock, now = Date.now }: SessionOptions) {
  const { tell, subscribe } = createListeners();
  let held: Held | undefined;
  let known = false;
  let renewal: Promise<void> | undefined;
  let era = 0;

  function settle(session: Session | undefined) {
    era += 1;
    known = true;
    renewal = undefined;
    held = session && { session, staleAt: now() + session.expiresIn * 1000 - MARGIN_MS };
    tell();
  }

  /** An answer counts only if nobody signed in or out while it was under way. */
  async function renew(startedIn: number) {
    try {
      const session = await lock(refresh);
      if (era === startedIn) settle(session);
    } catch (error) {
      if (era !== startedIn) return;
      renewal = undefined;
      if (!isEnded(error)) throw error;
      settle(undefined);
    }
  }

  const renewOnce = () => (renewal ??= renew(era));

  return {
    user: () => held?.session.user,
    subscribe,
    /** Resolves once it is known whether somebody is signed in. */
    async start() {
      if (!known) await renewOnce();
      return held?.session.user;
    },
    /** A token that is good for a call; `rejected` is one that the hub has just refused. */
    async token(rejected?: string) {
      if (held && (now() >= held.staleAt || held.session.accessToken === rejected)) await renewOnce();
      return held?.session.accessToken;
    },
    adopt: (session: Session) => settle(session),
    /** What the hub says of the person after a change of theirs. */
    update(user: User) {
      if (held?.session.user.id !== user.id) return;
      held = { ...held, session: { ...held.session, user } };
      tell();
    },
    end: () => settle(undefined),
  };
}

function isEnded(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'invalid-refresh-token';
}

/** Calls back when somebody else, or nobody, is signed in; not for the first answer at page load. */
export function onPersonChange(session: SessionStore, changed: () => void): void {
  let person = session.user()?.id;
  session.subscribe(() => {
    const before = person;
    person = session.user()?.id;
    if (before !== undefined && before !== person) changed();
  });
}
