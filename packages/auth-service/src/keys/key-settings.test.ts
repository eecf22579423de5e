import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '@smart-ai-hub/database';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
const announced: string[] = [];
beforeAll(async () => {
  const store = memoryStore();
  auth = await startAuth({ store });
  await store.keyValue.subscribe('access-changes', (subject) => announced.push(subject));
});
afterAll(() => auth[Symbol.asyncDispose]());

const make = async (token: string, body: object = {}) => {
  const made = await auth.post('/api/v1/keys', { name: 'laptop', ...body }, { token });
  expect(made.status).toBe(201);
  return { id: String(made.body['id']), key: String(made.body['key']), shown: made.body };
};
const change = (token: string, id: string, body: object) =>
  auth.ask('PATCH', `/api/v1/keys/${id}`, { token, body });
const rotate = (token: string, id: string, body: object = {}) =>
  auth.post(`/api/v1/keys/${id}/rotate`, body, { token });
const claimsOf = async (key: unknown) => decodeJwt(String((await auth.identify(String(key))).body['token']));
const isGood = async (key: unknown) => (await auth.identify(String(key))).status === 200;
const forbidden = { status: 403, body: { code: 'forbidden' } };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const SETTINGS = {
  name: 'everything set',
  expiresAt: '2999-01-01T00:00:00.000Z',
  permissions: ['services:use', 'credits:read'],
  models: ['hub/echo', 'gpt-4*'],
  tools: ['search', 'files.*'],
  monthlyLimitMicro: 5_000_000,
  requestsPerMinute: 30,
  tokensPerMinute: 9_000,
  cacheAnswers: true,
};
const LIMITS = {
  ...{ models: SETTINGS.models, tools: SETTINGS.tools, monthlyMicro: SETTINGS.monthlyLimitMicro },
  ...{ requestsPerMinute: SETTINGS.requestsPerMinute, tokensPerMinute: SETTINGS.tokensPerMinute },
};

describe('the settings of a key', () => {
  test('are kept, listed, and said to services', async () => {
    const { accessToken: token } = await auth.person();
    const { key, shown } = await make(token, SETTINGS);
    expect(shown).toMatchObject({ ...SETTINGS, rotatedTo: null });
    const { key: _secret, ...listed } = shown;
    expect((await auth.ask('GET', '/api/v1/keys', { token })).body).toEqual({ items: [listed] });
    expect(await claimsOf(key)).toMatchObject({
      grants: { 'services:use': 'any', 'credits:read': 'own' },
      limits: LIMITS,
      cacheAnswers: true,
    });
  });

  test('change one by one, are announced, and hold at the next question', async () => {
    const { accessToken: token } = await auth.person();
    const { id, key } = await make(token, SETTINGS);
    announced.length = 0;
    const changed = await change(token, id, {
      permissions: null,
      models: ['hub/echo'],
      tokensPerMinute: null,
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...SETTINGS, permissions: null, models: ['hub/echo'], tokensPerMinute: null },
    });
    expect(announced).toContain(`key:${id}`);
    const { grants, limits } = await claimsOf(key);
    expect(grants).toHaveProperty('keys:manage');
    expect(limits).toMatchObject({ models: ['hub/echo'], tools: SETTINGS.tools });
    expect(limits).not.toHaveProperty('tokensPerMinute');
  });

  test('keep no answers unless somebody wishes it, and only as long', async () => {
    const { accessToken: token } = await auth.person();
    const { id, key, shown } = await make(token);
    expect(shown).toMatchObject({ cacheAnswers: false });
    expect(await claimsOf(key)).not.toHaveProperty('cacheAnswers');
    await change(token, id, { cacheAnswers: true });
    expect(await claimsOf(key)).toMatchObject({ cacheAnswers: true });
    await change(token, id, { cacheAnswers: false });
    expect(await claimsOf(key)).not.toHaveProperty('cacheAnswers');
  });

  test('of somebody else, or of a key that is gone, are not changed', async () => {
    const [mine, other] = [await auth.person(), await auth.person()];
    const { id } = await make(mine.accessToken);
    expect((await change(other.accessToken, id, { name: 'theirs' })).status).toBe(404);
    expect((await rotate(other.accessToken, id)).status).toBe(404);
    await auth.ask('DELETE', `/api/v1/keys/${id}`, { token: mine.accessToken });
    expect((await change(mine.accessToken, id, { name: 'late' })).status).toBe(404);
    expect((await rotate(mine.accessToken, id)).status).toBe(404);
  });

  test('never give what their person may not do', async () => {
    const { accessToken: token } = await auth.person();
    const wide = { permissions: ['services:use', 'roles:manage'] };
    expect(await auth.post('/api/v1/keys', { name: 'x', ...wide }, { token })).toMatchObject(forbidden);
    const { id } = await make(token);
    expect(await change(token, id, wide)).toMatchObject(forbidden);
    expect((await auth.ask('GET', '/api/v1/keys', { token })).body).toMatchObject({
      items: [{ permissions: null }],
    });
  });
});

describe('a rotation', () => {
  test('makes a new key with the same settings; both work until the overlap is over', async () => {
    const { accessToken: token } = await auth.person();
    const old = await make(token, SETTINGS);
    announced.length = 0;
    const { status, body } = await rotate(token, old.id, { overlapSeconds: 3600 });
    expect({ status, body }).toMatchObject({ status: 201, body: { ...SETTINGS, rotatedTo: null } });
    expect(body['key']).not.toBe(old.key);
    expect(announced).toContain(`key:${old.id}`);
    expect([await isGood(old.key), await isGood(body['key'])]).toEqual([true, true]);
    const { items } = (await auth.ask('GET', '/api/v1/keys', { token })).body;
    expect(items).toMatchObject([{ id: body['id'] }, { id: old.id, rotatedTo: body['id'] }]);
    await auth.database.prisma.apiKey.update({ where: { id: old.id }, data: { expiresAt: new Date() } });
    expect([await isGood(old.key), await isGood(body['key'])]).toEqual([false, true]);
    expect((await auth.ask('GET', '/api/v1/keys', { token })).body).toMatchObject({
      items: [{ id: body['id'] }],
    });
  });

  test('without overlap ends the old key at once; with one, never later than its own end', async () => {
    const { accessToken: token } = await auth.person();
    const old = await make(token);
    await rotate(token, old.id, { overlapSeconds: 0 });
    expect(await isGood(old.key)).toBe(false);
    const short = await make(token, { expiresAt: inDays(0.001) });
    await rotate(token, short.id, { overlapSeconds: 604_800 });
    const row = await auth.database.prisma.apiKey.findUniqueOrThrow({ where: { id: short.id } });
    expect(row.expiresAt?.toISOString()).toBe(short.shown['expiresAt']);
  });

  test('is won by exactly one of many at once, and a replaced key is not changed any more', async () => {
    const { accessToken: token } = await auth.person();
    const { id } = await make(token);
    const answers = await Promise.all(Array.from({ length: 8 }, () => rotate(token, id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(7).fill(404)]);
    expect((await change(token, id, { expiresAt: null })).status).toBe(404);
    expect((await auth.ask('DELETE', `/api/v1/keys/${id}`, { token })).status).toBe(204);
  });

  test('goes on counting where the first key began: a new key is no new allowance', async () => {
    const { accessToken: token } = await auth.person();
    const first = await make(token, SETTINGS);
    const second = (await rotate(token, first.id)).body;
    const third = (await rotate(token, String(second['id']))).body;
    expect((await claimsOf(first.key))['limits']).not.toHaveProperty('budgetId');
    for (const { key } of [second, third]) {
      expect((await claimsOf(key))['limits']).toEqual({ ...LIMITS, budgetId: first.id });
    }
  });

  test('is refused for a key that has ended, and while fifty replaced ones still work', async () => {
    const { accessToken: token, user } = await auth.person();
    const ended = await make(token, { expiresAt: new Date(Date.now() - 1000).toISOString() });
    expect((await rotate(token, ended.id)).status).toBe(404);
    const { id } = await make(token);
    const rows = Array.from({ length: 50 }, () => ({
      ...{ id: randomUUID(), userId: user.id, name: 'n', prefix: 'p', rotatedTo: id },
      ...{ hash: Buffer.from(randomUUID()), expiresAt: new Date(Date.now() + 60_000) },
    }));
    await auth.database.prisma.apiKey.createMany({ data: rows });
    expect(await rotate(token, id)).toMatchObject({ status: 409, body: { code: 'too-many-keys' } });
    expect((await auth.post('/api/v1/keys', { name: 'still room' }, { token })).status).toBe(201);
  });
});

describe('a key that manages keys', () => {
  const MANAGER = {
    permissions: ['keys:manage', 'keys:read', 'services:use'],
    models: ['gpt-4*', 'hub/echo'],
  };
  const CHILD = { name: 'child', permissions: ['services:use'], models: ['gpt-4o'] };

  test('needs the permission itself', async () => {
    const { accessToken } = await auth.person();
    const { id, key } = await make(accessToken, { permissions: ['keys:read', 'services:use'] });
    expect(await auth.post('/api/v1/keys', CHILD, { token: key })).toMatchObject(forbidden);
    expect(await change(key, id, { name: 'x' })).toMatchObject(forbidden);
    expect(await rotate(key, id)).toMatchObject(forbidden);
    expect((await auth.ask('DELETE', `/api/v1/keys/${id}`, { token: key })).status).toBe(403);
  });

  test('makes, changes and rotates what is not wider than itself', async () => {
    const { accessToken } = await auth.person();
    const { key } = await make(accessToken, { ...MANAGER, expiresAt: inDays(30) });
    const child = await make(key, { ...CHILD, expiresAt: inDays(29) });
    expect((await change(key, child.id, { models: ['gpt-4o-mini*'], requestsPerMinute: 5 })).status).toBe(
      200,
    );
    expect((await rotate(key, child.id)).status).toBe(201);
  });

  test.each([
    ['what its person may and it may not', { permissions: ['credits:read'] }],
    ['everything its person may', { permissions: null }],
    ['every model', { models: null }],
    ['another model', { models: ['claude-opus'] }],
    ['more models of a kind', { models: ['gpt*'] }],
    ['a kind where it has one', { models: ['hub/echo*'] }],
    ['a longer life', { expiresAt: inDays(31) }],
    ['an endless life', { expiresAt: null }],
  ])('never gives %s', async (_what, wider) => {
    const { accessToken } = await auth.person();
    const { id, key } = await make(accessToken, { ...MANAGER, expiresAt: inDays(30) });
    const within = { ...CHILD, expiresAt: inDays(1) };
    expect(await auth.post('/api/v1/keys', { ...within, ...wider }, { token: key })).toMatchObject(forbidden);
    const child = await make(key, within);
    expect(await change(key, child.id, wider)).toMatchObject(forbidden);
    expect(await change(key, id, wider)).toMatchObject(forbidden);
  });

  test('does not rotate a wider key of its person, and so never learns it', async () => {
    const { accessToken } = await auth.person();
    const wide = await make(accessToken);
    const { key } = await make(accessToken, MANAGER);
    expect(await rotate(key, wide.id)).toMatchObject(forbidden);
    expect(await change(key, wide.id, { name: 'mine now' })).toMatchObject(forbidden);
    expect(await isGood(wide.key)).toBe(true);
  });

  test.each([{ monthlyLimitMicro: 10 }, { requestsPerMinute: 10 }, { tokensPerMinute: 10 }])(
    'with %o manages itself alone: another key would be another allowance',
    async (limit) => {
      const { accessToken } = await auth.person();
      const sibling = await make(accessToken, { ...CHILD, ...limit });
      const { id, key } = await make(accessToken, { ...MANAGER, ...limit });
      const child = { ...CHILD, ...limit };
      expect(await auth.post('/api/v1/keys', child, { token: key })).toMatchObject(forbidden);
      expect(await rotate(key, sibling.id)).toMatchObject(forbidden);
      const [name] = Object.keys(limit);
      expect(await change(key, id, { [String(name)]: null })).toMatchObject(forbidden);
      expect(await change(key, id, { [String(name)]: 11 })).toMatchObject(forbidden);
      expect((await change(key, id, { [String(name)]: 9 })).status).toBe(200);
      expect((await rotate(key, id)).status).toBe(201);
    },
  );
});

test('the audit log tells who did what to a key, and never the key', async () => {
  const { accessToken: token, user } = await auth.person();
  const { id, key } = await make(token, SETTINGS);
  await change(token, id, { name: 'renamed' });
  const rotated = (await rotate(token, id)).body;
  await auth.ask('DELETE', `/api/v1/keys/${id}`, { token });
  await using owner = await ownersLook();
  const events = await owner.events(user.id);
  expect(events.map(({ action }) => action)).toEqual([
    'key.created',
    'key.updated',
    'key.rotated',
    'key.revoked',
  ]);
  expect(events[1]).toMatchObject({ before: { name: SETTINGS.name }, after: { name: 'renamed' } });
  expect(events[2]).toMatchObject({ target_id: id, after: { rotatedTo: rotated['id'] } });
  for (const secret of [key, String(rotated['key'])])
    expect(JSON.stringify(events)).not.toContain(secret.slice(12));
});

/** auth-service adds to the audit log and cannot read it. */
async function ownersLook() {
  const owner = openDatabase({ url: auth.ownerUrl, poolMax: 1 });
  return {
    events: async (actorId: string) =>
      (
        await owner.pool.query<Record<string, unknown>>(
          `SELECT action, target_id, before, after FROM audit.events WHERE actor_id = $1 AND target_type = 'key' ORDER BY id`,
          [actorId],
        )
      ).rows,
    [Symbol.asyncDispose]: () => owner.close(),
  };
}
