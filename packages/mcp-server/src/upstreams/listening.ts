import { type Client, SdkHttpError, SdkErrorCode } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { createEventParser } from '../completions/event-stream.ts';
import { upstreamFailure, UpstreamRefusal } from './upstream-failure.ts';

/** What a server tells of its resources in one conversation. */
export interface Listening {
  /** News of these and no others is wanted from now on; answers of which ones it gives none, and why. */
  want: (uris: readonly string[]) => Promise<ReadonlyMap<string, UpstreamRefusal>>;
  /** Resolves once nothing more will be told, however it ended. */
  over: Promise<unknown>;
  /** Nobody listens any more; what the server was asked for is not taken back. */
  end: () => void;
}

/** The protocol's code for what a server has no method for (JSON-RPC 2.0, 5.1). */
const NO_METHOD = -32_601;

const refusedBy = (error: unknown, name: string): UpstreamRefusal => {
  const failed = upstreamFailure(error, name);
  if (failed instanceof UpstreamRefusal) return failed;
  throw failed;
};

interface Old {
  /** Asks the server; rejects with its refusal. */
  ask: (method: string, params: Record<string, unknown>) => Promise<unknown>;
  /** Over HTTP: the stream in which it tells, which goes on as long as the conversation. */
  stream?: OldStream | undefined;
}

/** A server of 2025 is asked for each resource (MCP 2025-11-25, resources, subscriptions). */
export function listenToOld({ ask, stream }: Old): Listening {
  const taken = new Set<string>();
  const subscribe = async (uri: string): Promise<[string, UpstreamRefusal] | undefined> => {
    try {
      await ask('resources/subscribe', { uri });
      taken.add(uri);
      return undefined;
    } catch (error) {
      if (error instanceof UpstreamRefusal) return [uri, error];
      throw error;
    }
  };
  const unsubscribe = async (uri: string) => {
    taken.delete(uri);
    await ask('resources/unsubscribe', { uri }).catch(() => undefined); // what it still tells is heard by nobody
  };
  return {
    want: async (uris) => {
      await Promise.all([...taken].filter((uri) => !uris.includes(uri)).map(unsubscribe));
      const refused = await Promise.all(uris.filter((uri) => !taken.has(uri)).map(subscribe));
      return new Map(refused.filter((one) => one !== undefined));
    },
    over: stream?.ended ?? NEVER,
    end: () => undefined,
  };
}

const NEVER = new Promise<never>(() => undefined);

interface Today {
  client: Pick<Client, 'listen'>;
  name: string;
  /** Milliseconds in which the server acknowledges. */
  timeout: number;
}

/** A server of today is told of all resources at once; where they change, a new stream takes the place of the old. */
export function listenToToday({ client, name, timeout }: Today): Listening {
  let current: Awaited<ReturnType<Client['listen']>> | undefined;
  let lose: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    lose = resolve;
  });
  const listen = async (uris: readonly string[]) => {
    const next = await client.listen({ resourceSubscriptions: [...uris] }, { timeout });
    void next.closed.then((how) => {
      if (how !== 'local') lose();
    });
    return next;
  };
  const replaceBy = async (next: typeof current) => {
    const before = current;
    current = next;
    await before?.close();
  };
  return {
    want: async (uris) => {
      if (uris.length === 0) {
        await replaceBy(undefined);
        return new Map();
      }
      const next = await listen(uris).catch((error: unknown) => refusedBy(error, name));
      if (next instanceof UpstreamRefusal) return new Map(uris.map((uri) => [uri, next]));
      await replaceBy(next);
      const { resourceSubscriptions: taken = [] } = next.honoredFilter;
      return new Map(uris.filter((uri) => !taken.includes(uri)).map((uri) => [uri, notTaken(uri)]));
    },
    over,
    end: () => void replaceBy(undefined),
  };
}

const notTaken = (uri: string) =>
  new UpstreamRefusal({ code: NO_METHOD, message: `Its server does not tell when ${uri} changes` });

const notification = z.object({
  method: z.string(),
  params: z.looseObject({}).optional(),
  id: z.undefined().optional(),
});
export type Unasked = Omit<z.output<typeof notification>, 'id'>;

/** What a server of 2025 says beside its answers. */
interface OldStream {
  /** Resolves when it breaks off. */
  ended: Promise<void>;
}

interface Streaming {
  open: () => Promise<Response>;
  name: string;
  hear: (said: Unasked) => Promise<void>;
}

/**
 * The stream of a server of 2025 over HTTP, one for a conversation: a second would be refused. It is opened where somebody
 * listens, and anew where it broke off. What the server asks in it is not answered: it belongs to no call.
 */
export function oldStream(streaming: Streaming): () => Promise<OldStream> {
  let current: Promise<OldStream> | undefined;
  const forget = () => {
    current = undefined;
  };
  return () => {
    if (current) return current;
    const opening = openOldStream(streaming);
    current = opening;
    opening.then(({ ended }) => ended.then(forget), forget);
    return opening;
  };
}

/** Rejects with a refusal where the server has none, and with a failure of it else. */
async function openOldStream({ open, name, hear }: Streaming): Promise<OldStream> {
  const answer = await open().catch((error: unknown) => {
    throw upstreamFailure(error, name);
  });
  const { status, statusText, body } = answer;
  if (status === 200 && body) return { ended: readNotifications(body, hear).catch(() => undefined) }; // however it broke off
  await answer.text().catch(() => ''); // so that the connection is free again
  if (status === 405)
    throw new UpstreamRefusal({
      code: NO_METHOD,
      message: 'Its server has no stream in which it could tell',
    });
  const data = { status, statusText };
  throw upstreamFailure(new SdkHttpError(SdkErrorCode.ClientHttpFailedToOpenStream, 'no stream', data), name);
}

async function readNotifications(body: AsyncIterable<Uint8Array>, hear: Streaming['hear']): Promise<void> {
  const events = createEventParser();
  for await (const chunk of body)
    for (const { data } of events.push(chunk)) {
      const { data: said } = notification.safeParse(jsonOf(data));
      if (said) await hear(said);
    }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an event that is no message
  }
}
