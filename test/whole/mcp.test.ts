import { openDatabase } from '@smart-ai-hub/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { expectRefusal } from './answers.ts';
import { CLIENTS, type Speaker } from './mcp-clients.ts';
import { PUBLIC_URL } from './oauth-browser.ts';
import { StandardClient } from './oauth-client.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

const OF_USERS = [
  ...['list_models', 'chat', 'get_balance', 'list_transactions', 'get_usage', 'redeem_code'],
  ...['list_keys', 'create_key', 'revoke_key'],
];
const OF_ADMINS = [...OF_USERS, 'list_users', 'list_promos', 'create_promo'];

let platform: TestPlatform;
let admin: Person;
beforeAll(async () => {
  platform = await startPlatform(inject('postgres'), { ...NO_LIMITS, PUBLIC_URL });
  admin = await signUp(platform.url);
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  await owner.pool.query(
    `INSERT INTO core.user_roles (user_id, role_id) SELECT $1::uuid, id FROM core.roles WHERE name = 'admin'`,
    [admin.id],
  );
  await owner.close();
});
afterAll(() => platform[Symbol.asyncDispose]());

/** What is not refused, or the words of the refusal. */
const done = async (speaker: Speaker, ...call: Parameters<Speaker['call']>) => {
  const { structured, isError, text } = await speaker.call(...call);
  if (isError) throw new Error(text);
  return structured;
};

describe.each(CLIENTS)('%s', (_name, connect) => {
  test('finds the tools of whoever’s key it has, and no others', async () => {
    const person = await signUp(platform.url);
    await using theirs = await connect(platform.url, await person.makeKey());
    await using admins = await connect(platform.url, admin.accessToken);
    expect(await theirs.tools()).toEqual(OF_USERS);
    expect(await admins.tools()).toEqual(OF_ADMINS);
    await expect(theirs.call('list_promos')).rejects.toThrow('list_promos');
  });

  test('chats word by word, and the person pays', async () => {
    const person = await signUp(platform.url);
    await using speaker = await connect(platform.url, await person.makeKey());
    const words: string[] = [];
    const asked = { model: 'hub/echo', prompt: 'hello there' };
    const { text } = await speaker.call('chat', asked, ({ message = '' }) => words.push(message));
    expect(text).toBe('This is hub/echo, not an AI model. You said: hello there');
    expect(words.join('')).toBe(text);
    const usage = async () => (await done(speaker, 'get_usage', { by: 'model' }))['items'];
    await expect.poll(usage).toMatchObject([{ name: 'hub/echo', calls: 1, failed: 0 }]);
    const { items } = await person.get('/api/v1/usage/logs');
    expect(items).toMatchObject([{ service: 'chat', status: 'ok' }]);
  });

  test('uses every other tool', async () => {
    const person = await signUp(platform.url);
    await using admins = await connect(platform.url, admin.accessToken);
    await using theirs = await connect(platform.url, person.accessToken);
    const { items: models } = await done(theirs, 'list_models');
    expect(models).toMatchObject([{ id: 'hub/echo', provider: 'hub' }]);

    const { code } = await done(admins, 'create_promo', { creditsMicro: 5_000_000, description: 'a gift' });
    expect((await done(admins, 'list_promos', { search: code }))['items']).toMatchObject([{ code }]);
    expect(await done(theirs, 'redeem_code', { code })).toMatchObject({ balanceMicro: 6_000_000 });
    expect(await done(theirs, 'get_balance')).toMatchObject({ availableMicro: 6_000_000 });
    expect((await done(theirs, 'list_transactions', { limit: 1 }))['items']).toMatchObject([
      { amountMicro: 5_000_000, reason: 'promo' },
    ]);
    const again = await theirs.call('redeem_code', { code });
    expect([again.isError, again.text]).toEqual([true, expect.stringContaining('promo-already-redeemed: ')]);

    const { id: keyId, key } = await done(theirs, 'create_key', { name: 'from a tool', tools: ['get_*'] });
    await using narrow = await connect(platform.url, String(key));
    expect(await narrow.tools()).toEqual(['get_balance', 'get_usage']);
    expect((await done(theirs, 'list_keys'))['items']).toMatchObject([{ id: keyId, name: 'from a tool' }]);
    expect(await done(theirs, 'revoke_key', { keyId })).toEqual({ revoked: true });
    await expect(narrow.call('get_balance')).rejects.toThrow();
    expect(platform.log.text()).not.toContain(String(key).slice(7));

    const { items: people } = await done(admins, 'list_users', { search: person.email });
    expect(people).toMatchObject([{ id: person.id }]);
  });

  test('is told by a key that nobody has that it is none', async () => {
    await expect(connect(platform.url, `sk-hub-${'a'.repeat(43)}`)).rejects.toThrow();
  });
});

describe('a program that a person lets in', () => {
  const connect = CLIENTS[1]?.[1] ?? expect.fail();
  const lent = async (scope: string) => {
    const client = await StandardClient.introduce(platform.url, { resource: '/mcp' });
    const person = await signUp(platform.url);
    return (await client.connect(person, { resource: `${PUBLIC_URL}/mcp`, scope })).access;
  };

  test.each(CLIENTS)('by %s has the tools of what it was lent', async (_name, open) => {
    await using speaker = await open(platform.url, await lent('tools:use services:use credits:read'));
    expect(await speaker.tools()).toEqual(['list_models', 'chat', 'get_balance', 'list_transactions']);
    expect(await done(speaker, 'get_balance')).toMatchObject({ balanceMicro: 1_000_000 });
  });

  test('hears what to ask for where that is not enough', async () => {
    const token = await lent('tools:use services:use');
    await using speaker = await connect(platform.url, token);
    expect(await speaker.tools()).toEqual(['list_models', 'chat']);
    const params = { name: 'get_balance', arguments: {} };
    const answer = await fetch(`${platform.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="tools:use credits:read", resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"`,
    );
    await expectRefusal(answer, 'forbidden');
  });

  test('for something else is not let in here', async () => {
    const client = await StandardClient.introduce(platform.url);
    const { access } = await client.connect(await signUp(platform.url), { scope: 'tools:use' });
    const headers = { authorization: `Bearer ${access}` };
    await expectRefusal(await fetch(`${platform.url}/mcp`, { method: 'POST', headers }), 'unauthenticated');
  });
});

test('what takes a fresh proof of who somebody is takes it here too, and says how', async () => {
  const person = await signUp(platform.url);
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  const authenticatedAt = new Date(Date.now() - 3_600_000);
  await owner.prisma.session.updateMany({ where: { userId: person.id }, data: { authenticatedAt } });
  await owner.close();
  const [, connect] = CLIENTS[0] ?? expect.fail();
  await using speaker = await connect(platform.url, person.accessToken);
  const { isError, text } = await speaker.call('create_key', { name: 'mine' });
  expect([isError, text]).toEqual([true, expect.stringContaining('step-up-required: ')]);
  expect((await done(speaker, 'list_keys'))['items']).toEqual([]);
});

test('a key makes no wider key by a tool, as it makes none by the API', async () => {
  const person = await signUp(platform.url);
  const made = await person.post('/api/v1/keys', {
    name: 'narrow',
    permissions: ['tools:use', 'keys:manage', 'keys:read'],
  });
  const [, connect] = CLIENTS[0] ?? expect.fail();
  await using speaker = await connect(platform.url, String(made['key']));
  const wider = await speaker.call('create_key', { name: 'wide' });
  expect([wider.isError, wider.text]).toEqual([true, expect.stringContaining('forbidden: ')]);
});

describe('at the door', () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${platform.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${admin.accessToken}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    });

  test('what is refused before the protocol is refused in its words', async () => {
    await expectRefusal(await send('{'), 'malformed-json');
    await expectRefusal(await send('7'), 'invalid-request');
    await expectRefusal(await send(JSON.stringify({ x: 'x'.repeat(5_000_000) })), 'body-too-large');
    await expectRefusal(await send('x', { 'content-type': 'text/plain' }), 'unsupported-media-type');
    await expectRefusal(await send('{}', { authorization: 'Bearer nonsense' }), 'unauthenticated');
    await expectRefusal(await send('{}', { origin: 'https://evil.example' }), 'forbidden');
    await expectRefusal(await fetch(`${platform.url}/mcp`, { method: 'POST' }), 'unauthenticated');
    await expectRefusal(
      await fetch(`${platform.url}/mcp`, { headers: { authorization: `Bearer ${admin.accessToken}` } }),
      'method-not-allowed',
    );
  });

  test('pages of the hub itself may ask', async () => {
    const answer = await send(JSON.stringify(call), { origin: PUBLIC_URL });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
  });

  test('who asks too often waits, and is told in these words too', async () => {
    const few = { RATE_LIMITS: JSON.stringify({ user: [2, 1_000, 1_000] }) };
    await using strict = await startPlatform(inject('postgres'), few);
    const { accessToken } = await signUp(strict.url);
    const ask = () =>
      fetch(`${strict.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify(call),
      });
    for (const answer of [await ask(), await ask()]) expect((await answer.text()).length).toBeGreaterThan(0);
    const refused = await ask();
    expect(refused.headers.has('retry-after')).toBe(true);
    await expectRefusal(refused, 'rate-limited');
  });
});

test('none of it was an error of ours', () => {
  const ours = platform.log.lines().filter(({ service }) => service === 'mcp-server');
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.filter(({ level }) => level === 'error')).toEqual([]);
});
