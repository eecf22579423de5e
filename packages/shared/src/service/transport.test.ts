import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient, defineContract, DomainError, onBehalfOf } from '../contracts/index.ts';
import { testIssuer } from '../testing/issuer.ts';
import { testLog } from '../testing/log.ts';
import { bind } from './bind.ts';
import { currentScope, runInScope, scopeFrom } from './context.ts';
import { createApp } from './http.ts';
import { Secret } from './secret.ts';
import { createTokenVerifier, type VerifyToken } from './token.ts';
import { appTransport, type ClosableTransport, httpTransport } from './transport.ts';

const contract = defineContract({
  echo: {
    method: 'POST',
    path: '/echo/:id',
    summary: 'What came',
    access: 'service',
    params: z.object({ id: z.string() }),
    query: z.object({ q: z.string().optional() }),
    body: z.object({ text: z.string() }),
    success: { status: 200, schema: z.object({ id: z.string(), q: z.string(), text: z.string() }) },
    problems: [],
  },
  scope: {
    method: 'GET',
    path: '/scope',
    summary: 'Which request this is',
    access: 'service',
    success: { status: 200, schema: z.object({ requestId: z.string(), traceparent: z.string() }) },
    problems: [],
  },
  remove: {
    method: 'DELETE',
    path: '/thing',
    summary: 'Gone',
    access: 'service',
    success: { status: 204, schema: z.void() },
    problems: [],
  },
  fail: {
    method: 'GET',
    path: '/fail',
    summary: 'A problem',
    access: 'service',
    success: { status: 200, schema: z.object({}) },
    problems: ['too-many-keys'],
  },
  own: {
    method: 'GET',
    path: '/own',
    summary: 'Who asks, and from where',
    access: 'signed-in',
    success: {
      status: 200,
      schema: z.object({ userId: z.string(), address: z.string(), userAgent: z.string() }),
    },
    problems: [],
  },
  hang: {
    method: 'GET',
    path: '/hang',
    summary: 'No answer',
    access: 'service',
    success: { status: 200, schema: z.object({}) },
    problems: [],
  },
});

const serviceToken = new Secret('service-token-of-this-test');

/** A service of its own application, whose `/hang` answers when it is told. */
function service(verifyToken: VerifyToken = () => Promise.reject(new DomainError('unauthenticated'))) {
  const app = createApp({ service: 'other', version: '0', logger: testLog().logger });
  let release: (answer: Record<string, never>) => void;
  const hanging = new Promise<Record<string, never>>((resolve) => (release = resolve));
  const guards = { serviceToken, verifyToken };
  bind(
    app,
    contract,
    guards,
    {},
    {
      echo: async (_, { params, query, body }) => ({ id: params.id, q: query.q ?? '', text: body.text }),
      scope: async () => currentScope() ?? Promise.reject(new Error('no scope')),
      remove: async () => undefined,
      fail: async () =>
        Promise.reject(new DomainError('too-many-keys', { detail: 'ten are enough', retryAfter: 3 })),
      own: async ({ actor, address, userAgent = '' }) => ({ userId: actor.userId, address, userAgent }),
      hang: () => hanging,
    },
  );
  return { app, release: () => release({}) };
}

interface Driver {
  transport: ClosableTransport;
  close: () => Promise<unknown>;
}

async function overHttp(app: FastifyInstance, token = serviceToken): Promise<Driver> {
  const transport = httpTransport(await app.listen({ port: 0, host: '127.0.0.1' }), { serviceToken: token });
  return { transport, close: () => transport.close() };
}

async function inProcess(app: FastifyInstance, token = serviceToken): Promise<Driver> {
  const transport = appTransport(() => app, { serviceToken: token });
  return { transport, close: () => transport.close() };
}

const unavailable = { name: 'DomainError', code: 'service-unavailable', retryAfter: 1 };

describe.each([
  ['over http', overHttp],
  ['in process', inProcess],
])('%s', (_, open) => {
  let other: ReturnType<typeof service>;
  let driver: Driver;
  const client = () => createClient(contract, driver.transport);
  beforeAll(async () => {
    other = service();
    driver = await open(other.app);
  });
  afterAll(async () => {
    other.release();
    await driver.close();
    await other.app.close();
  });

  test('a call arrives whole: path, query, body and service token', async () => {
    const input = { params: { id: 'a/b ?#%' }, query: { q: 'x&y=ผ' }, body: { text: '"\n\u0000ผู้ใช้' } };
    await expect(client().echo(input)).resolves.toEqual({ id: 'a/b ?#%', q: 'x&y=ผ', text: '"\n\u0000ผู้ใช้' });
  });

  test('an answer without a body is nothing', async () => {
    await expect(client().remove()).resolves.toBeUndefined();
  });

  test('a problem arrives as the other side threw it', async () => {
    await expect(client().fail()).rejects.toMatchObject({
      code: 'too-many-keys',
      detail: 'ten are enough',
      retryAfter: 3,
    });
  });

  test('the request id and the trace travel on, with a span of their own', async () => {
    const scope = scopeFrom({ 'x-request-id': 'request-1' });
    const answer = await runInScope(scope, () => client().scope());
    expect(answer.requestId).toBe('request-1');
    expect(answer.traceparent.split('-')[1]).toBe(scope.traceparent.split('-')[1]);
    expect(answer.traceparent).not.toBe(scope.traceparent);
  });

  test('a hundred calls at once do not mix', async () => {
    const ids = Array.from({ length: 100 }, (_unused, i) => `request-${i}`);
    const answers = await Promise.all(
      ids.map((id) => runInScope(scopeFrom({ 'x-request-id': id }), () => client().scope())),
    );
    expect(answers.map(({ requestId }) => requestId)).toEqual(ids);
  });

  test('a caller that gives up gets service-unavailable, and does not wait', async () => {
    await expect(client().hang(undefined, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject(
      unavailable,
    );
  });

  test('what is asked for somebody is asked as them, from where they are, and is not what services may ask', async () => {
    const issuer = await testIssuer();
    const third = service(createTokenVerifier(createLocalJWKSet(issuer.jwks)));
    const toThird = await open(third.app);
    const userId = randomUUID();
    const caller = {
      token: await issuer.token({ userId }),
      address: '192.0.2.7',
      userAgent: 'their-agent',
    };
    const asThem = createClient(contract, onBehalfOf(toThird.transport, caller));
    await expect(asThem.own()).resolves.toEqual({ userId, address: '192.0.2.7', userAgent: 'their-agent' });
    await expect(asThem.remove()).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(createClient(contract, toThird.transport).own()).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await toThird.close();
    await third.app.close();
  });

  test('another secret than the other side’s is refused there', async () => {
    const third = service();
    const stranger = await open(third.app, new Secret('another-token'));
    await expect(createClient(contract, stranger.transport).remove()).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await stranger.close();
    await third.app.close();
  });

  test('a service that is gone is service-unavailable', async () => {
    const gone = service();
    const toGone = await open(gone.app);
    await createClient(contract, toGone.transport).remove();
    await gone.app.close();
    await expect(createClient(contract, toGone.transport).remove()).rejects.toMatchObject(unavailable);
    await toGone.close();
  });
});

test('in process, a service that is not built yet is service-unavailable', async () => {
  const transport = appTransport(() => notYet, { serviceToken });
  await expect(createClient(contract, transport).remove()).rejects.toMatchObject(unavailable);
  const notYet = service().app;
});

describe('over http, a service that misbehaves is service-unavailable', () => {
  const server = createServer();
  let url: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  });
  afterEach(() => server.removeAllListeners('request'));
  afterAll(() => server.closeAllConnections());

  test.each<[string, RequestListener]>([
    ['it hangs up', (_, response) => response.destroy()],
    ['it never answers', () => undefined],
    [
      'it stops in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"a":', () => response.destroy());
      },
    ],
    ['it answers without JSON', (_, response) => response.end('<html>')],
    ['it answers something else', (_, response) => response.end('[]')],
    ['it answers an error page', (_, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
  ])('when %s', async (_, answer) => {
    server.on('request', answer);
    const transport = httpTransport(url, { serviceToken, timeout: 100 });
    await expect(createClient(contract, transport).fail()).rejects.toMatchObject({
      name: 'DomainError',
      code: 'service-unavailable',
    });
    await transport.close();
  });
});
