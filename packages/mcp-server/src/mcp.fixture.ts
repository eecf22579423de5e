import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type {
  OpenedMcpProfile,
  OpenedMcpServer,
  OpenedProvider,
  Price,
  Reservation,
  SeenTool,
  Settlement,
  Transport,
} from '@smart-ai-hub/shared/contracts';
import { type ClosableTransport, closeAll, readConfig, type Store } from '@smart-ai-hub/shared/service';
import { testIssuer, type TestIssuer, testLog } from '@smart-ai-hub/shared/testing';
import { build } from './build.ts';
import { settings } from './config.ts';

const SERVICE_TOKEN = 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc';

/** A provider that fails has failed, whatever it did before: tests of faults would wait for each other. */
const ONE_TRY = { PROVIDER_RETRIES: '0', PROVIDER_BREAKER_PERCENT: '0' };

/** A credit a token in, two out: sums that can be done in the head. */
export const PRICE: Price = {
  id: randomUUID(),
  model: '*',
  inputMicroPerMillion: 1_000_000,
  outputMicroPerMillion: 2_000_000,
  unitMicro: 0,
  effectiveAt: '2026-01-01T00:00:00Z',
};

export interface CoreBooks {
  transport: Transport;
  available: number;
  /** Those of the database. */
  providers: OpenedProvider[];
  mcp: { servers: OpenedMcpServer[]; profiles: OpenedMcpProfile[] };
  /** Tools that were reported, by the server. */
  reported: Map<string, SeenTool[]>;
  reservations: Reservation[];
  settlements: Settlement[];
  released: string[];
}

/** core-service as far as this service hears it: one person's credits, granted as asked. */
export function coreBooks(available = 1_000_000, prices: Price[] = [PRICE]): CoreBooks {
  const books: CoreBooks = {
    available,
    providers: [],
    mcp: { servers: [], profiles: [] },
    reported: new Map(),
    reservations: [],
    settlements: [],
    released: [],
    transport: () => Promise.reject(new Error()),
  };
  const grant = (item: Reservation) => {
    books.reservations.push(item);
    const heldMicro = Math.min(item.maxMicro, books.available);
    const outcome = heldMicro >= item.minMicro ? 'held' : 'insufficient';
    return {
      holdId: item.holdId,
      outcome,
      heldMicro: outcome === 'held' ? heldMicro : 0,
      availableMicro: books.available,
    };
  };
  const answers: Record<string, (body: { items: never[]; holdIds: string[] }) => unknown> = {
    '/internal/prices': () => ({ items: prices }),
    '/internal/providers': () => ({ items: books.providers }),
    '/internal/mcp-servers': () => books.mcp,
    '/internal/credits/reserve': ({ items }) => ({ items: items.map(grant) }),
    '/internal/credits/settle': ({ items }) => {
      books.settlements.push(...items);
      return {
        items: items.map(({ holdId, chargeMicro }) => ({
          holdId,
          outcome: 'settled',
          chargedMicro: chargeMicro,
        })),
      };
    },
    '/internal/credits/release': ({ holdIds }) => {
      books.released.push(...holdIds);
      return { released: holdIds.length };
    },
  };
  const report = (serverId: string, { tools }: { tools: SeenTool[] }) => {
    books.reported.set(serverId, tools);
    return { items: [] };
  };
  // each body was checked by the typed client that sent it
  books.transport = ({ path, body }) =>
    Promise.resolve({
      status: 200,
      body: path.endsWith('/tools')
        ? report(path.split('/')[3] ?? '', body as never)
        : answers[path]?.(body as never),
    });
  return books;
}

export interface McpOptions {
  books?: CoreBooks;
  providers?: object[];
  env?: Record<string, string>;
  /** In place of its issuer alone. */
  auth?: (issuer: TestIssuer) => ClosableTransport;
  store?: Store;
  /** Of another process, whose tokens are taken here too. */
  issuer?: TestIssuer;
}

/** The whole service on a socket, with its real routes, provider connections and streams. */
export async function startMcp({
  books = coreBooks(),
  providers = [],
  env = {},
  auth = ({ transport }) => transport,
  store,
  issuer: theirs,
}: McpOptions = {}) {
  const issuer = theirs ?? (await testIssuer());
  const log = testLog('mcp-server');
  const config = readConfig(settings, {
    NODE_ENV: 'test',
    SERVICE_TOKEN,
    PROVIDERS: JSON.stringify(providers),
    ...ONE_TRY,
    ...env,
  });
  const core = Object.assign((request: Parameters<Transport>[0]) => books.transport(request), {
    close: () => Promise.resolve(),
  });
  const built = await build(config, log.logger, {
    ...{ auth: auth(issuer), core },
    ...(store && { store }),
  });
  const url = await built.app.listen({ host: '127.0.0.1', port: 0 });
  const token = await issuer.token();
  const headers = (bearer: string) => ({
    authorization: `Bearer ${bearer}`,
    'content-type': 'application/json',
  });
  const send = (body: object | string, init: RequestInit = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: headers(token),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
    });
  return {
    url,
    token,
    issuer,
    books,
    log,
    headers,
    send,
    [Symbol.asyncDispose]: () => closeAll(built, log.logger),
  };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}
