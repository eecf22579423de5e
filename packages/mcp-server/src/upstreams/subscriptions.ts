import { z } from 'zod';
import { oneAtATime } from '../one-at-a-time.ts';
import type { HearNews } from './connection.ts';
import type { Listening } from './listening.ts';
import { isForgotten, type UpstreamRefusal } from './upstream-failure.ts';

/** Milliseconds before a conversation that broke off is begun anew, and at most, where it breaks off again and again. */
const SOON = 1_000;
const LATE = 60_000;

/** Somebody who is told of a resource. */
export interface Listener {
  onNews: HearNews;
  /** The server is spoken to in this way no more: whoever still wants to hear it begins anew. */
  onEnd?: () => void;
}

export interface Subscription {
  /** Rejects where the server does not take it, and where it cannot be asked; it is asked again until somebody leaves. */
  taken: Promise<void>;
  /** Resolves once the server knows. */
  leave: () => Promise<void>;
}

export interface Subscriptions {
  /** News of a resource, in the conversation of this person; all who want the same there share one subscription. */
  add: (person: string, uri: string, listener: Listener) => Subscription;
  close: () => void;
}

/** Begins to listen in the conversation of a person; `leave` ends that. */
export type BeginListening = (
  person: string,
  onNews: HearNews,
) => Promise<{ listening: Listening; leave: () => void }>;

interface Options {
  begin: BeginListening;
  perPerson: boolean;
}

/** What is listened to of one server, in each conversation; nothing is where nobody listens. */
export function openSubscriptions({ begin, perPerson }: Options): Subscriptions {
  const conversations = new Map<string, ReturnType<typeof openConversation>>();
  return {
    add: (person, uri, listener) => {
      const key = perPerson ? person : '';
      const known = conversations.get(key);
      const conversation = known ?? openConversation((onNews) => begin(person, onNews));
      conversations.set(key, conversation);
      const { taken, leave } = conversation.add(uri, listener);
      const leaveIt = async () => {
        await leave();
        // not before: a server that is still being told would mistake the next one for this
        if (conversation.isEmpty() && conversations.get(key) === conversation) conversations.delete(key);
      };
      return { taken, leave: leaveIt };
    },
    close: () => {
      for (const conversation of conversations.values()) conversation.end();
    },
  };
}

type Begun = Awaited<ReturnType<BeginListening>>;

/** One conversation: it is begun with the first listener, anew whenever it breaks off, and ends with the last one. */
function openConversation(begin: (onNews: HearNews) => Promise<Begun>) {
  const listeners = openListeners();
  /** Of these something may have been told that nobody heard. */
  const missed = new Set<string>();
  const server = openEar(() => begin(listeners.hear), {
    onMissed: (uris) => {
      for (const uri of uris) missed.add(uri);
    },
    onLost: (lasted) => {
      if (lasted > LATE) retry.reset();
      retry.later();
    },
  });
  const sync = oneAtATime(async () => {
    if (listeners.isEmpty()) {
      retry.reset();
      await server.stop();
      missed.clear();
      return;
    }
    await server.want(listeners.uris()).catch((error: unknown) => {
      for (const uri of listeners.uris()) missed.add(uri); // whoever goes on is told once it goes well
      retry.later();
      throw error;
    });
    for (const uri of missed) listeners.tell(uri, { uri });
    missed.clear();
  });
  const retry = openRetry(sync);

  return {
    isEmpty: listeners.isEmpty,
    add: (uri: string, listener: Listener): Subscription => {
      const remove = listeners.add(uri, listener);
      const taken = sync().then(() => {
        server.requireTaken(uri);
      });
      taken.catch(() => undefined); // whoever waits for it hears of it
      const leave = async () => {
        remove();
        await sync().catch(() => undefined); // who is left is told as soon as it can be
      };
      return { taken, leave };
    },
    end: () => {
      const left = listeners.takeAll();
      void sync();
      for (const { onEnd } of left) onEnd?.();
    },
  };
}

interface EarEvents {
  /** Nobody heard what was told of these. */
  onMissed: (uris: readonly string[]) => void;
  /** It broke off, after so many milliseconds. */
  onLost: (lasted: number) => void;
}

/** What the server was asked for. */
function openEar(begin: () => Promise<Begun>, { onMissed, onLost }: EarEvents) {
  let begun: Begun | undefined;
  let asked: readonly string[] = [];
  let refused: ReadonlyMap<string, UpstreamRefusal> = new Map();

  const drop = () => {
    const before = begun;
    onMissed(asked);
    begun = undefined;
    asked = [];
    before?.listening.end();
    before?.leave();
  };
  const start = async (): Promise<Begun> => {
    const fresh = await begin();
    const at = performance.now();
    begun = fresh;
    void fresh.listening.over.then(() => {
      if (begun !== fresh) return;
      drop();
      onLost(performance.now() - at);
    });
    return fresh;
  };
  const ask = async (uris: readonly string[]) => {
    const { listening } = begun ?? (await start());
    if (JSON.stringify(asked) === JSON.stringify(uris)) return;
    refused = await listening.want(uris);
    asked = uris;
  };
  const askOrDrop = async (uris: readonly string[]) => {
    try {
      await ask(uris);
    } catch (error) {
      drop();
      throw error;
    }
  };
  return {
    want: (uris: readonly string[]) =>
      askOrDrop(uris).catch((error: unknown) => {
        if (!isForgotten(error)) throw error;
        return askOrDrop(uris); // in another session, at once
      }),
    requireTaken: (uri: string) => {
      const refusal = refused.get(uri);
      if (refusal) throw refusal;
    },
    stop: async () => {
      await begun?.listening.want([]).catch(() => undefined); // it broke off meanwhile
      drop();
    },
  };
}

/** Tries again after a while, each time after a longer one. */
function openRetry(run: () => Promise<void>) {
  let pause = SOON;
  let timer: NodeJS.Timeout | undefined;
  return {
    later: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void run().catch(() => undefined), pause).unref(); // who fails asks for the next time
      pause = Math.min(pause * 2, LATE);
    },
    reset: () => {
      clearTimeout(timer);
      pause = SOON;
    },
  };
}

const update = z.looseObject({ uri: z.string() });

/** Who wants to hear of what. */
function openListeners() {
  const wanted = new Map<string, Set<Listener>>();
  const tell = (uri: string, news: Record<string, unknown>) => {
    for (const { onNews } of wanted.get(uri) ?? []) onNews(news);
  };
  return {
    isEmpty: () => wanted.size === 0,
    uris: () => [...wanted.keys()].toSorted(),
    hear: ((news) => {
      const { data } = update.safeParse(news);
      for (const uri of wanted.keys()) if (data && isWithin(data.uri, uri)) tell(uri, news);
    }) satisfies HearNews,
    tell,
    add: (uri: string, listener: Listener) => {
      wanted.set(uri, (wanted.get(uri) ?? new Set()).add(listener));
      return () => {
        const listeners = wanted.get(uri);
        listeners?.delete(listener);
        if (listeners?.size === 0) wanted.delete(uri);
      };
    },
    takeAll: (): Listener[] => {
      const all = [...wanted.values()].flatMap((some) => [...some]);
      wanted.clear();
      return all;
    },
  };
}

/** A server may tell of a part of what was asked for (MCP 2025-11-25, `notifications/resources/updated`). */
const isWithin = (told: string, uri: string): boolean =>
  told === uri || told.startsWith(uri.endsWith('/') ? uri : `${uri}/`);
