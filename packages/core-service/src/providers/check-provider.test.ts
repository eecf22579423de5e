import { type Answer, type FakeProvider, fakeProvider } from '@smart-ai-hub/shared/testing';
import { garbage, hangUp, listed, refuse, silence } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';

const CHECK = '/api/v1/providers/check';

let vendor: FakeProvider;
let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  vendor = await fakeProvider();
  core = await startCore({ PROVIDER_LOCAL_ORIGINS: new URL(vendor.url).origin });
  admin = await core.person(['admin']);
});
beforeEach(() => {
  vendor.asked.length = 0;
});
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await vendor.close();
});

const check = (body: object = {}) => admin.ask('POST', CHECK, { baseUrl: vendor.url, ...body });
const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const asked = () => vendor.asked.map(({ path, headers }) => ({ path, headers }));

test.each<[string, string, Answer, object]>([
  [
    'openai',
    '/v1/models',
    json({ object: 'list', data: [{ id: 'gpt-b', object: 'model' }, { id: 'gpt-a' }] }),
    { authorization: 'Bearer the-key' },
  ],
  [
    'anthropic',
    '/v1/models?limit=1000',
    json({ data: [{ type: 'model', id: 'gpt-a' }, { id: 'gpt-b' }], has_more: false }),
    { 'x-api-key': 'the-key', 'anthropic-version': '2023-06-01' },
  ],
  [
    'gemini',
    '/v1beta/models?pageSize=1000',
    json({ models: [{ name: 'models/gpt-b' }, { name: 'models/gpt-a', version: '1' }] }),
    { 'x-goog-api-key': 'the-key' },
  ],
])('a provider that speaks %s is asked where it lists its models', async (format, path, answer, headers) => {
  vendor.answerWith(answer);
  expect(await check({ format, apiKeys: ['the-key'] })).toEqual({
    status: 200,
    body: { models: ['gpt-a', 'gpt-b'] },
  });
  expect(asked()).toMatchObject([{ path, headers }]);
});

test.each<[string, string, Answer]>([
  ['openai', 'provider-key-refused', refuse(401)],
  ['openai', 'provider-key-refused', refuse(403)],
  ['anthropic', 'provider-key-refused', refuse(401)],
  [
    'gemini',
    'provider-key-refused',
    json({ error: { code: 400, details: [{ reason: 'API_KEY_INVALID' }] } }, 400),
  ],
  ['openai', 'provider-not-understood', refuse(404)],
  ['openai', 'provider-not-understood', garbage()],
  ['openai', 'provider-not-understood', json({ models: [] })],
  ['gemini', 'provider-not-understood', json({ data: [] })],
  ['anthropic', 'provider-not-understood', json({ data: [{ name: 'no id' }] })],
  ['openai', 'egress-failed', refuse(429)],
  ['openai', 'egress-failed', refuse(503)],
  ['openai', 'egress-failed', hangUp],
  ['openai', 'egress-failed', json({ data: 'x'.repeat(9 * 1024 * 1024) })],
])('of %s, %s is said of what it answers', async (format, code, answer) => {
  vendor.answerWith(answer);
  expect((await check({ format, apiKeys: ['the-key'] })).body).toMatchObject({ code });
  const saved = { name: 'wrong', format, baseUrl: vendor.url, models: [{ id: 'm' }] };
  expect((await admin.ask('POST', '/api/v1/providers', saved)).body).toMatchObject({ code });
  expect((await admin.ask('GET', '/api/v1/providers')).body).toEqual({ items: [] });
});

test('nobody is asked about what is saved unchecked', async () => {
  vendor.answerWith(silence);
  const body = { name: 'unchecked', baseUrl: vendor.url, models: [{ id: 'm' }], check: false };
  const made = await admin.ask('POST', '/api/v1/providers', body);
  expect(made.status).toBe(201);
  const path = `/api/v1/providers/${String(made.body['id'])}`;
  expect((await admin.ask('PATCH', path, { format: 'gemini', check: false })).status).toBe(200);
  expect(asked()).toEqual([]);
  await admin.ask('DELETE', path);
});

test('of several keys the one that is refused is named', async () => {
  vendor.answerWith((response, one) =>
    one.headers.authorization === 'Bearer bad' ? refuse(401)(response, one) : listed('m')(response, one),
  );
  const { body } = await check({ apiKeys: ['good', 'bad'] });
  expect(body).toMatchObject({ code: 'provider-key-refused', detail: 'it refuses key 2' });
});

test('a provider that wants a key, where none was given, says so', async () => {
  vendor.answerWith(refuse(401));
  expect((await check()).body).toMatchObject({ detail: 'it asks for a key' });
});

test('a key follows no redirect', async () => {
  vendor.answerWith((response) => {
    response.writeHead(302, { location: vendor.url }).end();
  });
  expect((await check({ apiKeys: ['the-key'] })).body).toMatchObject({ code: 'provider-not-understood' });
  expect(asked()).toHaveLength(1);
});

test('models are listed once, and without those that nobody could name here', async () => {
  vendor.answerWith(listed('b', 'a b', 'a', 'b', '', 'x'.repeat(201)));
  expect((await check()).body).toEqual({ models: ['a', 'b'] });
});

test('of a provider that is kept, its own keys are shown where none is given', async () => {
  vendor.answerWith(listed('m'));
  const saved = { name: 'kept', baseUrl: vendor.url, apiKeys: ['own-key'], models: [{ id: 'm' }] };
  const { body } = await admin.ask('POST', '/api/v1/providers', saved);
  vendor.asked.length = 0;
  await check({ providerId: body['id'] });
  await check({ providerId: body['id'], apiKeys: ['other'] });
  await check({ providerId: body['id'], apiKeys: [] });
  const shown = asked().map(({ headers }) => headers.authorization);
  expect(shown).toEqual(['Bearer own-key', 'Bearer other', undefined]);
  expect((await check({ providerId: 'abababab-abab-4bab-8bab-abababababab' })).body).toMatchObject({
    code: 'not-found',
  });
  await admin.ask('DELETE', `/api/v1/providers/${String(body['id'])}`);
});

describe('a server of models at an origin that may be local', () => {
  const found = async () => (await admin.ask('GET', '/api/v1/providers/local')).body['items'];

  test('is found where it answers, until it is kept', async () => {
    vendor.answerWith(listed('llama3:8b', 'a'));
    const local = { baseUrl: vendor.url, models: ['a', 'llama3:8b'] };
    expect(await found()).toEqual([local]);
    expect(asked()).toMatchObject([{ path: '/v1/models' }]);
    const saved = { name: 'local', baseUrl: vendor.url, models: [{ id: 'a' }] };
    const { body } = await admin.ask('POST', '/api/v1/providers', saved);
    expect(await found()).toEqual([]);
    await admin.ask('DELETE', `/api/v1/providers/${String(body['id'])}`);
    expect(await found()).toEqual([local]);
  });

  test.each([refuse(401), garbage(), hangUp, listed()])('is not found where it does not', async (answer) => {
    vendor.answerWith(answer);
    expect(await found()).toEqual([]);
  });

  test('is shown to whoever may configure services', async () => {
    const person = await core.person();
    expect((await person.ask('GET', '/api/v1/providers/local')).status).toBe(403);
  });
});
