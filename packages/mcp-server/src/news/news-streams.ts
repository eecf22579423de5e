import { randomUUID } from 'node:crypto';
import { type Actor, DomainError } from '@smart-ai-hub/shared/contracts';
import { bearerToken, type KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import { eventSink } from '../completions/event-sink.ts';
import { type LiveActor, type LiveActorParts, openLiveActor } from '../socket/live-actor.ts';
import { type NewsStream, type NewsWish, openNewsStream, PATIENCE } from './news-stream.ts';

/** Streams of one person, in one process: as many as they may have sessions. */
const MOST = 32;
const CHANNEL = 'mcp-news';

/** What a stream is opened for. */
export type StreamWish = Omit<NewsWish, 'look'> & {
  /** The session whose client listens; one of today has none. */
  session?: string;
  look: (actor: Actor) => Promise<readonly string[] | undefined>;
  /** It is over, whoever ended it. */
  onClose?: () => void;
};

/** The streams of this process in which clients hear of resources. */
export interface NewsStreams {
  /** Throws `rate-limited` where this person has as many as they may have. */
  requireRoom: (userId: string) => void;
  /** A stream to whoever asks, until they leave, may hear it no more, or the process ends; nothing is said in it yet. */
  open: (ctx: Pick<CallContext, 'actor' | 'http'>, wish: StreamWish) => NewsStream;
  /** Something of this session has changed. Where `isHeard`, resolves once the stream that tells it has looked. */
  changed: (session: string, isHeard?: boolean) => Promise<void>;
  close: () => void;
}

interface Open {
  userId: string;
  session: string | undefined;
  live: LiveActor;
}

const changedWord = z.object({ session: z.string(), ask: z.string().optional() });
const told = z.union([changedWord, z.object({ seen: z.string() })]);

/** Each process tells the sessions whose `GET` it holds; over the store it hears that it should look at one again. */
export async function openNewsStreams(
  keyValue: Pick<KeyValue, 'publish' | 'subscribe'>,
  parts: LiveActorParts,
): Promise<NewsStreams> {
  const streams = new Map<NewsStream, Open>();
  const changed = await openWord(keyValue, streams);
  await followAccess(parts, streams);
  const requireRoom = (userId: string) => {
    const open = [...streams.values()].filter((one) => one.userId === userId);
    if (open.length >= MOST) throw tooMany();
  };
  return {
    requireRoom,
    open: ({ actor, http: { request, reply } }, { session, look, onClose, ...wish }) => {
      requireRoom(actor.userId);
      const token = bearerToken(request.headers.authorization) ?? '';
      const live = openLiveActor({ actor, token }, parts);
      const lookNow = async () => {
        const now = await live.now().catch(noMore);
        return now && look(now);
      };
      const stream = openNewsStream(eventSink(reply), { ...wish, look: lookNow });
      streams.set(stream, { userId: actor.userId, session, live });
      const close = () => {
        streams.delete(stream);
        stream.end();
        onClose?.();
      };
      if (reply.raw.destroyed) close();
      else reply.raw.once('close', close);
      return stream;
    },
    changed,
    close: () => {
      for (const stream of streams.keys()) stream.end();
    },
  };
}

type Streams = ReadonlyMap<NewsStream, Open>;

async function lookAgain(stream: NewsStream, onSeen?: () => Promise<void>): Promise<void> {
  try {
    if (await stream.look(onSeen !== undefined)) await onSeen?.();
  } catch {
    // it cannot be known at present: it looks again by itself
  }
}

/** Word between processes that something of a session has changed, and that its stream has looked. */
async function openWord(
  keyValue: Pick<KeyValue, 'publish' | 'subscribe'>,
  streams: Streams,
): Promise<NewsStreams['changed']> {
  const asking = new Map<string, () => void>();
  const publish = (said: z.output<typeof told>) => keyValue.publish(CHANNEL, JSON.stringify(said));
  const hear = ({ session, ask }: z.output<typeof changedWord>) => {
    const onSeen = ask === undefined ? undefined : () => publish({ seen: ask });
    for (const [stream, open] of streams) if (open.session === session) void lookAgain(stream, onSeen);
  };
  await keyValue
    .subscribe(CHANNEL, (text) => {
      const { data } = told.safeParse(JSON.parse(text));
      if (data && 'seen' in data) asking.get(data.seen)?.();
      else if (data) hear(data);
    })
    .catch((): undefined => undefined); // the store is away: it subscribes once it is back
  return async (session, isHeard = false) => {
    if (!isHeard) return publish({ session });
    const ask = randomUUID();
    const seen = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE).unref(); // it looks by itself, and tells what it may have missed
      asking.set(ask, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    try {
      await Promise.all([seen, publish({ session, ask })]);
    } finally {
      asking.delete(ask);
    }
  };
}

/** Where somebody’s access changes, their streams look at once whether they may go on. */
const followAccess = ({ changes }: LiveActorParts, streams: Streams): Promise<void> =>
  changes.follow(
    (subject) => {
      for (const [stream, { live }] of streams) {
        if (!live.dependsOn(subject)) continue;
        live.doubt();
        void lookAgain(stream);
      }
    },
    () => {
      for (const { live } of streams.values()) live.doubt();
    },
  );

/** Nobody, for a credential that has ended; what else goes wrong may be over soon. */
function noMore(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'unauthenticated') return;
  throw error;
}

const tooMany = () =>
  new DomainError('rate-limited', { detail: `${MOST} streams of this person are open: close one` });
