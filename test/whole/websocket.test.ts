import { once } from 'node:events';
import { build } from '@smart-ai-hub/api-gateway/build';
import { settings } from '@smart-ai-hub/api-gateway/config';
import { closeAll, readConfig } from '@smart-ai-hub/shared/service';
import { freePort, testIssuer, testLog } from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SECRETS } from './platform.ts';

/** The gateway before a real WebSocket server that says everything back. */
async function startEcho() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const tokens: (string | undefined)[] = [];
  const protocols: (string | undefined)[] = [];
  server.on('connection', (socket, request) => {
    tokens.push(request.headers.authorization);
    protocols.push(request.headers['sec-websocket-protocol']);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const gateway = await startGateway(`http://127.0.0.1:${port}`);
  return {
    ...{ ...gateway, tokens, protocols },
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

async function startGateway(mcpUrl: string) {
  const issuer = await testIssuer();
  const { logger } = testLog();
  const built = await build(readConfig(settings, { ...SECRETS, NODE_ENV: 'test', MCP_URL: mcpUrl }), logger, {
    auth: issuer.transport,
  });
  const url = await built.app.listen({ host: '127.0.0.1', port: 0 });
  return { url: url.replace('http:', 'ws:'), issuer, close: () => closeAll(built, logger) };
}

const open = async (url: string, token: string) => {
  const socket = new WebSocket(`${url}/ws`, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  return socket;
};

const next = async (socket: WebSocket) => {
  const [data]: unknown[] = await once(socket, 'message');
  return data;
};

test('messages pass both ways as they are: text, bytes, large ones, and many at once', async () => {
  await using hub = await startEcho();
  const token = await hub.issuer.token();
  const socket = await open(hub.url, token);
  expect(hub.tokens).toEqual([`Bearer ${token}`]);
  for (const message of [Buffer.from('hello'), Buffer.from([0, 255, 1]), Buffer.alloc(5_000_000, 7)]) {
    socket.send(message);
    const echoed = await next(socket);
    expect(Buffer.isBuffer(echoed) && echoed.equals(message)).toBe(true);
  }
  const others = await Promise.all(Array.from({ length: 20 }, () => open(hub.url, token)));
  const answers = others.map(next);
  others.forEach((other, index) => {
    other.send(String(index));
  });
  expect((await Promise.all(answers)).map(String)).toEqual(others.map((_, index) => String(index)));
});

test('a close of either side is a close of both, with its code and reason', async () => {
  await using hub = await startEcho();
  const socket = await open(hub.url, await hub.issuer.token());
  socket.close(4000, 'done');
  const [code, reason]: unknown[] = await once(socket, 'close');
  expect([code, String(reason)]).toEqual([4000, 'done']);
});

test('a bad token is refused at the handshake, with a status that says why', async () => {
  await using hub = await startEcho();
  await expect(open(hub.url, 'nonsense')).rejects.toThrow('401');
  expect(hub.tokens).toEqual([]);
});

test('a page shows its token as a sub-protocol, which no service hears', async () => {
  await using hub = await startEcho();
  const token = await hub.issuer.token();
  const socket = new WebSocket(`${hub.url}/ws`, ['smart-ai-hub.v1', `smart-ai-hub.bearer.${token}`]);
  await once(socket, 'open');
  expect(hub.tokens).toEqual([`Bearer ${token}`]);
  expect(hub.protocols).toEqual(['smart-ai-hub.v1']);
  expect(socket.protocol).toBe('smart-ai-hub.v1');
  socket.terminate();
});

test.each<[string, string[], Record<string, string>, string]>([
  ['two credentials', ['smart-ai-hub.bearer.one'], { authorization: 'Bearer two' }, '401'],
  ['two sub-protocols with one', ['smart-ai-hub.bearer.one', 'smart-ai-hub.bearer.two'], {}, '401'],
  ['an empty one', ['smart-ai-hub.bearer.'], {}, '401'],
  ['a page of another site', [], { origin: 'https://elsewhere.example' }, '403'],
  ['a page without an origin of its own', [], { origin: 'null' }, '403'],
])('a handshake with %s is refused', async (_what, protocols, headers, status) => {
  await using hub = await startEcho();
  const socket = new WebSocket(`${hub.url}/ws`, protocols, { headers });
  await expect(once(socket, 'open')).rejects.toThrow(status);
  expect(hub.tokens).toEqual([]);
});

test('a page of ours is let in', async () => {
  await using hub = await startEcho();
  const socket = new WebSocket(`${hub.url}/ws`, { headers: { origin: 'http://127.0.0.1:3000' } });
  await once(socket, 'open');
  socket.terminate();
});

test('a service that is down refuses at the handshake too', async () => {
  const gateway = await startGateway(`http://127.0.0.1:${await freePort()}`);
  await expect(open(gateway.url, await gateway.issuer.token())).rejects.toThrow('503');
  await gateway.close();
});

test('the end of the gateway does not wait for open sockets', async () => {
  await using hub = await startEcho();
  const socket = await open(hub.url, await hub.issuer.token());
  const closed = once(socket, 'close');
  await Promise.all([hub.close(), closed]);
});
