import { DomainError } from '@smart-ai-hub/shared/contracts';
import { type Connection, connectUpstream } from './connection.ts';
import type { UpstreamSettings } from './upstream.ts';

interface Session {
  connection: Promise<Connection>;
  /** Calls that are under way. */
  calls: number;
  idle?: NodeJS.Timeout;
}

/** A conversation that somebody is in, until they leave it, once. */
export interface HeldSession {
  connection: Connection;
  leave: () => void;
}

export interface Sessions {
  /** Runs a call in the conversation of whoever it is for, which is opened where there is none. */
  use: <T>(person: string, work: (connection: Connection) => Promise<T>) => Promise<T>;
  /**
   * The same conversation for as long as somebody listens. Where people have their own, those that are held are at most
   * half of all, so that others can be served; rejects with `mcp-server-busy` then.
   */
  hold: (person: string) => Promise<HeldSession>;
  count: () => number;
  close: () => Promise<void>;
}

/** The one conversation of a server that everybody shares. */
const EVERYBODY = '*';

/**
 * Conversations with one server: one for each person where they must not meet, else one for all. Those that nobody uses
 * end after a while, or when somebody else needs the place; where all are used, another rejects with `mcp-server-busy`.
 */
export function openSessions(settings: UpstreamSettings, onListChanged: () => void): Sessions {
  const { enter, ...conversations } = openConversations(settings, onListChanged);
  let held = 0;
  return {
    ...conversations,
    use: async (person, work) => {
      const { connection, leave } = await enter(person);
      try {
        return await work(connection);
      } finally {
        leave();
      }
    },
    hold: async (person) => {
      if (settings.perPerson && held >= Math.floor(settings.maxSessions / 2))
        throw busy(settings, 'listeners');
      held += 1;
      const entered = enter(person);
      entered.catch(() => {
        held -= 1;
      });
      const { connection, leave: left } = await entered;
      const leave = () => {
        held -= 1;
        left();
      };
      return { connection, leave };
    },
  };
}

const busy = ({ name }: UpstreamSettings, what: string) =>
  new DomainError('mcp-server-busy', { detail: `${name} has as many ${what} as it may have`, retryAfter: 1 });

function openConversations(settings: UpstreamSettings, onListChanged: () => void) {
  const open = new Map<string, Session>();
  const end = async (key: string, session: Session) => {
    if (open.get(key) === session) open.delete(key);
    clearTimeout(session.idle);
    await session.connection.then(
      (connection) => connection.close(),
      () => undefined, // it was never there
    );
  };
  const makeRoom = () => {
    if (open.size < settings.maxSessions) return;
    const [unused] = [...open].filter(([, { calls }]) => calls === 0);
    if (!unused) throw busy(settings, 'conversations');
    void end(...unused);
  };
  const begin = (key: string): Session => {
    makeRoom();
    const session: Session = { connection: connectUpstream(settings, onListChanged), calls: 0 };
    session.connection.catch(() => end(key, session));
    open.set(key, session);
    return session;
  };
  const leave = (key: string, session: Session) => {
    session.calls -= 1;
    if (session.calls === 0 && open.get(key) === session)
      session.idle = setTimeout(() => void end(key, session), settings.idleTimeout).unref();
  };

  const enter = async (person: string): Promise<HeldSession> => {
    const key = settings.perPerson ? person : EVERYBODY;
    for (;;) {
      const session = open.get(key) ?? begin(key);
      clearTimeout(session.idle);
      session.calls += 1;
      const connection = await session.connection.catch((error: unknown) => {
        leave(key, session);
        throw error;
      });
      if (!connection.isOver()) return { connection, leave: () => leave(key, session) };
      leave(key, session);
      await end(key, session);
    }
  };

  return {
    enter,
    count: () => open.size,
    close: async () => {
      await Promise.all([...open].map(([key, session]) => end(key, session)));
    },
  };
}
