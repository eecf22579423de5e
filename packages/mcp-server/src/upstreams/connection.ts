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
import type { Answer, Question } from './question.ts';
import { stdioTransport } from './stdio-transport.ts';
import type { UpstreamSettings } from './upstream.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** One conversation with a server, in the era that was found. */
export interface Connection {
  era: ProtocolEra;
  protocolVersion: string;
  server: { name: string; version: string };
  capabilities: ServerCapabilities;
  /** Rejects with the server’s own words where it refused, and with a failure of it else. */
  ask: (question: Question) => Promise<Answer>;
  /** True once nothing more can be asked. */
  isOver: () => boolean;
  close: () => Promise<void>;
}

/** Milliseconds that a server has for saying which era it speaks. */
const PROBE = 5_000;

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
  const { transport, failure = () => undefined, heardAt, farewell, end } = openTransport(settings);
  const client = new Client(
    { name: 'smart-ai-hub', version: VERSION },
    {
      versionNegotiation: { mode: modeOf(era), probe: { timeoutMs: PROBE } },
      inputRequired: { autoFulfill: false },
      capabilities: askable(settings),
    },
  );
  let isOver = false;
  client.onclose = () => {
    isOver = true;
  };
  const underWay = new Set<Question>();
  client.fallbackNotificationHandler = hearServer(settings, underWay, onListChanged);
  client.fallbackRequestHandler = answerServer(settings, underWay);
  const close = async () => {
    isOver = true;
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

  return {
    era: client.getProtocolEra() ?? 'legacy',
    protocolVersion: client.getNegotiatedProtocolVersion() ?? '',
    server: {
      name: client.getServerVersion()?.name ?? '',
      version: client.getServerVersion()?.version ?? '',
    },
    capabilities: client.getServerCapabilities() ?? {},
    ask: (question) => {
      question.onBegun?.();
      underWay.add(question);
      const hangs = (askedAt: number) => (heardAt?.() ?? askedAt) < askedAt;
      const ask = () => askOne(question, { client, settings, failure, hangs, close });
      return inAnswerTo(question, ask).finally(() => {
        underWay.delete(question);
      });
    },
    isOver: () => isOver,
    close,
  };
}

/** Passes on what a server tells unasked: that its tools have changed, and what it logs. */
const hearServer =
  (settings: UpstreamSettings, underWay: ReadonlySet<Question>, onListChanged: () => void) =>
  (said: { method: string }): Promise<void> => {
    if (said.method === 'notifications/tools/list_changed') onListChanged();
    if (said.method !== 'notifications/message') return Promise.resolve();
    whoseWork(settings, underWay)?.onLog?.(logMessage.parse(said).params);
    return Promise.resolve();
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
  const { fetch, close } = openGuardedFetch(url, { maxBytes: maxResultBytes, timeout, mayBeLocal });
  const http = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    requestInit: { headers: revealed(headers) },
  });
  // a server that keeps sessions may forget this one (MCP 2025-11-25, session management)
  return { transport: http, farewell: () => http.terminateSession(), end: close };
}

const revealed = (secrets: Readonly<Record<string, Secret>>): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()]));
