import { DomainError, SOCKET_CLOSES } from '@smart-ai-hub/shared/contracts';
import type { AccessChanges } from '@smart-ai-hub/shared/service';
import type { Connection } from './connection.ts';
import type { LiveActor } from './live-actor.ts';

/** Milliseconds that calls have to end when the process does. */
const DRAIN = 8_000;

/** RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;

export interface OpenSockets {
  /** Throws `rate-limited` where this person has as many as they may have. */
  requireRoom: (userId: string) => void;
  add: (userId: string, connection: Connection, live: LiveActor) => void;
  /** Ends those whose credential has ended. */
  endOf: (connection: Connection) => void;
  /** Ends them all, each when its calls have ended. */
  drain: () => Promise<void>;
}

interface Limits {
  /** Milliseconds between two questions whether a client is still there. */
  pingInterval: number;
  /** In this process. */
  socketsPerPerson: number;
}

/** Every WebSocket of this process: asks each whether it is still there, and hears when somebody's access changes. */
export async function openSockets(
  changes: AccessChanges,
  { pingInterval, socketsPerPerson }: Limits,
): Promise<OpenSockets> {
  const counts = new Map<string, number>();
  const open = new Map<Connection, LiveActor>();
  const beating = setInterval(() => {
    for (const connection of open.keys()) connection.beat();
  }, pingInterval);

  const endOf = (connection: Connection) => {
    connection.end(SOCKET_CLOSES.credentialEnded, 'the token or key has ended');
  };
  const checkNow = (connection: Connection, live: LiveActor) => {
    live.now().catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'unauthenticated') endOf(connection);
    });
  };
  await changes.follow(
    (subject) => {
      for (const [connection, live] of open) {
        if (!live.dependsOn(subject)) continue;
        live.doubt();
        // what a role may do ends no credential, and may be about everybody
        if (!subject.startsWith('role:')) checkNow(connection, live);
      }
    },
    () => {
      for (const live of open.values()) live.doubt();
    },
  );

  return {
    requireRoom: (userId) => {
      if ((counts.get(userId) ?? 0) < socketsPerPerson) return;
      const detail = `${socketsPerPerson} WebSockets of this person are open`;
      throw new DomainError('rate-limited', { detail });
    },
    add: (userId, connection, live) => {
      open.set(connection, live);
      counts.set(userId, (counts.get(userId) ?? 0) + 1);
      void connection.ended.then(() => {
        open.delete(connection);
        const left = (counts.get(userId) ?? 0) - 1;
        if (left > 0) counts.set(userId, left);
        else counts.delete(userId);
      });
    },
    endOf,
    drain: async () => {
      clearInterval(beating);
      for (const connection of open.keys()) connection.end(GOING_AWAY, 'the hub is restarting');
      const ended = Promise.all([...open.keys()].map((connection) => connection.ended));
      await Promise.race([ended, after(DRAIN)]);
      for (const connection of open.keys()) connection.cut();
      await ended; // what was under way is settled as of a client who left
    },
  };
}

/** Without keeping the process alive. */
const after = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });
