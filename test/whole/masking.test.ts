import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { openDatabase } from '@smart-ai-hub/database';
import { fakeProvider, garbage, hangUp, refuse } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

const random = (bytes = 16) => randomBytes(bytes).toString('hex');

/** What must never stand in a log; each with a part that is found wherever the rest of it is cut off. */
const CANARIES = {
  password: `Canary-Pass-${random()}`,
  'API key': `sk-hub-${randomBytes(32).toString('base64url')}`,
  'vendor’s key': `sk-proj-${random()}`,
  'bearer token': `eyJhbGciOiJFZERTQSJ9.${random(40)}.${random(20)}`,
  cookie: `hub_refresh=rt-${randomBytes(32).toString('base64url')}`,
  card: '4111 1111 1111 1111',
  'connection string': `postgres://hub:canary-${random()}@db.internal:5432/hub`,
  'e-mail address': `canary-${random()}@person.example`,
};
const ALL = Object.values(CANARIES).join(' ');
const LINE = encodeURIComponent(ALL);

/** The part of each canary that tells a secret, without the words around it. */
const SECRETS = Object.entries({
  ...CANARIES,
  cookie: CANARIES.cookie.split('=')[1] ?? '',
  'connection string': /:(canary-\w+)@/.exec(CANARIES['connection string'])?.[1] ?? '',
});

const ROUTES = [
  ['POST', '/api/v1/auth/register'],
  ['POST', '/api/v1/auth/login'],
  ['POST', '/api/v1/auth/refresh'],
  ['POST', '/api/v1/auth/setup'],
  ['POST', '/api/v1/keys'],
  ['DELETE', '/api/v1/keys/x'],
  ['GET', '/api/v1/credits/transactions'],
  ['GET', '/api/v1/usage/logs'],
  ['GET', '/api/v1/prices'],
  ['POST', '/v1/chat/completions'],
  ['GET', '/nothing'],
] as const;

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let platform: TestPlatform;

beforeAll(async () => {
  vendor = await fakeProvider();
  const url = new URL(vendor.url);
  const providers = [
    { name: 'vendor', baseUrl: url.href, apiKey: CANARIES['vendor’s key'], models: ['gpt-4o-mini'] },
    { name: 'gone', baseUrl: 'http://127.0.0.1:1/v1', apiKey: CANARIES['vendor’s key'], models: ['gpt-3.5'] },
  ];
  platform = await startPlatform(inject('postgres'), {
    ...NO_LIMITS,
    PROVIDERS: JSON.stringify(providers),
    PROVIDER_LOCAL_ORIGINS: url.origin,
    PROVIDER_RETRY_MS: '50',
    SIGNUP_CREDIT_MICRO: '1000000000',
  });
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await vendor.close();
});

/** Asks and waits for the log line of exactly this request, so that nothing is looked for too early. */
async function send(method: string, path: string, headers: Record<string, string>, body?: string) {
  const requestId = `masking-${random()}`;
  const answer = await fetch(platform.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...headers },
    ...(body !== undefined && method !== 'GET' && { body }),
  });
  const text = await answer.text();
  await expect.poll(() => platform.log.text()).toContain(requestId);
  return { status: answer.status, text };
}

/** Holds that no line so far has a canary, whole or in the form that it travels in. */
function expectClean() {
  const log = platform.log.text();
  for (const [name, secret] of SECRETS) {
    expect(log.includes(secret), `a ${name} is in the log`).toBe(false);
    expect(log.includes(encodeURIComponent(secret)), `an encoded ${name} is in the log`).toBe(false);
  }
}

describe.each(ROUTES)('%s %s logs no secret', (method, path) => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'of a body in order',
      () =>
        send(
          method,
          path,
          {},
          JSON.stringify({
            ...CANARIES,
            email: CANARIES['e-mail address'],
            refreshToken: ALL,
            token: ALL,
            name: 'x',
          }),
        ),
    ],
    ['of a body that is no JSON', () => send(method, path, {}, `{"password":"${ALL}`)],
    [
      'of a body nested deep',
      () => send(method, path, {}, JSON.stringify({ a: { b: [{ secret: ALL, text: ALL }] } })),
    ],
    [
      'of headers',
      () =>
        send(method, path, {
          authorization: `Bearer ${CANARIES['bearer token']}`,
          cookie: CANARIES.cookie,
          'x-api-key': CANARIES['API key'],
          'user-agent': ALL,
        }),
    ],
    [
      'of a key in Authorization',
      () => send(method, path, { authorization: `Bearer ${CANARIES['API key']}` }),
    ],
    [
      'of a password in Authorization',
      () => send(method, path, { authorization: `Basic ${btoa(CANARIES.password)}` }),
    ],
    ['of the query', () => send(method, `${path}?password=${LINE}&cursor=${LINE}&token=${LINE}`, {})],
    ['of the path', () => send(method, `${path}/${encodeURIComponent(CANARIES['API key'])}`, {})],
  ])('%s', async (_what, ask) => {
    await ask();
    expectClean();
  });
});

test('what a real person does with real secrets is not logged either', async () => {
  const email = CANARIES['e-mail address'];
  const person = await signUp(platform.url, email);
  const key = await person.makeKey(ALL.slice(0, 60));
  await send('POST', '/api/v1/auth/login', {}, JSON.stringify({ email, password: CANARIES.password }));
  await send('GET', '/v1/models', { authorization: `Bearer ${key}` });
  await send('POST', '/api/v1/auth/refresh', {}, JSON.stringify({ refreshToken: person.refreshToken }));
  await send('POST', '/api/v1/auth/logout', { authorization: `Bearer ${person.accessToken}` });
  const log = platform.log.text();
  for (const secret of [key, person.accessToken, person.refreshToken, email])
    expect(log.includes(secret)).toBe(false);
  expectClean();
});

test.each([
  [
    'refuses with our key in its words',
    refuse(401, `Incorrect API key provided: ${CANARIES['vendor’s key']}`),
  ],
  ['fails with a connection string', refuse(500, CANARIES['connection string'])],
  ['answers with secrets in place of a completion', garbage(ALL)],
  ['hangs up', hangUp],
])('a vendor that %s is logged without them', async (_what, answer) => {
  vendor.answerWith(answer);
  const { makeKey } = await signUp(platform.url);
  const authorization = `Bearer ${await makeKey()}`;
  const messages = [{ role: 'user', content: ALL }];
  for (const [model, stream] of [
    ['gpt-4o-mini', false],
    ['gpt-4o-mini', true],
    ['gpt-3.5', false],
  ]) {
    const { status, text } = await send(
      'POST',
      '/v1/chat/completions',
      { authorization },
      JSON.stringify({ model, messages, stream }),
    );
    expect(status).toBeGreaterThanOrEqual(500);
    expect(text).not.toContain(CANARIES['vendor’s key']);
    expect(text).not.toContain(/canary-\w+/.exec(CANARIES['connection string'])?.[0]);
  }
  expectClean();
});

test('a vendor’s key that an administrator keeps in the hub is not logged, nor answered', async () => {
  const { id, accessToken, makeKey } = await signUp(platform.url);
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  await owner.pool.query(
    `INSERT INTO core.user_roles (user_id, role_id) SELECT $1, id FROM core.roles WHERE name = 'admin'`,
    [id],
  );
  await owner.close();
  const authorization = `Bearer ${accessToken}`;
  const provider = {
    ...{ name: 'kept', baseUrl: vendor.url, apiKeys: [CANARIES['vendor’s key']] },
    models: [{ id: 'gpt-4-kept' }],
  };
  const path = '/api/v1/providers';
  vendor.answerWith(refuse(401, `Incorrect API key provided: ${CANARIES['vendor’s key']}`));
  const refused = await send('POST', path, { authorization }, JSON.stringify(provider));
  const kept = await send('POST', path, { authorization }, JSON.stringify({ ...provider, check: false }));
  const listed = await send('GET', path, { authorization });
  expect([refused.status, kept.status, listed.status]).toEqual([422, 201, 200]);
  const headers = { authorization: `Bearer ${await makeKey()}` };
  const question = JSON.stringify({ model: 'gpt-4-kept', messages: [{ role: 'user', content: 'x' }] });
  const asked = vendor.asked.length;
  const called = await send('POST', '/v1/chat/completions', headers, question);
  expect(vendor.asked.length).toBeGreaterThan(asked);
  for (const { text } of [refused, kept, listed, called])
    expect(text).not.toContain(CANARIES['vendor’s key']);
  expectClean();
});

test('bytes that are no HTTP are not logged', async () => {
  const { port } = new URL(platform.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(`GET / HTTP/9.9\r\nauthorization: Bearer ${CANARIES['bearer token']}\r\n\r\n`);
  for await (const _chunk of socket);
  expectClean();
});

test('the log is not clean because it is empty', () => {
  const lines = platform.log.lines();
  expect(new Set(lines.map(({ service }) => service))).toEqual(
    new Set(['api-gateway', 'auth-service', 'core-service', 'mcp-server']),
  );
  expect(lines.filter(({ message }) => message === 'request').length).toBeGreaterThan(100);
});
