import { randomUUID } from 'node:crypto';
import { internalContract, providersContract } from '@smart-ai-hub/shared/contracts';
import { type FakeProvider, fakeProvider, listed, refuse } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SERVICE_TOKEN, startCore } from '../core.fixture.ts';

const PROVIDERS = '/api/v1/providers';

/** A key whose every part is looked for. */
const newKey = () => `sk-secret-${randomUUID()}`;

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
  vendor.answerWith(listed('big', 'small'));
});
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await vendor.close();
});

const newName = () => `p-${randomUUID().slice(0, 8)}`;
const given = (more: object = {}) => ({
  ...{ name: newName(), baseUrl: vendor.url, apiKeys: [newKey()], models: [{ id: 'small' }] },
  ...more,
});
const { success: made } = providersContract.createProvider;
const create = async (more: object = {}) => {
  const answer = await admin.ask('POST', PROVIDERS, given(more));
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return made.schema.parse(answer.body);
};
const change = (id: string, body: object) => admin.ask('PATCH', `${PROVIDERS}/${id}`, body);
const list = async () =>
  providersContract.listProviders.success.schema.parse((await admin.ask('GET', PROVIDERS)).body).items;
const one = async (id: string) => (await list()).find((item) => item.id === id);
/** What mcp-server hears. */
const opened = async () => {
  const { body } = await core.ask('GET', '/internal/providers', { token: SERVICE_TOKEN });
  return internalContract.providers.success.schema.parse(body).items;
};
const openedOne = async (id: string) => (await opened()).find((item) => item.id === id);
const authorizations = () => vendor.asked.map(({ headers }) => headers.authorization);
const audited = (id: string) =>
  core.sql('SELECT action, before, after FROM audit.events WHERE target_id = $1 ORDER BY id', [id]);

describe('a provider', () => {
  test('is added behind the others with what was left out filled in, once it has answered', async () => {
    const before = await list();
    const [key, other] = [newKey(), newKey()];
    const wish = given({ apiKeys: [key, other], baseUrl: `${vendor.url}/` });
    const { status, body } = await admin.ask('POST', PROVIDERS, wish);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ name: wish.name, format: 'openai', baseUrl: vendor.url, models: wish.models, active: true },
      ...{ outputLimitField: 'max_tokens', maxConcurrent: 256, keysReadable: true },
      keyEndings: [key.slice(-4), other.slice(-4)],
    });
    expect(await list()).toEqual([...before, body]);
    expect(vendor.asked.map(({ path }) => path)).toEqual(['/v1/models', '/v1/models']);
    expect(authorizations().toSorted()).toEqual([`Bearer ${key}`, `Bearer ${other}`].toSorted());
  });

  test('keeps everything that is said of its models', async () => {
    const models = [
      {
        ...{ id: 'm', upstreamId: 'vendor/m:free', maxOutputTokens: 10, contextTokens: 20 },
        ...{ openToGuests: true, capabilities: { vision: true, tools: false } },
      },
      { id: 'n' },
    ];
    const { id } = await create({ models, outputLimitField: 'max_completion_tokens', maxConcurrent: 3 });
    const kept = { models, outputLimitField: 'max_completion_tokens', maxConcurrent: 3 };
    expect(await one(id)).toMatchObject(kept);
    expect(await openedOne(id)).toMatchObject(kept);
  });

  test('is changed in what is named alone, and its keys replaced only where they are given', async () => {
    const key = newKey();
    const { id, name } = await create({ apiKeys: [key] });
    vendor.asked.length = 0;
    const answer = await change(id, { models: [{ id: 'big' }], active: false });
    expect(answer).toMatchObject({
      status: 200,
      body: { name, active: false, keyEndings: [key.slice(-4)], models: [{ id: 'big' }] },
    });
    expect(vendor.asked).toEqual([]); // how it is asked is as before
    const next = newKey();
    expect((await change(id, { apiKeys: [next], active: true })).body).toMatchObject({
      keyEndings: [next.slice(-4)],
    });
    expect(authorizations()).toEqual([`Bearer ${next}`]);
    expect(await openedOne(id)).toMatchObject({ apiKeys: [next], models: [{ id: 'big' }] });
  });

  test('that is off is kept, and not asked', async () => {
    const { id } = await create({ active: false });
    expect(await one(id)).toMatchObject({ active: false });
    expect(await openedOne(id)).toBeUndefined();
  });

  test('is deleted, once', async () => {
    const { id } = await create();
    expect((await admin.ask('DELETE', `${PROVIDERS}/${id}`)).status).toBe(204);
    expect(await one(id)).toBeUndefined();
    expect((await admin.ask('DELETE', `${PROVIDERS}/${id}`)).body).toMatchObject({ code: 'not-found' });
    expect((await change(id, { active: true })).body).toMatchObject({ code: 'not-found' });
    expect((await change(id, { apiKeys: [] })).body).toMatchObject({ code: 'not-found' });
  });

  test('has a name of its own, whatever its letters, also when two are added at once', async () => {
    const name = newName();
    const answers = await Promise.all(
      [name, name.toUpperCase(), name].map((each) => admin.ask('POST', PROVIDERS, given({ name: each }))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'name-taken' });
    const { id } = await create();
    expect((await change(id, { name })).body).toMatchObject({ code: 'name-taken' });
  });

  test('that changes is told to every process, and written down without its keys', async () => {
    const [key, next] = [newKey(), newKey()];
    core.announced.length = 0;
    const { id, name } = await create({ apiKeys: [key] });
    await change(id, { active: false, apiKeys: [next, key] });
    await admin.ask('DELETE', `${PROVIDERS}/${id}`);
    await expect.poll(() => core.announced.length).toBeGreaterThanOrEqual(3);
    expect(new Set(core.announced)).toEqual(new Set(['providers:all']));
    expect(await audited(id)).toMatchObject([
      { action: 'provider.created', after: { name, models: ['small'], keys: 1 } },
      {
        action: 'provider.changed',
        before: { active: true, keys: 1 },
        after: { active: false, keys: 2, keysReplaced: true },
      },
      { action: 'provider.deleted', before: { keys: 2 } },
    ]);
  });
});

describe('keys', () => {
  test('are in no answer, no audit row, no column and no line of the log', async () => {
    const key = newKey();
    const { id } = await create({ apiKeys: [key, 'short'] });
    vendor.answerWith(refuse(401, `Incorrect API key provided: ${key}`));
    const refused = await admin.ask('POST', `${PROVIDERS}/check`, { baseUrl: vendor.url, apiKeys: [key] });
    expect(refused.body).toMatchObject({ code: 'provider-key-refused', detail: 'it refuses key 1' });
    const texts = [
      ...[JSON.stringify(await list()), JSON.stringify(refused.body), core.log.text()],
      JSON.stringify(await core.sql('SELECT * FROM audit.events')),
      JSON.stringify(await core.sql(`SELECT p::text, encode(api_keys[1], 'escape') FROM core.providers p`)),
      vendor.asked.map(({ path }) => path).join(),
    ];
    for (const text of texts) expect(text.includes(key.slice(10))).toBe(false);
    expect((await one(id))?.keyEndings).toEqual([key.slice(-4), '']); // of a short one even the end says too much
  });

  test('are bound to their provider: copied to another they do not open, and are given anew', async () => {
    const [{ id }, other] = [await create(), await create()];
    await core.sql(
      'UPDATE core.providers SET api_keys = o.api_keys FROM core.providers o WHERE providers.id = $1 AND o.id = $2',
      [id, other.id],
    );
    expect(await one(id)).toMatchObject({ keysReadable: false, keyEndings: [''] });
    expect(await openedOne(id)).toBeUndefined();
    expect(await openedOne(other.id)).toBeDefined();
    expect(await change(id, { format: 'openai' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'apiKeys' }] },
    });
    expect((await change(id, { active: false })).status).toBe(200);
    expect((await change(id, { apiKeys: [newKey()] })).body).toMatchObject({ keysReadable: true });
  });

  test.each([{}, { check: false }])('are given anew with another address: %o', async (more) => {
    const { id } = await create();
    vendor.asked.length = 0;
    const baseUrl = `${new URL(vendor.url).origin}/elsewhere`;
    expect(await change(id, { baseUrl, ...more })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ path: 'apiKeys' }] },
    });
    const asked = await admin.ask('POST', `${PROVIDERS}/check`, { baseUrl, providerId: id });
    expect(asked.body).toMatchObject({ errors: [{ path: 'apiKeys' }] });
    expect(vendor.asked).toEqual([]);
    expect((await change(id, { baseUrl, apiKeys: [newKey()], ...more })).body).toMatchObject({ baseUrl });
  });

  test('are none where a provider wants none, whose address changes freely', async () => {
    const { id } = await create({ apiKeys: [] });
    expect(authorizations()).toEqual([undefined]);
    expect((await change(id, { baseUrl: `${vendor.url}/next` })).status).toBe(200);
    expect(await openedOne(id)).toMatchObject({ apiKeys: [], mayBeLocal: true });
  });
});

describe('the order', () => {
  const order = async () => (await list()).map(({ id }) => id);
  const reorder = (ids: string[]) => admin.ask('PUT', `${PROVIDERS}/order`, { ids });

  test('is what was said, and whoever was not named comes after', async () => {
    const [a, b, c] = [await create(), await create(), await create()];
    const rest = (await order()).filter((id) => ![b.id, c.id].includes(id));
    const answer = await reorder([c.id, b.id]);
    expect(answer.status).toBe(200);
    expect(await order()).toEqual([c.id, b.id, ...rest]);
    expect(rest).toContain(a.id);
    expect((await opened()).map(({ id }) => id).slice(0, 2)).toEqual([c.id, b.id]);
    const [entry] = await core.sql(
      `SELECT after FROM audit.events WHERE action = 'providers.reordered' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toMatchObject({ after: { order: expect.arrayContaining([a.name, b.name, c.name]) } });
  });

  test('is one of those that were said at once, and whole', async () => {
    const { ids } = { ids: await order() };
    const wishes = [ids, ids.toReversed(), ids.toReversed(), ids];
    const answers = await Promise.all([...wishes.map(reorder), create().then(() => ({ status: 200 }))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const now = (await order()).filter((id) => ids.includes(id));
    expect([ids, ids.toReversed()]).toContainEqual(now);
    const [{ places } = { places: 0 }] = await core.sql(
      'SELECT count(DISTINCT position)::int - count(*)::int AS places FROM core.providers',
    );
    expect(places).toBe(0);
  });

  test('names only what is there, each once', async () => {
    const before = await order();
    expect((await reorder([randomUUID()])).body).toMatchObject({ code: 'not-found' });
    for (const ids of [[], ['1'], [before[0] ?? '', before[0] ?? '']])
      expect((await reorder(ids)).status).toBe(400);
    expect(await order()).toEqual(before);
  });
});

test.each([
  'http://127.0.0.1:1/other-port',
  'http://example.com/plain',
  'https://127.0.0.1/',
  'https://[::ffff:10.0.0.1]/',
  'https://169.254.169.254/latest',
  'https://localhost/',
])('lesson 12: %s is refused when it is looked at and when it is saved, checked or not', async (baseUrl) => {
  const { id } = await create();
  const refused = { status: 422, body: { code: 'egress-refused' } };
  for (const more of [{}, { check: false }]) {
    expect(await admin.ask('POST', PROVIDERS, given({ baseUrl, ...more }))).toMatchObject(refused);
    expect(await change(id, { baseUrl, apiKeys: [], ...more })).toMatchObject(refused);
  }
  expect(await admin.ask('POST', `${PROVIDERS}/check`, { baseUrl })).toMatchObject(refused);
});

test.each<[string, object]>([
  ['nothing', { name: undefined, baseUrl: undefined, models: undefined }],
  ['a name with blanks', { name: 'big vendor' }],
  ['a long name', { name: 'x'.repeat(41) }],
  ['another format', { format: 'soap' }],
  ['no address', { baseUrl: 'vendor' }],
  ['an address of files', { baseUrl: 'file:///etc/passwd' }],
  ['an address with a name', { baseUrl: 'https://key@vendor.example' }],
  ['an address with a key', { baseUrl: 'https://vendor.example?key=1' }],
  ['an address with a fragment', { baseUrl: 'https://vendor.example#key' }],
  ['a long address', { baseUrl: `https://vendor.example/${'x'.repeat(2000)}` }],
  ['a key of two lines', { apiKeys: ['a\r\nhost: b'] }],
  ['a key with a blank', { apiKeys: ['a b'] }],
  ['an empty key', { apiKeys: [''] }],
  ['a key twice', { apiKeys: ['k', 'k'] }],
  ['too many keys', { apiKeys: Array.from({ length: 11 }, (_, index) => `k${index}`) }],
  ['no models', { models: [] }],
  ['a model twice', { models: [{ id: 'm' }, { id: 'm' }] }],
  ['a model with a blank', { models: [{ id: 'a b' }] }],
  ['a model with another field', { models: [{ id: 'm', price: 0 }] }],
  ['an unknown capability', { models: [{ id: 'm', capabilities: { magic: true } }] }],
  ['half a token', { models: [{ id: 'm', maxOutputTokens: 0.5 }] }],
  ['nobody at once', { maxConcurrent: 0 }],
  ['another limit', { outputLimitField: 'limit' }],
  ['another field', { position: 1 }],
])('no provider is made of %s', async (_, wrong) => {
  const answer = await admin.ask('POST', PROVIDERS, given({ check: false, ...wrong }));
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

test('providers are for those who may configure services', async () => {
  const [manager, person] = [await core.person(['manager']), await core.person()];
  for (const { ask } of [manager, person]) {
    expect((await ask('GET', PROVIDERS)).status).toBe(403);
    expect((await ask('POST', PROVIDERS, given())).status).toBe(403);
    expect((await ask('POST', `${PROVIDERS}/check`, { baseUrl: vendor.url })).status).toBe(403);
  }
  expect(vendor.asked).toEqual([]);
  expect((await core.ask('GET', '/internal/providers', { token: admin.token })).status).toBe(401);
});
