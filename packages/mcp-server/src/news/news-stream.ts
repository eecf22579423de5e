import type { EventSink } from '../completions/event-sink.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Listener, Subscription } from '../upstreams/subscriptions.ts';

/** Milliseconds between two signs of life in a stream; with each it is looked whether it may go on. */
const BEAT = 15_000;

/** Milliseconds for which a client that subscribes waits until its stream tells of it; then it goes on. */
export const PATIENCE = 5_000;

/** What a client listens to, and how it is told. */
export interface NewsWish {
  /** The resources that it may hear of now; nothing once it may hear no more. Rejects while that cannot be known. */
  look: () => Promise<readonly string[] | undefined>;
  subscribe: (uri: string, listener: Listener) => Subscription;
  /** A message that tells of a resource. */
  newsOf: (params: Record<string, unknown>) => object;
  /** What is said at the end, where the hub ends it. */
  farewell?: object;
}

export interface NewsStream {
  /** Says this first; from then on news is told. */
  begin: (text: string) => void;
  /**
   * Looks at what is wanted now; answers whether it goes on. What is new is told at once, since it may have changed before,
   * unless its client waits for this look (`isAwaited`).
   */
  look: (isAwaited?: boolean) => Promise<boolean>;
  end: () => void;
}

/**
 * A stream of events in which a client hears of resources. What waits for a slow reader is one message for each resource.
 * Before anything is told it is looked whether its client may still hear it.
 */
export function openNewsStream(sink: EventSink, { look, subscribe, newsOf, farewell }: NewsWish): NewsStream {
  const waiting = openWaitingRoom();
  const writer = openWriter(sink);
  const wanted = async () => {
    const uris = await look();
    if (!uris) end();
    return writer.state() === 'over' ? undefined : uris;
  };
  const flush = oneAtATime(async () => {
    if (writer.state() !== 'open' || waiting.isEmpty()) return;
    const uris = await wanted();
    const said = waiting.take(uris ?? []).map((news) => eventOf(newsOf(news)));
    if (said.length > 0) await writer.write(said.join(''));
  });
  const tellSoon = () => void flush().catch(() => undefined); // what waits is told after the next look
  const hear = (uri: string, news: Record<string, unknown>) => {
    waiting.add(uri, news);
    tellSoon();
  };
  const open = keepSubscriptions((uri) =>
    subscribe(uri, {
      onEnd: () => {
        end();
      },
      onNews: (news) => {
        hear(uri, news);
      },
    }),
  );
  const end = () => {
    writer.end(farewell && eventOf(farewell));
    void open.replace([]);
  };
  let isWaitedFor = false;
  const sync = oneAtATime(async () => {
    const isNew = !isWaitedFor;
    isWaitedFor = false;
    const askedAt = performance.now();
    const uris = await wanted();
    const added = uris && (await open.replace(uris));
    const isLate = performance.now() - askedAt > PATIENCE / 2; // who waited may have gone on
    if (isNew || isLate) for (const uri of added ?? []) hear(uri, { uri });
    tellSoon();
  });
  const lookNow = async (isAwaited = false) => {
    isWaitedFor ||= isAwaited;
    if (writer.state() !== 'over') await sync();
    return writer.state() !== 'over';
  };
  return {
    begin: (text) => {
      writer.begin(text, () => void lookNow().catch(() => undefined)); // it cannot be known at present
      tellSoon();
    },
    look: lookNow,
    end,
  };
}

/** Writes to a client, and gives signs of life. */
function openWriter(sink: EventSink) {
  let state: 'new' | 'open' | 'over' = 'new';
  let isFull = false;
  let beating: NodeJS.Timeout | undefined;
  const write = async (text: string) => {
    isFull = true;
    await sink.write(text);
    isFull = false;
  };
  return {
    state: () => state,
    write,
    begin: (text: string, onBeat: () => void) => {
      if (state !== 'new') return;
      state = 'open';
      void write(text);
      beating = setInterval(() => {
        if (!isFull) void write(': keepalive\n\n');
        onBeat();
      }, BEAT).unref();
    },
    end: (farewell: string | undefined) => {
      if (state === 'open' && farewell !== undefined) void sink.write(farewell);
      state = 'over';
      clearInterval(beating);
      sink.end();
    },
  };
}

/** What is subscribed to for one client. */
function keepSubscriptions(subscribe: (uri: string) => Subscription) {
  const open = new Map<string, Subscription>();
  return {
    /** Resolves with what is new, once its server has said something to it. */
    replace: async (uris: readonly string[]): Promise<string[]> => {
      for (const [uri, { leave }] of open) {
        if (uris.includes(uri)) continue;
        open.delete(uri);
        void leave();
      }
      const added = uris.filter((uri) => !open.has(uri));
      const taken = added.map((uri) => {
        const subscription = subscribe(uri);
        open.set(uri, subscription);
        return subscription.taken;
      });
      await Promise.allSettled(taken); // what failed is asked for again, and told then
      return added;
    },
  };
}

/** News that nobody has taken yet. */
function openWaitingRoom() {
  const waiting = new Map<string, Record<string, unknown>>();
  return {
    isEmpty: () => waiting.size === 0,
    /** Of two parts of one resource that changed, the resource is told. */
    add: (uri: string, news: Record<string, unknown>) => {
      const before = waiting.get(uri);
      waiting.set(uri, before && before['uri'] !== news['uri'] ? { uri } : news);
    },
    take: (uris: readonly string[]): Record<string, unknown>[] => {
      const taken = [...waiting].filter(([uri]) => uris.includes(uri)).map(([, news]) => news);
      waiting.clear();
      return taken;
    },
  };
}

const eventOf = (message: object): string =>
  `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
