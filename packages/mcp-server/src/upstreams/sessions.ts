import { DomainError } from '@smart-ai-hub/shared/contracts';
import { type Connection, connectUpstream } from './connection.ts';
import type { UpstreamSettings } from './upstream.ts';

interface Session {
  connection: Promise<Connection>;
  /** Calls that are under way. */
  calls: number;
  idle?: NodeJS.Timeout;
}

export interface Sessions {
  /** Runs a call in the conversation of whoever it is for, which is opened where there is none. */
  use: <T>(person: string, work: (connection: Connection) => Promise<T>) => Promise<T>;
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
    if (!unused) {
      const detail = `${settings.name} has as many conversations as it may have`;
      throw new DomainError('mcp-server-busy', { detail, retryAfter: 1 });
    }
    void end(...unused);
  };
  const begin = (key: string): Session => {
    makeRoom();
    const session: Session = { connection: connectUpstream(settings, onListChanged), calls: 0 };
    session.connection.catch(() => end(key, session));
    open.set(key, session);
    return session;
  };
  const enter = (session: Session) => {
    clearTimeout(session.idle);
    session.calls += 1;
  };
  const leave = (key: string, session: Session) => {
    session.calls -= 1;
    if (session.calls === 0 && open.get(key) === session)
      session.idle = setTimeout(() => void end(key, session), settings.idleTimeout).unref();
  };

  return {
    use: async (person, work) => {
      const key = settings.perPerson ? person : EVERYBODY;
      for (;;) {
        const session = open.get(key) ?? begin(key);
        enter(session);
        try {
          const connection = await session.connection;
          if (!connection.isOver()) return await work(connection);
        } finally {
          leave(key, session);
        }
        await end(key, session);
      }
    },
    count: () => open.size,
    close: async () => {
      await Promise.all([...open].map(([key, session]) => end(key, session)));
    },
  };
}
