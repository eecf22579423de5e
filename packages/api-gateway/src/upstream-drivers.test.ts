import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerTo, gate, handshake, isSwitched, partsOf, textOf } from './client.fixture.ts';
import { allAt, startGateway, type TestGateway } from './gateway.fixture.ts';
import { localUpstream } from './local-upstream.ts';

/** A service of its own behind the real gateway, joined in one of the two ways. */
type Driver = (
  service: FastifyInstance,
  env?: Record<string, string>,
) => Promise<TestGateway & { service: FastifyInstance }>;

const overHttp: Driver = async (service, env) => {
  const url = await service.listen({ host: '127.0.0.1', port: 0 });
  const gateway = await startGateway({ env: { ...allAt(url), ...env } });
  return { ...gateway, service, [Symbol.asyncDispose]: () => gateway.close().then(() => service.close()) };
};

const inProcess: Driver = async (service, env) => {
  await service.ready();
  const upstreams = {
    'auth-service': localUpstream('auth-service', () => service),
    'core-service': localUpstream('core-service', () => service),
    'mcp-server': localUpstream('mcp-server', () => service),
  };
  const gateway = await startGateway({ upstreams, ...(env && { env }) });
  return { ...gateway, service, [Symbol.asyncDispose]: () => gateway.close().then(() => service.close()) };
};

/** Answers with what it heard. */
function echo(): FastifyInstance {
  const service = Fastify({ bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true });
  service.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  service.all('/api/v1/auth/*', async ({ method, url, headers, ip }) => ({ method, url, headers, ip }));
  service.all('/api/v1/keys', async ({ method, url, headers, ip }) => ({ method, url, headers, ip }));
  service.post('/v1/echo', (request, reply) => reply.type('application/octet-stream').send(request.body));
  return service;
}

const heard = z.object({
  method: z.string(),
  url: z.string(),
  ip: z.string(),
  headers: z.record(z.string(), z.string()),
});

const heardBy = async (answer: Response) => heard.parse(await answer.json());

function* endless() {
  for (;;) yield Buffer.alloc(65_536);
}

describe.each<[string, Driver]>([
  ['over HTTP', overHttp],
  ['in the same process', inProcess],
])('a service %s', (_name, join) => {
  test('hears method, path, query and body as they were sent', async () => {
    await using hub = await join(echo());
    const path = '/api/v1/auth/a%2Fb?x=1&x=2&y=%0A';
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await heardBy(await fetch(hub.url + path, { method }))).toMatchObject({ method, url: path });
    }
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const headers = { 'content-type': 'image/png' };
    const answer = await fetch(`${hub.url}/v1/echo`, { method: 'POST', headers, body: bytes });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  test('hears who calls by our signed token alone', async () => {
    await using hub = await join(echo());
    const { key } = hub.auth.addKey();
    const claims = {
      authorization: `Bearer ${key}`,
      'x-user-id': 'admin',
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=x',
    };
    const { headers, ip } = await heardBy(await fetch(`${hub.url}/api/v1/auth/me`, { headers: claims }));
    expect(headers['authorization']).toMatch(/^Bearer eyJ/);
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-user-id']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['forwarded']));
    expect(ip).toBe('127.0.0.1');
  });

  test('hears cookies only where sessions live', async () => {
    await using hub = await join(echo());
    const ask = (path: string) =>
      fetch(hub.url + path, { headers: { cookie: 'hub_refresh=1' } }).then(heardBy);
    expect((await ask('/api/v1/auth/refresh')).headers).toHaveProperty('cookie', 'hub_refresh=1');
    expect((await ask('/api/v1/keys')).headers).not.toHaveProperty('cookie');
  });

  test('hears the request id that the answer carries', async () => {
    await using hub = await join(echo());
    const answer = await fetch(`${hub.url}/api/v1/auth/me`, {
      headers: { 'x-request-id': 'given-by-caller-1' },
    });
    expect(answer.headers.get('x-request-id')).toBe('given-by-caller-1');
    expect((await heardBy(answer)).headers['x-request-id']).toBe('given-by-caller-1');
    const other = await fetch(`${hub.url}/api/v1/auth/me`, { headers: { 'x-request-id': 'no good' } });
    expect((await heardBy(other)).headers['x-request-id']).toBe(other.headers.get('x-request-id'));
  });

  test('answers with its own status and headers, and with our security headers', async () => {
    const service = echo();
    service.get('/v1/teapot', (_request, reply) =>
      reply
        .code(418)
        .headers({ 'set-cookie': ['a=1', 'b=2'], 'x-own': 'yes', etag: '"1"' })
        .send({ short: true }),
    );
    await using hub = await join(service);
    const answer = await fetch(`${hub.url}/v1/teapot`);
    expect(answer.status).toBe(418);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'x-own': 'yes', etag: '"1"', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' },
      ratelimit: expect.stringContaining('"minute"'),
    });
    expect(await answer.json()).toEqual({ short: true });
  });

  test('may answer without a body', async () => {
    const service = echo();
    service.delete('/v1/thing', (_request, reply) => reply.code(204).send());
    service.get('/v1/same', (_request, reply) => reply.code(304).send());
    await using hub = await join(service);
    expect((await fetch(`${hub.url}/v1/thing`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${hub.url}/v1/same`)).status).toBe(304);
    const head = await fetch(`${hub.url}/api/v1/auth/me`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('streams: the caller has the first event before the second is written', async () => {
    const service = echo();
    const seen = gate();
    service.get('/v1/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: first\n\n');
      void seen.opened.then(() => reply.raw.end('data: second\n\n'));
    });
    await using hub = await join(service);
    const answer = await fetch(`${hub.url}/v1/stream`);
    const parts = partsOf(answer);
    expect((await parts.next()).value).toBe('data: first\n\n');
    seen.open();
    expect((await parts.next()).value).toBe('data: second\n\n');
  });

  test('hears a body of unknown length while it is being sent', async () => {
    const service = Fastify();
    const heardFirst = gate();
    service.addContentTypeParser('*', (_request, payload, done) => {
      let text = '';
      payload.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        heardFirst.open();
      });
      payload.once('end', () => done(null, text));
    });
    service.post('/v1/echo', (request, reply) => reply.send(request.body));
    await using hub = await join(service);
    const asked = httpRequest(`${hub.url}/v1/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
    });
    const answered = answerTo(asked);
    asked.write('first ');
    await heardFirst.opened;
    asked.end('and last');
    expect(await textOf(await answered)).toBe('first and last');
  });

  test('learns that the caller went away before it answered', async () => {
    const service = echo();
    const [began, left] = [gate(), gate()];
    service.post('/v1/think', (_request, reply) => {
      reply.hijack();
      reply.raw.once('close', left.open);
      began.open();
    });
    await using hub = await join(service);
    const leaving = new AbortController();
    const asked = fetch(`${hub.url}/v1/think`, { method: 'POST', body: '{}', signal: leaving.signal });
    await began.opened;
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await left.opened;
  });

  test('learns that the caller went away in the middle of a stream', async () => {
    const service = echo();
    const left = gate();
    service.get('/v1/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.once('close', left.open);
      reply.raw.writeHead(200);
      reply.raw.write('data: first\n\n');
    });
    await using hub = await join(service);
    const leaving = new AbortController();
    const answer = await fetch(`${hub.url}/v1/stream`, { signal: leaving.signal });
    await partsOf(answer).next();
    leaving.abort();
    await left.opened;
  });

  test('is left by a caller who takes nothing of what waits, and not while it is silent itself', async () => {
    const service = echo();
    const left = gate();
    service.get('/v1/endless', (_request, reply) => {
      reply.raw.once('close', left.open);
      return reply.send(Readable.from(endless(), { objectMode: false }));
    });
    service.get('/v1/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: first\n\n');
      void left.opened.then(() => reply.raw.end('data: second\n\n'));
    });
    await using hub = await join(service, { STALL_TIMEOUT_MS: '300' });
    const patient = partsOf(await fetch(`${hub.url}/v1/stream`));
    expect((await patient.next()).value).toBe('data: first\n\n');
    const asked = httpRequest(`${hub.url}/v1/endless`, { agent: false });
    asked.end();
    const answer = await answerTo(asked);
    expect((await patient.next()).value).toBe('data: second\n\n');
    await expect(textOf(answer)).rejects.toThrow('aborted');
  });

  test('that ends its answer in the middle cuts the caller’s connection: half is never taken for whole', async () => {
    const service = echo();
    service.get('/v1/half', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': '1000' });
      reply.raw.write('half', () => reply.raw.destroy());
    });
    await using hub = await join(service);
    const answer = await fetch(`${hub.url}/v1/half`);
    await expect(answer.text()).rejects.toThrow();
  });

  test('gets a WebSocket handshake and then the socket itself', async () => {
    const service = echo();
    const offers: IncomingMessage[] = [];
    service.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      offers.push(request);
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\nhello ',
      );
      socket.pipe(socket);
    });
    await using hub = await join(service);
    const { token } = hub.auth.signIn();
    const headers = { authorization: `Bearer ${token}`, 'x-user-id': 'admin' };
    const answer = await handshake(`${hub.url}/ws`, headers);
    if (!isSwitched(answer)) throw new Error(`refused with ${answer.statusCode ?? 0}`);
    answer.socket.write('echo');
    let text = answer.head.toString();
    for await (const chunk of answer.socket) {
      text += String(chunk);
      if (text.endsWith('echo')) break;
    }
    expect(text).toBe('hello echo');
    expect(offers[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      'x-forwarded-for': '127.0.0.1',
    });
    expect(offers[0]?.headers.authorization).not.toContain(token);
    expect(offers[0]?.headers).not.toHaveProperty('x-user-id');
  });

  test('that knows no WebSocket answers as to any other request, and the socket is not left open', async () => {
    await using hub = await join(echo());
    const answer = await handshake(`${hub.url}/api/v1/auth/me`);
    if (isSwitched(answer)) throw new Error('switched');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ connection: 'close', 'x-request-id': expect.any(String) });
    expect(JSON.parse(await textOf(answer))).toMatchObject({ url: '/api/v1/auth/me' });
  });

  test('is named by /ready', async () => {
    const service = echo();
    let status = 200;
    service.get('/health', (_request, reply) => reply.code(status).send({}));
    await using hub = await join(service);
    const services = { 'auth-service': 'ok', 'core-service': 'ok', 'mcp-server': 'ok' };
    const up = await fetch(`${hub.url}/ready`);
    expect([up.status, await up.json()]).toEqual([
      200,
      { status: 'ready', dependencies: { store: 'ok', ...services } },
    ]);
    status = 503;
    const down = await fetch(`${hub.url}/ready`);
    expect(down.status).toBe(503);
    expect(await down.json()).toMatchObject({
      status: 'down',
      dependencies: { 'mcp-server': 'down', store: 'ok' },
    });
  });
});
