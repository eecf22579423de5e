import {
  Client,
  type ProtocolEra,
  type ServerCapabilities,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import type { McpEra } from '@smart-ai-hub/shared/contracts';
import { type Secret, VERSION } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { answerServer, askable, inAnswerTo, whoseWork } from './asked-back.ts';
import { openGuardedFetch, withinCall } from './guarded-fetch.ts';
import { type Listening, listenToOld, listenToToday, oldStream, type Unasked } from './listening.ts';
import type { Answer, Question } from './question.ts';
import { stdioTransport } from './stdio-transport.ts';
import type { UpstreamSettings } from './upstream.ts';
import { isForgotten, upstreamFailure } from './upstream-failure.ts';

/** One conversation with a server, in the era that was found. */
export interface Connection {
  era: ProtocolEra;
  protocolVersion: string;
  server: { name: string; version: string };
  capabilities: ServerCapabilities;
  /** Rejects with the server’s own words where it refused, and with a failure of it else. */
  ask: (question: Question) => Promise<Answer>;
  /** Hears of resources; rejects as `ask` does. One listens at a time. */
  listen: (onNews: HearNews) => Promise<Listening>;
  /** True once nothing more can be asked. */
  isOver: () => boolean;
  close: () => Promise<void>;
}

/** What a server tells of a resource: its `uri`, and whatever else stands there. */
export type HearNews = (news: Record<string, unknown>) => void;

/** Milliseconds that a server has for saying which era it speaks. */
const PROBE = 5_000;
/** Milliseconds between two questions to a child that is listened to: whether it is there, and leave to say more. */
const BEAT = 60_000;

/** Passes everything: what a server says is for whoever asked, and not for the hub to judge. */
const anything = z.looseObject({});
const logMessage = z.looseObject({ params: z.looseObject({}) });

/** Opens a conversation; rejects with a failure of the server. `onListChanged` hears when its tools have changed. */
export async function connectUpstream(
  settings: UpstreamSettings,
  onListChanged: () => void,
): Promise<Connection> {
  try {
    return await converse(settings, settings.era, onListChanged);
  } catch (error) {
    // a server of before may end on a question that it does not know
    const isOldChild = settings.era === 'auto' && settings.transport.kind === 'stdio';
    if (!isOldChild) throw upstreamFailure(error, settings.name);
  }
  return converse(settings, '2025-11-25', onListChanged).catch((error: unknown) => {
    throw upstreamFailure(error, settings.name);
  });
}

async function converse(
  settings: UpstreamSettings,
  era: UpstreamSettings['era'],
  onListChanged: () => void,
): Promise<Connection> {
  const {
    transport,
    failure = () => undefined,
    heardAt,
    farewell,
    openStream,
    end,
  } = openTransport(settings);
  const client = newClient(settings, era);
  const life = watchEnd(client);
  const underWay = new Set<Question>();
  const ears = openEars(settings, underWay, onListChanged);
  client.fallbackNotificationHandler = ears.hear;
  client.fallbackRequestHandler = answerServer(settings, underWay);
  const close = async () => {
    life.end();
    await farewell?.().catch(() => undefined); // it is over for the server too, sooner or later
    await client.close().catch(() => undefined); // what is left of it is ended next
    await end();
  };
  try {
    await client.connect(transport, { timeout: settings.startTimeout });
  } catch (error) {
    await close();
    throw failure() ?? error;
  }

  const hangs = (askedAt: number) => (heardAt?.() ?? askedAt) < askedAt;
  const asking: Asking = { client, settings, failure, hangs, close };
  const listen = listensTo(
    asking,
    openStream && oldStream({ open: openStream, ...settings, hear: ears.hear }),
  );
  return {
    ...factsOf(client),
    ask: (question) => {
      question.onBegun?.();
      underWay.add(question);
      return inAnswerTo(question, () => askOne(question, asking)).finally(() => {
        underWay.delete(question);
      });
    },
    listen: async (onNews) => {
      ears.listen(onNews);
      const listening = await listen();
      return { ...listening, over: Promise.race([life.over, listening.over]) };
    },
    isOver: life.isOver,
    close,
  };
}

const newClient = (settings: UpstreamSettings, era: McpEra): Client =>
  new Client(
    { name: 'smart-ai-hub', version: VERSION },
    {
      versionNegotiation: { mode: modeOf(era), probe: { timeoutMs: PROBE } },
      inputRequired: { autoFulfill: false },
      capabilities: askable(settings),
    },
  );

/** What was found out when the conversation began. */
const factsOf = (
  client: Client,
): Pick<Connection, 'era' | 'protocolVersion' | 'server' | 'capabilities'> => ({
  era: client.getProtocolEra() ?? 'legacy',
  protocolVersion: client.getNegotiatedProtocolVersion() ?? '',
  server: {
    name: client.getServerVersion()?.name ?? '',
    version: client.getServerVersion()?.version ?? '',
  },
  capabilities: client.getServerCapabilities() ?? {},
});

/** Knows when nothing more can be asked. */
function watchEnd(client: Client) {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    client.onclose = () => {
      isOver = true;
      resolve();
    };
  });
  return { over, isOver: () => isOver, end: () => client.onclose?.() };
}

/** Passes on what a server tells unasked: that its tools or resources have changed, and what it logs. */
function openEars(settings: UpstreamSettings, underWay: ReadonlySet<Question>, onListChanged: () => void) {
  let onNews: HearNews = () => undefined;
  return {
    listen: (hearNews: HearNews) => {
      onNews = hearNews;
    },
    hear: (said: Unasked): Promise<void> => {
      if (said.method === 'notifications/tools/list_changed') onListChanged();
      if (said.method === 'notifications/resources/updated') onNews(said.params ?? {});
      if (said.method !== 'notifications/message') return Promise.resolve();
      whoseWork(settings, underWay)?.onLog?.(logMessage.parse(said).params);
      return Promise.resolve();
    },
  };
}

/**
 * How a server is listened to in its revision. A child says all in one stream; over HTTP one of 2025 has `stream` for what
 * belongs to no call.
 */
const listensTo =
  (asking: Asking, stream: ReturnType<typeof oldStream> | undefined) => async (): Promise<Listening> => {
    const { client, settings, close: end } = asking;
    const { name, startTimeout: timeout, transport } = settings;
    const ask = (method: string, params: Record<string, unknown> = {}) =>
      askOne({ method, params, signal: new AbortController().signal }, asking);
    const isOld = client.getProtocolEra() !== 'modern';
    const opened = await (isOld ? stream?.() : undefined)?.catch((error: unknown) => {
      if (isForgotten(error)) void end();
      throw error;
    });
    const listening = isOld ? listenToOld({ ask, stream: opened }) : listenToToday({ client, name, timeout });
    if (transport.kind === 'http') return listening;
    // one that does not answer is ended, and begun anew
    const beat = () => void ask(isOld ? 'ping' : 'server/discover').catch(() => undefined);
    const beating = setInterval(beat, BEAT).unref();
    const endIt = () => {
      clearInterval(beating);
      listening.end();
    };
    return { ...listening, end: endIt };
  };

interface Asking {
  client: Client;
  settings: UpstreamSettings;
  failure: () => Error | undefined;
  /** Nothing at all was heard since then, of a server that talks all the time. */
  hangs: (askedAt: number) => boolean;
  close: () => Promise<void>;
}

async function askOne(
  { method, params, headers, signal, onProgress }: Question,
  { client, settings: { name, timeout }, failure, hangs, close }: Asking,
): Promise<Answer> {
  const askedAt = performance.now();
  const [broken, left] = [new AbortController(), new AbortController()];
  try {
    return await withinCall({ broken, left: left.signal }, () =>
      client.request({ method, params }, anything, {
        ...{ timeout, maxTotalTimeout: timeout, allowInputRequired: true },
        signal: AbortSignal.any([signal, broken.signal]),
        ...(headers && { headers }),
        ...(onProgress && { onprogress: onProgress }),
      }),
    );
  } catch (error) {
    if (signal.aborted) {
      left.abort(signal.reason);
      throw signal.reason;
    }
    const failed = upstreamFailure(failure() ?? broken.signal.reason ?? error, name);
    if (client.getProtocolEra() === 'legacy' && isForgotten(failed)) void close();
    // a child that says nothing hangs, and would hang again
    if (failed.code === 'mcp-server-timeout' && hangs(askedAt)) void close();
    throw failed;
  }
}

const modeOf = (era: McpEra) => {
  if (era === 'auto') return era;
  return era === '2025-11-25' ? 'legacy' : { pin: era };
};

interface Opened {
  transport: Transport;
  /** Why the hub ended it, where it did. */
  failure?: () => Error | undefined;
  /** When it last said anything, of those that talk all the time. */
  heardAt?: () => number;
  /** Over HTTP: what a server of 2025 says beside its answers. */
  openStream?: () => Promise<Response>;
  /** What is said before the conversation ends. */
  farewell?: () => Promise<void>;
  /** What is left to do afterwards. */
  end: () => Promise<void>;
}

function openTransport({ transport, timeout, maxResultBytes }: UpstreamSettings): Opened {
  if (transport.kind === 'stdio') {
    const child = stdioTransport(
      { ...transport, env: revealed(transport.env) },
      { ...transport.limits, message: maxResultBytes },
    );
    return { transport: child, failure: child.failure, heardAt: child.heardAt, end: () => child.close() };
  }
  const { url, mayBeLocal, headers } = transport;
  const { fetch, openStream, close } = openGuardedFetch(url, {
    ...{ maxBytes: maxResultBytes, timeout, mayBeLocal },
  });
  const http = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    requestInit: { headers: revealed(headers) },
  });
  return {
    transport: http,
    openStream: () => openStream({ ...revealed(headers), ...streamHeaders(http) }),
    // a server that keeps sessions may forget this one (MCP 2025-11-25, session management)
    farewell: () => http.terminateSession(),
    end: close,
  };
}

const streamHeaders = ({ sessionId, protocolVersion }: StreamableHTTPClientTransport) => ({
  accept: 'text/event-stream',
  ...(sessionId !== undefined && { 'mcp-session-id': sessionId }),
  ...(protocolVersion !== undefined && { 'mcp-protocol-version': protocolVersion }),
});

const revealed = (secrets: Readonly<Record<string, Secret>>): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()]));
