import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  createMcpHandler,
  createRequestStateCodec,
  isLegacyRequest,
  localhostAllowedHostnames,
  McpServer,
  validateHostHeader,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { registerPrompts, registerResources } from './fixture-content.ts';
import { registerQuestions } from './fixture-questions.ts';
import { registerTools, text as said } from './fixture-tools.ts';

export interface FixtureServer extends AsyncDisposable {
  url: string;
  /** The next call of `wait_until_cancelled`: that it is here, and that it was cancelled. */
  waiting: () => { began: Promise<unknown>; cancelled: Promise<unknown> };
}

interface Changes {
  toolsChanged: () => void;
  promptsChanged: () => void;
  /** Tells that the watched resource has changed, to sessions and streams alike. */
  resourceUpdated: (uri: string) => void;
}

/** What the suite subscribes to. */
const WATCHED = 'test://watched-resource';

const calls = new EventEmitter();

const states = createRequestStateCodec<string>({ key: randomBytes(32) });

/** Everything that the suite asks for by name; a session keeps what it subscribed to. */
function fixture(changes: Changes, subscribed?: Set<string>): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: { logging: {}, resources: { subscribe: true } },
      requestState: { verify: (state, call) => states.verify(state, call) },
    },
  );
  registerTools(server);
  registerQuestions(server, (round) => states.mint(round));
  registerPrompts(server);
  registerResources(server);
  const changing = {
    test_trigger_tool_change: () => changes.toolsChanged(),
    test_trigger_prompt_change: () => changes.promptsChanged(),
    change_watched_resource: () => changes.resourceUpdated(WATCHED),
  };
  for (const [name, change] of Object.entries(changing))
    server.registerTool(name, { description: 'Changes something' }, () => {
      change();
      return { content: [said('changed')] };
    });
  server.registerTool(
    'wait_until_cancelled',
    { description: 'Waits', inputSchema: z.object({}) },
    async (_args, { mcpReq: { signal } }) => {
      calls.emit('began');
      await once(signal, 'abort');
      calls.emit('cancelled');
      return { content: [said('cancelled')] };
    },
  );
  const params = z.looseObject({ uri: z.string() });
  const { server: plain } = server;
  if (subscribed)
    for (const [method, change] of [
      ['resources/subscribe', (uri: string) => subscribed.add(uri)],
      ['resources/unsubscribe', (uri: string) => subscribed.delete(uri)],
    ] as const)
      plain.setRequestHandler(method, { params }, ({ uri }) => {
        change(uri);
        return {};
      });
  return server;
}

/** A server of both eras by the official library: today's without sessions, that of 2025 with them. */
export async function fixtureServer(): Promise<FixtureServer> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const watching = new Map<McpServer, Set<string>>();
  const changes: Changes = {
    toolsChanged: () => modern.notify.toolsChanged(),
    promptsChanged: () => modern.notify.promptsChanged(),
    resourceUpdated: (uri) => {
      modern.notify.resourceUpdated(uri);
      for (const [{ server }, uris] of watching) if (uris.has(uri)) void server.sendResourceUpdated({ uri });
    },
  };
  const modern = createMcpHandler(() => fixture(changes), { legacy: 'reject' });
  const inSession = async (request: Request): Promise<Response> => {
    const session = request.headers.get('mcp-session-id');
    const known = sessions.get(session ?? '');
    if (known) return known.handleRequest(request);
    if (session !== null) return new Response(null, { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const subscribed = new Set<string>();
    const begun = fixture(changes, subscribed);
    watching.set(begun, subscribed);
    await begun.connect(transport);
    return transport.handleRequest(request);
  };
  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await webRequest(asked, response);
    const { ok } = validateHostHeader(asked.headers.host, localhostAllowedHostnames());
    const given = !ok
      ? new Response(null, { status: 403 })
      : (await isLegacyRequest(request))
        ? await inSession(request)
        : await modern.fetch(request);
    response.writeHead(given.status, Object.fromEntries(given.headers)).flushHeaders();
    await pipeline(given.body ?? [], response).catch(() => undefined); // whoever left hears no more
  };
  const server = createServer((asked, response) => void answer(asked, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    waiting: () => ({ began: once(calls, 'began'), cancelled: once(calls, 'cancelled') }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await modern.close();
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
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
  return new Request('http://127.0.0.1/mcp', init);
}
