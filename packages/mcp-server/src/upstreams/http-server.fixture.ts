import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  acceptedContent,
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

export interface HttpServer extends AsyncDisposable {
  url: string;
  /** Headers of everything that was asked. */
  asked: IncomingMessage['headers'][];
  /** The next call of `wait`: that it is here, and that it was given up. */
  waiting: () => { began: Promise<unknown>; left: Promise<unknown> };
}

/**
 * A server of today over HTTP (it also speaks as of old), with tools that pass on, ask back and say too much, a prompt that
 * asks back, and a resource that anybody may keep.
 */
export async function httpServer(): Promise<HttpServer> {
  const asked: IncomingMessage['headers'][] = [];
  const events = new EventEmitter();
  const handler = createMcpHandler(() => toolServer(events));
  const server = createServer((request, response) => {
    asked.push(request.headers);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    void answer(request, gone.signal).then(async (said) => {
      response.writeHead(said.status, Object.fromEntries(said.headers));
      response.end(Buffer.from(await said.arrayBuffer()));
    });
  });
  const answer = async (request: IncomingMessage, signal: AbortSignal) => {
    const body = await text(request);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return handler.fetch(
      new Request('http://there/mcp', { method: request.method ?? '', headers, body, signal }),
    );
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    waiting: () => ({ began: once(events, 'began'), left: once(events, 'left') }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function toolServer(events: EventEmitter): McpServer {
  const server = new McpServer({ name: 'http', version: '1.0.0' });
  const strange = {
    content: [{ type: 'text' as const, text: 'seen' }],
    _meta: { 'x/y': [1] },
    odd: true,
  };
  server.registerTool('strange', { inputSchema: z.object({}) }, () => strange);
  server.registerTool('large', { inputSchema: z.object({}) }, () => ({
    content: [{ type: 'text', text: 'x'.repeat(50e6) }],
  }));
  server.registerTool('wait', { inputSchema: z.object({}) }, async (_args, { mcpReq: { signal } }) => {
    events.emit('began');
    await once(signal, 'abort');
    events.emit('left');
    return { content: [] };
  });
  server.registerTool('ask', { inputSchema: z.object({}) }, (_args, { mcpReq }) => {
    const { name: said } = (mcpReq.inputResponses ?? {}) as { name?: { content?: { name?: string } } };
    if (said)
      return {
        content: [{ type: 'text', text: `Hello ${said.content?.name} (${mcpReq.requestState<string>()})` }],
      };
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ message: 'Who are you?', requestedSchema }) },
      requestState: 'theirs',
    });
  });
  const region = { type: 'string' as const, 'x-mcp-header': 'Region' };
  const where = { type: 'object' as const, properties: { region } };
  const routed = fromJsonSchema<{ where: { region: string } }>({ type: 'object', properties: { where } });
  server.registerTool('routed', { inputSchema: routed }, (args) => ({
    content: [{ type: 'text', text: `from ${args.where.region}` }],
  }));
  server.registerPrompt('greet', {}, ({ mcpReq }) => {
    const said = acceptedContent(mcpReq.inputResponses, 'name');
    const answer = `Greet ${String(said?.['name'])} (${mcpReq.requestState<string>()})`;
    if (said) return { messages: [{ role: 'user', content: { type: 'text', text: answer } }] };
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ message: 'Whom?', requestedSchema }) },
      requestState: 'theirs',
    });
  });
  const cacheHint = { ttlMs: 5_000, cacheScope: 'public' as const };
  server.registerResource('note', 'note://one', { cacheHint }, ({ href: uri }) => ({
    contents: [{ uri, text: 'noted' }],
  }));
  return server;
}
