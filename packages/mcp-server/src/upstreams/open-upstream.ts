import type { McpServerHealth } from '@smart-ai-hub/shared/contracts';
import { createBreaker } from '../providers/breaker.ts';
import { openQueue } from '../providers/queue.ts';
import type { Connection, HearNews } from './connection.ts';
import { listTools, type SeenTools } from './list-tools.ts';
import type { Answer, Question } from './question.ts';
import { type HeldSession, openSessions } from './sessions.ts';
import { openSubscriptions, type Subscriptions } from './subscriptions.ts';
import type { UpstreamSettings } from './upstream.ts';
import { isServersFault, UpstreamRefusal } from './upstream-failure.ts';

/** A server that is kept, with the conversations that are open with it. */
export interface Upstream {
  /** Asks in the conversation of this person. */
  ask: (person: string, question: Question) => Promise<Answer>;
  /** What it says that it has. */
  capabilities: (person: string, signal: AbortSignal) => Promise<Connection['capabilities']>;
  /** News of a resource, in the conversation of this person. */
  subscribe: Subscriptions['add'];
  /** The tools that it has, at most half a minute old. */
  tools: (person: string) => Promise<SeenTools>;
  /** The same, asked for now. */
  refresh: (person: string, signal: AbortSignal) => Promise<SeenTools>;
  health: () => Omit<McpServerHealth, 'serverId'>;
  close: () => Promise<void>;
}

export interface UpstreamEvents {
  /** Hears of the tools each time they were asked for. */
  onTools: (tools: SeenTools) => void;
}

/** Milliseconds that the list of tools is believed; less where the server says that it has changed. */
const FRESH = 30_000;
/** Milliseconds that a call waits for a place. */
const PATIENCE = 5_000;

/** Opens nothing yet: a conversation begins with the first question. */
export function openUpstream(settings: UpstreamSettings, { onTools }: UpstreamEvents): Upstream {
  const { name, maxConcurrent: places } = settings;
  const code = 'mcp-server-failed';
  const breaker = createBreaker(name, { percent: settings.breakerPercent, isFault: isServersFault, code });
  const queue = openQueue({
    ...{ name, places, seats: places, patience: PATIENCE },
    code: 'mcp-server-busy',
  });
  const seen = keepLists(settings);
  const sessions = openSessions(settings, seen.forget);
  const told = watchHealth();

  const converse = async <T>(
    person: string,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> => {
    const speak = async (connection: Connection) => {
      signal.throwIfAborted();
      told.spoke(connection.protocolVersion);
      return work(connection).catch(refusalOf);
    };
    const outcome = await told.watch(() =>
      queue(() => breaker.run(() => sessions.use(person, speak)), signal),
    );
    if (outcome instanceof UpstreamRefusal) throw outcome;
    return outcome;
  };

  const hold = (person: string) => told.watch(() => breaker.run(() => sessions.hold(person)));
  const subscriptions = openSubscriptions({
    perPerson: settings.perPerson,
    begin: async (person, onNews) => listenIn(await hold(person), onNews),
  });

  const refresh = async (person: string, signal: AbortSignal) => {
    const tools = await converse(person, signal, (connection) => listTools(connection, signal));
    onTools(tools);
    return tools;
  };
  return {
    ask: (person, question) => converse(person, question.signal, (connection) => connection.ask(question)),
    capabilities: (person, signal) =>
      converse(person, signal, (connection) => Promise.resolve(connection.capabilities)),
    // several wait for it, whoever asked first
    tools: (person) => seen.latest(person, () => refresh(person, new AbortController().signal)),
    subscribe: subscriptions.add,
    refresh,
    health: () => {
      const { protocolVersion, error, since } = told.now();
      const state = breaker.state() === 'closed' ? told.now().state : 'resting';
      return { state, protocolVersion, error, since, open: sessions.count() };
    },
    close: () => {
      subscriptions.close();
      return sessions.close();
    },
  };
}

/** The lists of tools that were asked for lately, by conversation. */
function keepLists({ perPerson }: UpstreamSettings) {
  const seen = new Map<string, { tools: Promise<SeenTools>; at: number }>();
  return {
    forget: () => {
      seen.clear();
    },
    latest: (person: string, ask: () => Promise<SeenTools>): Promise<SeenTools> => {
      const key = perPerson ? person : '';
      const known = seen.get(key);
      if (known && performance.now() - known.at < FRESH) return known.tools;
      const tools = ask();
      tools.catch(() => seen.delete(key));
      seen.set(key, { tools, at: performance.now() });
      return tools;
    },
  };
}

/** Listens in a conversation, which is left where the server is not listened to. */
async function listenIn({ connection, leave }: HeldSession, onNews: HearNews) {
  try {
    return { listening: await connection.listen(onNews), leave };
  } catch (error) {
    leave();
    throw error;
  }
}

/** A refusal is an answer: the server is well. */
function refusalOf(error: unknown): UpstreamRefusal {
  if (error instanceof UpstreamRefusal) return error;
  throw error;
}

type Told = Pick<McpServerHealth, 'state' | 'protocolVersion' | 'error' | 'since'>;

/** What the last answers told of a server. */
function watchHealth() {
  let facts: Told = { state: 'unasked', protocolVersion: null, error: null, since: null };
  const turn = (state: Told['state'], error: string | null) => {
    const since = facts.state === state ? facts.since : new Date().toISOString();
    facts = { ...facts, state, error, since };
  };
  const watch = async <T>(run: () => Promise<T>): Promise<T> => {
    const outcome = await run().catch((error: unknown) => {
      if (isServersFault(error)) turn('down', error.message);
      throw error;
    });
    turn('up', null);
    return outcome;
  };
  return {
    watch,
    now: () => facts,
    spoke: (protocolVersion: string) => {
      facts = { ...facts, protocolVersion };
    },
  };
}
