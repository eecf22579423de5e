import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainError } from '../contracts/index.ts';
import { testLog } from '../testing/log.ts';
import { type AppOptions, createApp } from './http.ts';

class Away extends Error {}

let log: ReturnType<typeof testLog>;
let app: FastifyInstance;
let url: string;

/** The application on a port, with a few routes of all kinds. */
async function listen(options: Partial<AppOptions> = {}) {
  app = createApp({
    service: 'test-service',
    version: '1.2.3',
    logger: log.logger,
    bodyLimit: 1000,
    isUnavailable: (error) => error instanceof Away,
    ...options,
  });
  app.get('/things', async () => ({ items: [] }));
  app.post('/things', async (request) => ({ got: request.body }));
  app.get('/things/:id', async () => ({}));
  app.delete('/things/:id', async () => ({}));
  app.get('/things/newest', async () => ({}));
  app.get('/files/*', async () => ({}));
  app.get('/v1/models', async () => Promise.reject(new DomainError('rate-limited', { retryAfter: 1.2 })));
  app.get('/throws', async () => Promise.reject(new Error('canary: a secret of the inside')));
  app.get('/away', async () => Promise.reject(new Away('10.0.0.1 does not answer')));
  url = await app.listen({ port: 0, host: '127.0.0.1' });
}

beforeEach(() => {
  log = testLog();
  return listen();
});
afterEach(() => app.close());

const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
const post = (body: string, type = 'application/json') =>
  ask('/things', { method: 'POST', body, headers: { 'content-type': type } });

/** What a request is answered where fetch would mend it before it leaves. */
async function raw(lines: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(`${lines}\r\nhost: x\r\nconnection: close\r\n\r\n`);
  return text(socket);
}

describe('health', () => {
  test('says that the process is alive, and which', async () => {
    const answer = await ask('/health');
    expect(answer.status).toBe(200);
    await expect(answer.json()).resolves.toEqual({ status: 'ok', service: 'test-service', version: '1.2.3' });
  });
});

describe('ready', () => {
  test('without dependencies is ready', async () => {
    const answer = await ask('/ready');
    expect(answer.status).toBe(200);
    await expect(answer.json()).resolves.toEqual({ status: 'ready', dependencies: {} });
  });

  test('names the dependency that does not answer, and is ready again when it does', async () => {
    await app.close();
    let down = true;
    await listen({
      probes: {
        postgresql: async () => undefined,
        redis: () => (down ? Promise.reject(new Error('away')) : Promise.resolve()),
      },
    });
    const refused = await ask('/ready');
    expect(refused.status).toBe(503);
    await expect(refused.json()).resolves.toEqual({
      status: 'down',
      dependencies: { postgresql: 'ok', redis: 'down' },
    });
    down = false;
    expect((await ask('/ready')).status).toBe(200);
  });

  test('does not wait for a dependency that hangs', async () => {
    await app.close();
    await listen({ probes: { hangs: () => new Promise(() => undefined) } });
    const answer = await ask('/ready');
    expect(answer.status).toBe(503);
    await expect(answer.json()).resolves.toMatchObject({ dependencies: { hangs: 'down' } });
  });

  test('is not ready once the application closes; what is under way is answered, and no kept connection waited for', async () => {
    await app.close();
    let goOn: (() => void) | undefined;
    await listen({ probes: { slow: () => new Promise((resolve) => (goOn = resolve)) } });
    const asked = ask('/ready');
    await expect.poll(() => goOn).toBeDefined();
    const closed = app.close();
    await expect.poll(() => app.server.listening).toBe(false);
    goOn?.();
    const answer = await asked;
    expect(answer.status).toBe(503);
    await expect(answer.json()).resolves.toMatchObject({ status: 'closing', dependencies: { slow: 'ok' } });
    const start = performance.now();
    await closed;
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('metrics', () => {
  test('count requests by route template, not by address', async () => {
    for (const path of ['/things/1', '/things/2', '/nowhere/3']) await ask(path);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toMatch(
      /duration_seconds_count\{.*route="\/things\/:id",method="GET",status="2xx"\} 2\n/,
    );
    expect(metrics).toMatch(/duration_seconds_count\{.*route="unmatched",method="GET",status="4xx"\} 1\n/);
    expect(metrics).not.toContain('nowhere');
  });

  test.each([
    ['from another machine', { remoteAddress: '10.0.0.9' }],
    [
      'through a proxy on this machine',
      { remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '127.0.0.1' } },
    ],
  ])('are not found %s', async (_, from) => {
    const answer = await app.inject({ url: '/metrics', ...from });
    expect(answer.statusCode).toBe(404);
    expect(answer.payload).not.toContain('http_request');
  });
});

describe('an address that nobody answers', () => {
  test.each([
    ['GET', '/nowhere'],
    ['POST', '/things/'],
    ['DELETE', '/things/1/more'],
  ])('%s %s is not found', async (method, path) => {
    const answer = await ask(path, { method });
    await expect(answer.json()).resolves.toMatchObject({ code: 'not-found' });
    expect(answer.headers.get('allow')).toBeNull();
  });

  test.each([
    ['PUT', '/things', 'GET, HEAD, POST'],
    ['PATCH', '/things/1?x=1', 'GET, HEAD, DELETE'],
    ['POST', '/things/newest', 'GET, HEAD, DELETE'],
    ['DELETE', '/files/a/b', 'GET, HEAD'],
  ])('%s %s is not allowed, and says what is', async (method, path, allowed) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed.split(', ').toSorted());
    await expect(answer.json()).resolves.toMatchObject({
      code: 'method-not-allowed',
      instance: path.split('?')[0],
    });
  });

  test.each(['/things/%zz', `/things/${'a'.repeat(201)}`])(
    'that cannot be read is an invalid request: %.20s',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nx-request-id: request-1`);
      expect(answer).toContain('400 Bad Request');
      expect(answer).toContain('x-request-id: request-1');
      expect(answer).toContain('"code":"invalid-request"');
    },
  );
});

describe('a bad body', () => {
  test.each<[string, string, string | undefined, number, string]>([
    ['broken JSON', '{"a":', undefined, 400, 'malformed-json'],
    ['nothing', '', undefined, 400, 'malformed-json'],
    ['words', 'hello', undefined, 400, 'malformed-json'],
    ['a prototype', '{"__proto__":{"admin":true}}', undefined, 400, 'malformed-json'],
    ['a prototype, hidden', '{"a":{"\\u005f_proto__":1}}', undefined, 400, 'malformed-json'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}', undefined, 400, 'malformed-json'],
    ['plain text', 'hello', 'text/plain', 415, 'unsupported-media-type'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['XML', '<a/>', 'application/xml', 415, 'unsupported-media-type'],
    ['a type that is none', '{}', 'json', 415, 'unsupported-media-type'],
    ['too much', JSON.stringify('a'.repeat(1000)), undefined, 413, 'body-too-large'],
  ])('%s', async (_, body, type, status, code) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    await expect(answer.json()).resolves.toMatchObject({ code, instance: '/things' });
  });

  test('that never says how long it is is cut at the limit', async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(500, 'a');
    }
    const answer = await ask('/things', {
      method: 'POST',
      body: ReadableStream.from(endless()),
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    }).catch((error: unknown) => error);
    if (answer instanceof Response) expect(answer.status).toBe(413);
    else expect(answer).toBeInstanceOf(TypeError); // the connection was cut before the answer was read
  });

  test('leaves the connection’s other requests alone: a good one gets its answer', async () => {
    await post('{"a":');
    const answer = await post('{"a":1}');
    await expect(answer.json()).resolves.toEqual({ got: { a: 1 } });
  });
});

describe('the request id', () => {
  test('is honoured and returned, on answers and on problems', async () => {
    for (const path of ['/things', '/nowhere', '/throws']) {
      const answer = await ask(path, { headers: { 'x-request-id': 'request-of-mine' } });
      expect(answer.headers.get('x-request-id')).toBe('request-of-mine');
    }
  });

  test('is made anew where it is hostile, and is the one in the body', async () => {
    const answer = await ask('/nowhere', { headers: { 'x-request-id': 'a b<script>' } });
    const body: unknown = await answer.json();
    expect(body).toMatchObject({ requestId: answer.headers.get('x-request-id') });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what a route throws', () => {
  const line = (message: string) => log.lines().find((one) => one['message'] === message);

  test('and nobody foresaw is an internal error: no word of it to the caller, all of it to the log', async () => {
    const answer = await ask('/throws', { headers: { 'x-request-id': 'request-1' } });
    expect(answer.status).toBe(500);
    await expect(answer.text()).resolves.not.toContain('canary');
    expect(line('request failed')).toMatchObject({
      level: 'error',
      requestId: 'request-1',
      code: 'internal-error',
      method: 'GET',
      route: '/throws',
      error: { message: expect.stringContaining('canary'), stack: expect.stringContaining('http.test.ts') },
    });
  });

  test('because a dependency is away is 503, with a time to come back', async () => {
    const answer = await ask('/away');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    await expect(answer.text()).resolves.not.toContain('10.0.0.1');
    expect(line('request failed')).toMatchObject({
      level: 'warn',
      error: { message: '10.0.0.1 does not answer' },
    });
  });

  test('on OpenAI’s paths is in OpenAI’s shape, with whole seconds to wait', async () => {
    const answer = await ask('/v1/models');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('2');
    await expect(answer.json()).resolves.toMatchObject({
      error: { type: 'rate_limit_error', code: 'rate-limited' },
    });
  });
});

test('the log has a line for each request, without its query, headers and body', async () => {
  await ask('/things/1?token=canary', { headers: { 'x-request-id': 'request-1', cookie: 'a=canary' } });
  await post('{"canary":1}');
  await expect.poll(() => log.lines().filter(({ message }) => message === 'request')).toHaveLength(2);
  expect(log.lines()[0]).toMatchObject({
    requestId: 'request-1',
    method: 'GET',
    route: '/things/:id',
    status: 200,
  });
  expect(log.text()).not.toContain('canary');
});

test('a connection that was opened ahead and never used does not hold up the end', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await expect.poll(() => socket.readyState).toBe('open');
  await ask('/health');
  await app.close();
  await expect.poll(() => socket.destroyed || socket.readableEnded).toBe(true);
  socket.destroy();
});
