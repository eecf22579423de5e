import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineContract, type Permission, type Route } from '../contracts/index.ts';
import { testIssuer, type TestIssuer, type TestPerson } from '../testing/issuer.ts';
import { testLog } from '../testing/log.ts';
import { bind, sameSecret } from './bind.ts';
import { createApp } from './http.ts';
import { Secret } from './secret.ts';
import { createTokenVerifier } from './token.ts';

const route = { method: 'GET', summary: 'A route', problems: [] } as const;
const anything = { status: 200, schema: z.looseObject({}) } as const;
const contract = defineContract({
  open: { ...route, path: '/open', access: 'public', success: anything },
  own: { ...route, path: '/own', access: 'signed-in', success: anything },
  internal: { ...route, path: '/internal', access: 'service', success: anything },
  sensitive: { ...route, path: '/sensitive', access: 'signed-in', stepUp: true, success: anything },
  adjust: { ...route, path: '/adjust', access: 'credits:adjust', success: anything },
  echo: {
    ...route,
    method: 'POST',
    path: '/teams/:team/echo',
    access: 'public',
    params: z.strictObject({ team: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
    body: z.strictObject({
      name: z.string().trim().min(1),
      tags: z.array(z.strictObject({ id: z.int() })).default([]),
    }),
    success: {
      status: 201,
      schema: z.object({ name: z.string(), limit: z.int(), nested: z.object({ shown: z.boolean() }) }),
    },
  },
  remove: {
    ...route,
    method: 'DELETE',
    path: '/things',
    access: 'public',
    success: { status: 204, schema: z.void() },
  },
  wrong: {
    ...route,
    path: '/wrong',
    access: 'public',
    success: { status: 200, schema: z.object({ count: z.int() }) },
  },
  own_reply: { ...route, path: '/stream', access: 'public', success: anything },
});

/** What TypeScript takes for a whole number. */
const misfit: { count: number } = JSON.parse('{"count":"canary"}');

const serviceToken = new Secret('service-token-of-this-test');
const log = testLog();
let app: FastifyInstance;
let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await testIssuer();
  app = createApp({ service: 'test', version: '0', logger: log.logger });
  const guards = { serviceToken, verifyToken: createTokenVerifier(createLocalJWKSet(issuer.jwks)) };
  await app.register(async (routes) => {
    bind(
      routes,
      contract,
      guards,
      { greeting: 'hello' },
      {
        open: async ({ greeting, requestId, userAgent }) => ({ greeting, requestId, userAgent }),
        own: async ({ actor }) => {
          log.logger.info('verb');
          return { ...actor };
        },
        internal: async () => ({}),
        sensitive: async () => ({}),
        adjust: async ({ actor }) => ({ userId: actor.userId }),
        echo: async (_, { params, query, body }) => ({
          name: `${body.name} of ${params.team}`,
          limit: query.limit,
          secret: 'canary',
          nested: { shown: true, hidden: 'canary' },
        }),
        remove: async () => undefined,
        wrong: async () => misfit,
        own_reply: async ({ http: { reply } }) =>
          reply.code(200).type('text/event-stream').send('data: 1\n\n'),
      },
    );
  });
  await app.ready();
});
afterAll(() => app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

describe('access', () => {
  test('public is for anybody, even with a bad token', async () => {
    expect((await get('/open')).statusCode).toBe(200);
    expect((await get('/open', bearer('bad'))).statusCode).toBe(200);
  });

  test.each<[string, string]>([
    ['/own', 'signed-in'],
    ['/adjust', 'a permission'],
    ['/internal', 'service'],
  ])('%s (%s) is for nobody without a token, or with a bad one', async (path) => {
    const forged = await (await testIssuer()).token();
    const bad = ['', 'x', forged, `${serviceToken.reveal()}x`].map(bearer);
    for (const headers of [
      {},
      ...bad,
      { authorization: serviceToken.reveal() },
      { authorization: 'Basic eDp5' },
    ]) {
      const answer = await get(path, headers);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.json()).toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('what takes a recent proof refuses a session without one; keys are not asked', async () => {
    const asked = async (person: TestPerson) =>
      (await get('/sensitive', bearer(await issuer.token(person)))).json<{ code?: string }>().code;
    const at = (seconds: number) => ({ claims: { authTime: Math.floor(Date.now() / 1000) - seconds } });
    expect(await asked(at(590))).toBeUndefined();
    expect(await asked(at(611))).toBe('step-up-required');
    expect(await asked({ claims: { authTime: undefined } })).toBe('step-up-required');
    expect(await asked({ keyId: randomUUID() })).toBeUndefined();
    expect((await get('/sensitive')).statusCode).toBe(401);
  });

  test('signed-in is for every person, whatever the roles, and tells the handler who acts', async () => {
    const userId = randomUUID();
    const answer = await get('/own', {
      ...bearer(await issuer.token({ userId, roles: [] })),
      'x-request-id': 'request-1',
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ userId, roles: [], email: 'somebody@test.example' });
    expect(log.lines().find(({ message }) => message === 'verb')).toMatchObject({
      requestId: 'request-1',
      actorId: userId,
    });
  });

  test('the service token is for services alone, and a person’s token is not for them', async () => {
    expect((await get('/internal', bearer(serviceToken.reveal()))).statusCode).toBe(200);
    expect((await get('/internal', bearer(await issuer.token({ roles: ['superadmin'] })))).statusCode).toBe(
      401,
    );
    expect((await get('/own', bearer(serviceToken.reveal()))).statusCode).toBe(401);
  });

  test.each<[string[], number]>([
    [['manager'], 200],
    [['superadmin'], 200],
    [['guest', 'admin'], 200],
    [['user'], 403],
    [['guest'], 403],
    [['nobody', 'constructor'], 403],
    [[], 403],
  ])('a permission is for its holders: %j answers %i', async (roles, status) => {
    const answer = await get('/adjust', bearer(await issuer.token({ roles })));
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json()).toMatchObject({ code: 'forbidden' });
  });

  test('comes before the body is looked at', async () => {
    const hidden = createApp({ service: 'test', version: '0', logger: log.logger });
    const access: Permission = 'credits:adjust';
    const post: Route = {
      ...route,
      method: 'POST',
      path: '/post',
      access,
      body: z.object({ a: z.string() }),
      success: anything,
    };
    const verifyToken = createTokenVerifier(createLocalJWKSet(issuer.jwks));
    bind(hidden, { post }, { serviceToken, verifyToken }, {}, { post: async () => ({}) });
    const answer = await hidden.inject({
      method: 'POST',
      url: '/post',
      payload: '{"a":',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
    await hidden.close();
  });
});

describe('input', () => {
  const team = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const echo = (payload: unknown, url = `/teams/${team}/echo`) =>
    app.inject({
      method: 'POST',
      url,
      payload: JSON.stringify(payload),
      headers: { 'content-type': 'application/json' },
    });

  test('reaches the handler parsed, with defaults filled in', async () => {
    const answer = await echo({ name: '  Somchai ' });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ name: `Somchai of ${team}`, limit: 5 });
    expect((await echo({ name: 'a' }, `/teams/${team}/echo?limit=7`)).json()).toMatchObject({ limit: 7 });
  });

  test.each<[string, unknown, string, string[]]>([
    ['a missing field', {}, '', ['name']],
    ['an unknown field', { name: 'a', admin: true }, '', ['body']],
    ['an unknown field deep down', { name: 'a', tags: [{ id: 1, x: 2 }] }, '', ['tags.0']],
    ['two mistakes', { name: ' ', tags: [{ id: 1 }, { id: 'x' }] }, '', ['name', 'tags.1.id']],
    ['a list for an object', [], '', ['body']],
    ['null', null, '', ['body']],
    ['a bad query', { name: 'a' }, '?limit=11', ['limit']],
    ['an unknown query', { name: 'a' }, '?limits=1', ['querystring']],
    ['a query given twice', { name: 'a' }, '?limit=1&limit=2', ['limit']],
  ])('with %s is refused, with the path of each mistake', async (_, body, query, paths) => {
    const answer = await echo(body, `/teams/${team}/echo${query}`);
    expect(answer.statusCode).toBe(400);
    const problem = z.object({
      code: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string().min(1) })),
    });
    const { code, errors } = problem.parse(answer.json());
    expect(code).toBe('invalid-request');
    expect(errors.map(({ path }) => path)).toEqual(paths);
  });

  test('with a hostile id in its path is refused', async () => {
    for (const id of ["1'%20OR%201=1", '..%2F..%2Fetc', '%00', 'null', '__proto__']) {
      const answer = await echo({ name: 'a' }, `/teams/${id}/echo`);
      expect(answer.json()).toMatchObject({ code: 'invalid-request', errors: [{ path: 'team' }] });
    }
  });
});

describe('the answer', () => {
  test('holds what the success schema names, and nothing else', async () => {
    const url = `/teams/${randomUUID()}/echo`;
    const answer = await app.inject({ method: 'POST', url, payload: { name: 'a' } });
    expect(answer.payload).not.toContain('canary');
    expect(Object.keys(answer.json())).toEqual(['name', 'limit', 'nested']);
  });

  test('of a route without one is 204 and empty', async () => {
    const answer = await app.inject({ method: 'DELETE', url: '/things' });
    expect(answer.statusCode).toBe(204);
    expect(answer.payload).toBe('');
  });

  test('outside its contract is an internal error, not a leak', async () => {
    const answer = await get('/wrong');
    expect(answer.statusCode).toBe(500);
    expect(answer.payload).not.toContain('canary');
    expect(answer.json()).toMatchObject({ code: 'internal-error' });
  });

  test('may be sent by the handler itself', async () => {
    const answer = await get('/stream');
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.payload).toBe('data: 1\n\n');
  });
});

test('every route stands in the OpenAPI document, with its problems', () => {
  const { paths } = app.swagger();
  expect(Object.keys(paths ?? {})).toEqual([
    '/open',
    '/own',
    '/internal',
    '/sensitive',
    '/adjust',
    '/teams/{team}/echo',
    '/things',
    '/wrong',
    '/stream',
  ]);
  expect(paths?.['/teams/{team}/echo']?.post).toMatchObject({ operationId: 'echo', summary: 'A route' });
  expect(Object.keys(paths?.['/adjust']?.get?.responses ?? {})).toEqual([
    '200',
    '400',
    '401',
    '403',
    '429',
    '500',
    '503',
  ]);
});

test.each([
  ['a', false],
  ['', false],
  [`${serviceToken.reveal()}x`, false],
  [serviceToken.reveal(), true],
])('sameSecret(%j) is %s', (given, same) => {
  expect(sameSecret(given, serviceToken)).toBe(same);
});
