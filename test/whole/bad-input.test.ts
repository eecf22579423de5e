import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { ProblemCode } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { codeOf, expectRefusal, refusalOf } from './answers.ts';
import { altered, decodePart, forge, unsigned } from './forged-tokens.ts';
import { type Person, PASSWORD, signUp } from './person.ts';
import { NO_LIMITS, SECRETS, startPlatform, type TestPlatform } from './platform.ts';

let platform: TestPlatform;
let person: Person;
let key: string;

beforeAll(async () => {
  platform = await startPlatform(inject('postgres'), { ...NO_LIMITS, BODY_LIMIT_BYTES: '2000000' });
  person = await signUp(platform.url);
  key = await person.makeKey();
});
afterAll(() => platform[Symbol.asyncDispose]());

const JSON_TYPE = { 'content-type': 'application/json' };

/** Asks as the signed-in person, unless the headers say otherwise. */
const ask = (
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = body === undefined ? {} : JSON_TYPE,
) =>
  fetch(platform.url + path, {
    method,
    headers: { authorization: `Bearer ${person.accessToken}`, ...headers },
    ...(body !== undefined && { body }),
  });

/** One route with a body for each service that has one. */
const BODIED = ['/api/v1/auth/register', '/api/v1/auth/login', '/api/v1/keys', '/v1/chat/completions'];
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe.each(BODIED)('POST %s', (path) => {
  test.each<[string, string, Record<string, string>, ProblemCode]>([
    ['half a document', '{"email":', JSON_TYPE, 'malformed-json'],
    ['no document', '', JSON_TYPE, 'malformed-json'],
    ['words', 'hello', JSON_TYPE, 'malformed-json'],
    ['two documents', '{}{}', JSON_TYPE, 'malformed-json'],
    ['a prototype', '{"__proto__":{"admin":true}}', JSON_TYPE, 'malformed-json'],
    ['a list', '[]', JSON_TYPE, 'invalid-request'],
    ['nothing', 'null', JSON_TYPE, 'invalid-request'],
    ['an empty object', '{}', JSON_TYPE, 'invalid-request'],
    ['a bottomless list', deep, JSON_TYPE, 'invalid-request'],
    ['text', '{}', { 'content-type': 'text/plain' }, 'unsupported-media-type'],
    ['a form', 'email=a', { 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported-media-type'],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 'unsupported-media-type'],
    ['a nonsense type', '{}', { 'content-type': 'nonsense' }, 'unsupported-media-type'],
    ['too much', JSON.stringify({ model: 'x'.repeat(2_100_000) }), JSON_TYPE, 'body-too-large'],
  ])('refuses %s', async (_what, body, headers, code) => {
    await expectRefusal(await ask('POST', path, body, headers), code);
  });
});

describe('what a route does not know', () => {
  test.each([
    [
      'POST',
      '/api/v1/auth/register',
      { email: 'a@b.example', password: PASSWORD, roles: ['superadmin'] },
      'roles',
    ],
    ['POST', '/api/v1/keys', { name: 'x', userId: randomUUID() }, 'userId'],
    ['POST', '/api/v1/auth/refresh', { refreshToken: 'x', sub: 'y' }, 'sub'],
  ])('%s %s is refused by name, not passed over', async (method, path, body, field) => {
    const { text } = await expectRefusal(await ask(method, path, JSON.stringify(body)), 'invalid-request');
    expect(text).toContain(field);
  });

  test.each([
    '?limit=0',
    '?limit=101',
    '?limit=1.5',
    '?limit=ten',
    '?unknown=1',
    '?cursor=%00',
    '?limit=1&limit=2',
    `?cursor=${'x'.repeat(65)}`,
  ])('a query is refused too: %s', async (query) => {
    await expectRefusal(await ask('GET', `/api/v1/credits/transactions${query}`), 'invalid-request');
    await expectRefusal(await ask('GET', `/api/v1/usage/logs${query}`), 'invalid-request');
  });

  test.each([
    '/nothing',
    '/api/v1',
    '/api/v1/auth/nothing',
    '/api/v1/credits/nothing',
    '/v1/nothing',
    '/internal/prices',
    '/api/v2/keys',
  ])('GET %s is not found', async (path) => {
    await expectRefusal(await ask('GET', path), 'not-found');
  });

  test.each([
    ['DELETE', '/api/v1/auth/login', /POST/],
    ['PUT', '/api/v1/keys', /GET.*POST/],
    ['POST', '/api/v1/credits/balance', /GET/],
    ['GET', '/v1/chat/completions', /POST/],
  ])('%s %s is a method that is not answered, and the right one is said', async (method, path, allow) => {
    const answer = await ask(method, path);
    await expectRefusal(answer, 'method-not-allowed');
    expect(answer.headers.get('allow')).toMatch(allow);
  });
});

describe('a hostile id', () => {
  test.each([
    ['of nobody', randomUUID(), 'not-found'],
    ['that is none', '1', 'invalid-request'],
    ['with a quote', "1'%20OR%20'1'='1", 'invalid-request'],
    ['with a zero byte', '%00', 'invalid-request'],
    ['with dots', '..%2f..%2finternal', 'invalid-request'],
    ['in Thai', encodeURIComponent('กุญแจ'), 'invalid-request'],
    ['that is long', 'x'.repeat(150), 'invalid-request'],
    ['that is very long', 'x'.repeat(4_000), 'invalid-request'],
    ['that is badly encoded', '%E0%A4%A', 'invalid-request'],
  ] as const)('%s deletes nothing', async (_what, id, code) => {
    await expectRefusal(await ask('DELETE', `/api/v1/keys/${id}`), code);
  });

  test('of somebody else’s key is as good as none', async () => {
    const other = await signUp(platform.url);
    const made = await other.post('/api/v1/keys', { name: 'theirs' });
    await expectRefusal(await ask('DELETE', `/api/v1/keys/${String(made['id'])}`), 'not-found');
    expect((await other.get('/api/v1/keys'))['items']).toHaveLength(1);
  });

  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    ['/api/v1/credits/transactions', cursor('9'.repeat(19))],
    ['/api/v1/credits/transactions', cursor('-1')],
    ['/api/v1/usage/logs', cursor(`1.${'-'.repeat(36)}`)],
    ['/api/v1/usage/logs', cursor(`1.${'a'.repeat(36)}`)],
    ['/api/v1/usage/logs', cursor("1'; DROP TABLE")],
  ])('in a cursor of %s is refused: %s', async (path, text) => {
    await expectRefusal(await ask('GET', `${path}?cursor=${text}`), 'invalid-request');
  });
});

describe('text that a database cannot keep', () => {
  test.each([
    ['a zero byte in a name', '/api/v1/keys', '{"name":"a\\u0000b"}'],
    ['a time before all time', '/api/v1/keys', '{"name":"a","expiresAt":"0000-01-01T00:00:00Z"}'],
    [
      'a zero byte in a model',
      '/v1/chat/completions',
      '{"model":"a\\u0000b","messages":[{"role":"user","content":"x"}]}',
    ],
    ['a zero byte in a refresh token', '/api/v1/auth/refresh', '{"refreshToken":"a\\u0000b"}'],
    ['a zero byte in a password', '/api/v1/auth/login', '{"email":"a@b.example","password":"a\\u0000b"}'],
  ])('%s is the caller’s mistake, not ours', async (_what, path, body) => {
    const refusal = await refusalOf(await ask('POST', path, body));
    expect(refusal.status).toBeGreaterThanOrEqual(400);
    expect(refusal.status).toBeLessThan(500);
    codeOf(refusal);
  });
});

describe('a token', () => {
  const { SIGNING_SEED: seed } = SECRETS;
  const now = Math.floor(Date.now() / 1000);
  const otherSeed = randomBytes(32).toString('base64url');

  test.each<[string, (token: string) => string]>([
    ['is expired', (token) => forge(token, seed, { claims: { iat: now - 900, exp: now - 1 } })],
    ['never expires', (token) => forge(token, seed, { claims: { exp: undefined } })],
    ['is from the future', (token) => forge(token, seed, { claims: { iat: now + 600, exp: now + 1200 } })],
    ['says alg: none', unsigned],
    ['was altered', altered],
    ['was signed with another key', (token) => forge(token, otherSeed, {})],
    ['was signed for somebody else', (token) => forge(token, seed, { claims: { aud: 'another-hub' } })],
    ['has another type', (token) => forge(token, seed, { head: { typ: 'JWT' } })],
    [
      'brings its own key',
      (token) =>
        forge(token, otherSeed, { head: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' }, kid: 'mine' } }),
    ],
    [
      'points elsewhere for its key',
      (token) => forge(token, otherSeed, { head: { jku: 'http://127.0.0.1:1/jwks', kid: 'mine' } }),
    ],
    ['is the refresh token', () => person.refreshToken],
    ['is our own service token', () => SECRETS.SERVICE_TOKEN],
    ['is empty', () => ''],
  ])('that %s opens no door', async (_what, make) => {
    const authorization = `Bearer ${make(person.accessToken)}`;
    for (const path of ['/api/v1/auth/me', '/api/v1/credits/balance', '/v1/models']) {
      const answer = await ask('GET', path, undefined, { authorization });
      await expectRefusal(answer, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    }
  });

  test('that is in order opens them, so that the cases above mean something', async () => {
    const again = forge(person.accessToken, seed, { claims: { jti: randomUUID() } });
    expect(
      (await ask('GET', '/api/v1/auth/me', undefined, { authorization: `Bearer ${again}` })).status,
    ).toBe(200);
    expect(decodePart(again, 1)).toMatchObject({ sub: person.id });
  });

  test('or key of another environment opens no door', async () => {
    await using other = await startPlatform(inject('postgres'), { SIGNING_SEED: otherSeed });
    const stranger = await signUp(other.url);
    for (const token of [
      stranger.accessToken,
      await stranger.makeKey(),
      'sk-hub-unknown',
      `sk-hub-${'a'.repeat(43)}`,
    ]) {
      await expectRefusal(
        await ask('GET', '/v1/models', undefined, { authorization: `Bearer ${token}` }),
        'unauthenticated',
      );
    }
  });

  test('of a key is not good for what its holder does in person', async () => {
    const authorization = `Bearer ${key}`;
    expect((await ask('GET', '/v1/models', undefined, { authorization })).status).toBe(200);
  });
});

describe('a request id', () => {
  const idOf = async (given: string) => {
    const answer = await ask('GET', '/api/v1/auth/me', undefined, { 'x-request-id': given });
    return answer.headers.get('x-request-id');
  };

  test('that is in order is kept', async () => {
    expect(await idOf('my-own_Request-1')).toBe('my-own_Request-1');
  });

  test.each([
    'short',
    'x'.repeat(65),
    'with space',
    'a\tb-and-more',
    'semi;colon-1',
    '<script>1</script>',
    'naïve-request-id',
    '',
    '%0d%0ainjected',
  ])('that is not is made anew, and stands in no log line: "%s"', async (given) => {
    expect(await idOf(given)).toMatch(/^[0-9a-f-]{36}$/);
    const ids = platform.log.lines().map(({ requestId }) => requestId);
    expect(ids).not.toContain(given);
  });

  test.each(['evil-id\r\n evil: 1', 'evil-id\nevil: 1', 'evil-id\revil: 1', 'evil-id\0'])(
    'with a line break inside never gets in: %j',
    async (given) => {
      const { port } = new URL(platform.url);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        `GET /api/v1/auth/me HTTP/1.1\r\nhost: hub\r\nx-request-id: ${given}\r\nconnection: close\r\n\r\n`,
      );
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(platform.log.text()).not.toContain('evil-id');
    },
  );
});
