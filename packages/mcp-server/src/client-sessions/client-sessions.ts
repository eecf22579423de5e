import { randomUUID } from 'node:crypto';
import { type Actor, DomainError } from '@smart-ai-hub/shared/contracts';
import type { KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** Of one person; another takes the place of the one that was used longest ago. */
const MOST = 32;
/** Resources of which one session is told, and one client of today. */
export const SUBSCRIPTIONS = 32;
/** Characters of an address of a resource, as it is kept. */
export const LONGEST_URI = 1_024;
/** Seconds after which a session ends that nobody used. */
const IDLE = 3_600;
/** Milliseconds in which one use of it counts for all. */
const USE = 60_000;
/** How often a change is tried again while others change the same. */
const TRIES = 20;

const able = z.object({}).optional();
/** What a client may be asked, and nothing else that it says of itself. */
export const clientCapabilities = z.object({
  elicitation: z.object({ form: able, url: able }).optional(),
  sampling: z.object({ tools: able, context: able }).optional(),
  roots: able,
});

const clientSession = z.object({
  id: z.string(),
  /** By what it was begun: nothing else goes on with it. */
  credential: z.string(),
  /** The path at which it was begun. */
  door: z.string(),
  capabilities: clientCapabilities,
  logLevel: z.string().optional(),
  /** Resources of which its client wants news. */
  subscriptions: z.array(z.string()).default([]),
  /** The stream in which it is told, by the last `GET`. */
  stream: z.string().optional(),
  /** Milliseconds since the epoch. */
  usedAt: z.number(),
});

/** What a client of 2025 said of itself when it connected (MCP 2025-11-25, session management). */
export type ClientSession = z.output<typeof clientSession>;
/** What another version kept is begun anew. */
const clientSessions = z.array(clientSession).catch([]);

type Owner = Pick<Actor, 'userId' | 'credential'>;

/** A session as its client names it. */
export interface Named {
  id: string;
  door: string;
}

export type Beginning = Pick<ClientSession, 'door' | 'capabilities'>;
/** Says what changes; what it throws leaves everything as it was. */
export type Amend = (session: ClientSession) => Partial<ClientSession>;

export interface ClientSessions {
  begin: (owner: Owner, facts: Beginning) => Promise<string>;
  /** Nothing where it is over, or never was this one's; a session that is found goes on. */
  find: (owner: Owner, named: Named) => Promise<ClientSession | undefined>;
  /** Changes what is known of it; answers how it is then, and nothing where it is over. */
  amend: (owner: Owner, named: Named, how: Amend) => Promise<ClientSession | undefined>;
  /** True where there was one to end. */
  end: (owner: Owner, named: Named) => Promise<boolean>;
}

/**
 * Sessions of clients, in the store that all processes share: whichever is asked knows them, and none holds anything for
 * them. All of a person stand together, so that nobody can name one of somebody else.
 */
export function openClientSessions(
  keyValue: Pick<KeyValue, 'get' | 'replace'>,
  now: () => number = Date.now,
): ClientSessions {
  const read = (value: string | undefined): ClientSession[] =>
    value === undefined
      ? []
      : clientSessions.parse(JSON.parse(value)).filter(({ usedAt }) => usedAt > now() - IDLE * 1000);

  const tryOnce = async ({ userId }: Owner, how: (all: ClientSession[]) => ClientSession[]) => {
    const before = await keyValue.get(keyOf(userId));
    const after = how(read(before));
    const value = after.length > 0 ? JSON.stringify(after) : undefined;
    return keyValue.replace(keyOf(userId), before, value, IDLE);
  };
  const change: typeof tryOnce = async (owner, how) => {
    for (let tries = 0; tries < TRIES; tries++) if (await tryOnce(owner, how)) return true;
    throw new DomainError('service-unavailable', { detail: 'the session could not be kept' });
  };
  /** As the one that was used last. */
  const used =
    (owner: Owner, named: Named, how: Amend = () => ({})) =>
    (all: ClientSession[]) => {
      const is = isNamed(owner, named);
      const found = all.filter(is).map((session) => ({ ...session, ...how(session), usedAt: now() }));
      return [...all.filter((session) => !is(session)), ...found];
    };

  return {
    begin: async (owner, facts) => {
      const session = {
        id: randomUUID(),
        credential: nameOf(owner),
        ...facts,
        subscriptions: [],
        usedAt: now(),
      };
      await change(owner, (all) => [...all, session].slice(-MOST));
      return session.id;
    },
    find: async (owner, named) => {
      const session = read(await keyValue.get(keyOf(owner.userId))).find(isNamed(owner, named));
      // where somebody else changes them at this moment, the next use counts
      if (session && session.usedAt < now() - USE) await tryOnce(owner, used(owner, named));
      return session;
    },
    amend: async (owner, named, how) => {
      let after: ClientSession[] = [];
      await change(owner, (all) => (after = used(owner, named, how)(all)));
      return after.find(isNamed(owner, named));
    },
    end: async (owner, named) => {
      let isEnded = false;
      await change(owner, (all) => {
        const others = all.filter((session) => !isNamed(owner, named)(session));
        isEnded = others.length < all.length;
        return others;
      });
      return isEnded;
    },
  };
}

const keyOf = (userId: string) => `mcp-sessions:${userId}`;
const nameOf = ({ credential: { kind, id } }: Owner) => `${kind}:${id}`;
const isNamed =
  (owner: Owner, { id, door }: Named) =>
  (session: ClientSession): boolean =>
    session.id === id && session.door === door && session.credential === nameOf(owner);
