import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  createMcpHandler,
  InMemoryServerEventBus,
  isLegacyRequest,
  McpServer,
  ProtocolError,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/** What the server has no news of, as it says by itself in 2025. */
export const UNKNOWN = 'note://unknown';

export interface NewsServer extends AsyncDisposable {
  url: string;
  /** Says that this has changed, to whoever asked to hear it. */
  change: (uri: string) => void;
  /** What sessions of 2025 are subscribed to now. */
  subscribed: () => string[];
  /** Streams of today that are open. */
  listening: () => number;
  /** Ends every connection at once, and forgets every session. */
  forget: () => void;
}

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  server: McpServer;
  uris: Set<string>;
}

function noteServer(uris?: Set<string>): McpServer {
  const server = new McpServer(
    { name: 'notes', version: '1.0.0' },
    { capabilities: { resources: { subscribe: true } } },
  );
  server.registerTool('note', { inputSchema: z.object({}) }, () => ({ content: [] }));
  server.registerResource('one', 'note://one', {}, ({ href: uri }) => ({
    contents: [{ uri, text: 'noted' }],
  }));
  if (!uris) return server;
  const params = z.looseObject({ uri: z.string() });
  server.server.setRequestHandler('resources/subscribe', { params }, ({ uri }) => {
    if (uri === UNKNOWN) throw new ProtocolError(-32_602, 'There is no such note');
    uris.add(uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', { params }, ({ uri }) => {
    uris.delete(uri);
    return {};
  });
  return server;
}

/** A server of both eras over HTTP that tells when its resources change: in sessions with a stream, and in `listen`. */
export async function newsServer(): Promise<NewsServer> {
  const sessions = new Map<string, Session>();
  const bus = new InMemoryServerEventBus();
  const modern = createMcpHandler(() => noteServer(), { legacy: 'reject', bus });
  const inSession = async (request: Request): Promise<Response> => {
    const id = request.headers.get('mcp-session-id');
    const known = sessions.get(id ?? '');
    if (known) return known.transport.handleRequest(request);
    if (id !== null) return new Response(null, { status: 404 });
    const uris = new Set<string>();
    const server = noteServer(uris);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (begun) => void sessions.set(begun, { transport, server, uris }),
      onsessionclosed: (ended) => void sessions.delete(ended),
    });
    await server.connect(transport);
    return transport.handleRequest(request);
  };
  const answer = async (asked: IncomingMessage, response: ServerResponse) => {
    const request = await webRequest(asked, response);
    const given = (await isLegacyRequest(request)) ? await inSession(request) : await modern.fetch(request);
    response.writeHead(given.status, Object.fromEntries(given.headers)).flushHeaders();
    await pipeline(given.body ?? [], response).catch(() => undefined); // whoever left hears no more
  };
  const http = createServer((asked, response) => void answer(asked, response)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    change: (uri) => {
      bus.publish({ kind: 'resource_updated', uri });
      for (const { server, uris } of sessions.values())
        if ([...uris].some((one) => uri.startsWith(one))) void server.server.sendResourceUpdated({ uri });
    },
    subscribed: () => [...sessions.values()].flatMap(({ uris }) => [...uris]).toSorted(),
    listening: () => bus.listenerCount,
    forget: () => {
      sessions.clear();
      http.closeAllConnections();
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

async function webRequest(asked: IncomingMessage, response: ServerResponse): Promise<Request> {
  const headers = Object.entries(asked.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const method = asked.method ?? 'GET';
  const body = method === 'POST' ? await text(asked) : undefined;
  const init = { method, headers, signal: gone.signal, ...(body !== undefined && { body }) };
  return new Request('http://there/mcp', init);
}
