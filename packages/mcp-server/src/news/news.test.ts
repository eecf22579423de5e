import { randomUUID } from 'node:crypto';
import { MCP_SERVERS_CHANGED } from '@smart-ai-hub/shared/contracts';
import { memoryStore, openAccessChanges } from '@smart-ai-hub/shared/service';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coreBooks, type McpOptions, startMcp } from '../mcp.fixture.ts';
import { modern, modernMessage, old, post } from '../mcp/by-hand.fixture.ts';
import { approved, child } from '../mcp/servers-tools.fixture.ts';
import { openStream, sessionClient } from '../mcp/session-client.fixture.ts';
import { type HttpServer, httpServer } from '../upstreams/http-server.fixture.ts';
import { programOf } from '../upstreams/upstream.fixture.ts';
import { type NewsServer, newsServer, UNKNOWN } from './news-server.fixture.ts';

/** Two processes over one store, as they stand behind the gateway. */
let there: NewsServer;
let silent: HttpServer;
let one: Awaited<ReturnType<typeof startMcp>>;
let other: Awaited<ReturnType<typeof startMcp>>;
const books = coreBooks();
const store = memoryStore();
/** No credential is worth anything any more. */
let isRevoked = false;
const REVOKED = {
  status: 401,
  body: {
    ...{ type: '/problems/unauthenticated', title: 't', status: 401, code: 'unauthenticated' },
    ...{ instance: '/', requestId: 'fake-auth-1' },
  },
};
beforeAll(async () => {
  there = await newsServer();
  silent = await httpServer();
  const http = { type: 'http' as const, url: there.url, headers: [], mayBeLocal: true };
  const everything = child(programOf('server-everything'), 'stdio');
  books.mcp.servers = [
    await approved('old', http, { era: '2025-11-25' }),
    await approved('today', http, { era: '2026-07-28' }),
    await approved('apart', http, { era: '2025-11-25', perPerson: true }),
    await approved('everything', everything),
    await approved('few', { ...everything, maxChildren: 2 }, { perPerson: true }),
    await approved('silent', { ...http, url: silent.url }, { era: '2026-07-28' }),
  ];
  books.mcp.profiles = books.mcp.servers.map(({ id, name, tools }) => ({
    ...{ id: randomUUID(), name, title: '', contentServerId: id },
    tools: tools.map((tool) => ({ serverId: id, tool: tool.name, name: tool.name })),
  }));
  const [first] = books.mcp.servers;
  books.mcp.profiles.push(
    { ...{ id: randomUUID(), name: 'leaving', title: '', tools: [] }, contentServerId: first?.id ?? null },
    {
      ...{ id: randomUUID(), name: 'none', title: '', tools: [] },
      contentServerId: null,
    },
  );
  const env = { MCP_LOCAL_ORIGINS: [there.url, silent.url].map((url) => new URL(url).origin).join(',') };
  const auth: McpOptions['auth'] = ({ transport }) =>
    Object.assign(
      (asked: Parameters<typeof transport>[0]) =>
        asked.path === '/internal/renew' && isRevoked ? Promise.resolve(REVOKED) : transport(asked),
      { close: transport.close },
    );
  one = await startMcp({ books, env, store, auth });
  other = await startMcp({ books, env, store, auth, issuer: one.issuer });
}, 60_000);
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
  await silent[Symbol.asyncDispose]();
});

/** However busy the machine is. */
const SOON = { timeout: 10_000 };
const leaving: (() => void)[] = [];
afterEach(async () => {
  isRevoked = false;
  for (const leave of leaving.splice(0)) leave();
  await expect.poll(() => [there.subscribed(), there.listening()], SOON).toEqual([[], 0]);
});
const kept = <S extends { leave: () => void }>(stream: S): S => {
  leaving.push(stream.leave);
  return stream;
};

async function caller(profile: string, userId = randomUUID()) {
  const keyId = randomUUID();
  const token = await one.issuer.token({ userId, keyId });
  const path = `/mcp/${profile}`;
  return { userId, keyId, door: { url: one.url, token, path }, elsewhere: { url: other.url, token, path } };
}

const NOTE = 'note://one';
const updated = (uri: string) => ({ method: 'notifications/resources/updated', params: { uri } });

describe.each(['old', 'today', 'apart'])('a client of 2025 before a server %s', (profile) => {
  test.each(['here', 'there'])('is told what it subscribed to, its stream being %s', async (where) => {
    const { door, elsewhere } = await caller(profile);
    const client = await sessionClient(door);
    const stream = kept(client.listen(where === 'here' ? door : elsewhere));
    expect((await stream.answer).headers.get('x-accel-buffering')).toBe('no');
    const { result } = await client.ask('resources/subscribe', { uri: NOTE });
    expect(result).toEqual({});
    there.change('note://two');
    there.change(NOTE);
    expect(await stream.next()).toMatchObject(updated(NOTE));
    expect((await client.ask('resources/unsubscribe', { uri: NOTE })).result).toEqual({});
    await expect.poll(() => [there.subscribed(), there.listening()], SOON).toEqual([[], 0]);
  });
});

/** Asks for news as a client of today does. */
const listenTo = (door: Door, uris: string[]) => {
  const { body, headers } = modernMessage('subscriptions/listen', {
    notifications: { resourceSubscriptions: uris, toolsListChanged: true },
  });
  const more = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return kept(
    openStream(door, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) }),
  );
};
type Door = Awaited<ReturnType<typeof caller>>['door'];
const MARK = { 'io.modelcontextprotocol/subscriptionId': 1 };

describe.each(['old', 'today', 'apart'])('a client of today before a server %s', (profile) => {
  test('hears what was taken, and then of that', async () => {
    const { door } = await caller(profile);
    const stream = listenTo(door, [NOTE, UNKNOWN]);
    const { headers } = await stream.answer;
    expect([headers.get('content-type'), headers.get('x-accel-buffering')]).toEqual([
      expect.stringContaining('text/event-stream'),
      'no',
    ]);
    const taken = profile === 'today' ? [NOTE, UNKNOWN] : [NOTE]; // what a server of today takes it says for all
    expect(await stream.next()).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { resourceSubscriptions: taken }, _meta: MARK },
    });
    there.change('note://two');
    there.change(NOTE);
    expect(await stream.next()).toMatchObject({
      method: 'notifications/resources/updated',
      params: { uri: NOTE, _meta: MARK },
    });
  });
});

describe('at its server', () => {
  const heardBy = async (profile: string) => {
    const { door } = await caller(profile);
    const client = await sessionClient(door);
    const stream = kept(client.listen());
    await stream.answer;
    await client.ask('resources/subscribe', { uri: NOTE });
    return stream;
  };

  test.each([
    ['old', 1],
    ['apart', 2],
  ])('those who share a conversation with %s share a subscription: %i', async (profile, subscriptions) => {
    const streams = [await heardBy(profile), await heardBy(profile)];
    expect(there.subscribed()).toHaveLength(subscriptions);
    there.change(NOTE);
    for (const stream of streams) expect(await stream.next()).toMatchObject(updated(NOTE));
    streams[0]?.leave();
    await expect.poll(() => there.subscribed(), SOON).toHaveLength(1);
    there.change(NOTE);
    expect(await streams[1]?.next()).toMatchObject(updated(NOTE));
  });

  test.each(['old', 'apart', 'today'])('%s it is begun anew once lost, and told', async (profile) => {
    const stream = await heardBy(profile);
    there.forget();
    expect(await stream.next()).toMatchObject(updated(NOTE)); // what happened meanwhile was told to nobody
    await expect.poll(() => there.subscribed().length + there.listening(), SOON).toBe(1);
    there.change(NOTE);
    expect(await stream.next()).toMatchObject(updated(NOTE));
  });

  test('a session that it forgot meanwhile is begun anew at once', async () => {
    (await heardBy('old')).leave();
    await expect.poll(() => there.subscribed(), SOON).toEqual([]);
    there.forget();
    const stream = await heardBy('old');
    there.change(NOTE);
    expect(await stream.next()).toMatchObject(updated(NOTE));
  });

  test('a part of what was asked for is told as it is', async () => {
    const stream = await heardBy('old');
    there.change('note://one/line');
    expect(await stream.next()).toMatchObject(updated('note://one/line'));
  });
});

test('a child of 2025 tells in its one stream', async () => {
  const { door, elsewhere } = await caller('everything');
  const client = await sessionClient(door);
  const stream = kept(client.listen(elsewhere));
  await stream.answer;
  const uri = 'demo://resource/dynamic/text/1';
  expect((await client.ask('resources/subscribe', { uri })).result).toEqual({});
  await client.ask('tools/call', { name: 'toggle-subscriber-updates', arguments: {} }, elsewhere);
  expect(await stream.next()).toMatchObject(updated(uri));
});

describe('a stream ends', () => {
  const begun = async () => {
    const me = await caller('old');
    const client = await sessionClient(me.door);
    const stream = kept(client.listen(me.elsewhere));
    await stream.answer;
    await client.ask('resources/subscribe', { uri: NOTE });
    return { ...me, client, stream };
  };

  test('with its session', async () => {
    const { client, stream } = await begun();
    await client.end();
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect((await client.ask('resources/subscribe', { uri: NOTE })).status).toBe(404);
  });

  test('as a newer one takes its place, which tells what may have been missed', async () => {
    const { client, stream, door } = await begun();
    const newer = kept(client.listen(door));
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect(await newer.next()).toMatchObject(updated(NOTE));
    there.change(NOTE);
    expect(await newer.next()).toMatchObject(updated(NOTE));
  });

  test('as whoever listens loses their access, and says so to a client of today', async () => {
    const { stream, keyId } = await begun();
    const another = await caller('today');
    const today = listenTo(another.door, [NOTE]);
    await today.next();
    isRevoked = true;
    const changes = openAccessChanges(store.keyValue);
    await changes.announce(`key:${keyId}`, `key:${another.keyId}`);
    there.change(NOTE);
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect(await today.next()).toMatchObject({ id: 1, result: { resultType: 'complete', _meta: MARK } });
    await expect(today.next()).rejects.toThrow('the stream ended');
  });

  test('as its profile has the server no more', async () => {
    const me = await caller('leaving');
    const client = await sessionClient(me.door);
    const stream = kept(client.listen());
    await stream.answer;
    await client.ask('resources/subscribe', { uri: NOTE });
    const profile = books.mcp.profiles.find(({ name }) => name === 'leaving');
    Object.assign(profile ?? {}, { contentServerId: null });
    await openAccessChanges(store.keyValue).announce(MCP_SERVERS_CHANGED);
    const refused = async () => (await client.ask('resources/list')).error?.code;
    await expect.poll(refused, SOON).toBe(-32_601);
    there.change(NOTE);
    await expect(stream.next()).rejects.toThrow('the stream ended');
  });

  test('as the process does', async () => {
    const env = { MCP_LOCAL_ORIGINS: new URL(there.url).origin };
    const mine = await startMcp({ books, env, issuer: one.issuer });
    const { door } = await caller('old');
    const client = await sessionClient({ ...door, url: mine.url });
    const stream = kept(client.listen());
    await stream.answer;
    await mine[Symbol.asyncDispose]();
    await expect(stream.next()).rejects.toThrow('the stream ended');
  });
});

describe('refused in words', () => {
  const refusal = async (profile: string, params: object, inSession = true) => {
    const { door } = await caller(profile);
    const client = await sessionClient(door);
    const { error } = inSession
      ? await client.ask('resources/subscribe', params)
      : await post(
          door,
          { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params },
          { 'mcp-protocol-version': '2025-11-25' },
        );
    return [error?.code, error?.message];
  };

  test.each([
    ['by its server', 'old', { uri: UNKNOWN }, -32_602, /^There is no such note$/],
    ['no uri', 'old', {}, -32_602, /params\.uri/],
    ['a long uri', 'old', { uri: `note://${'x'.repeat(1_100)}` }, -32_602, /params\.uri/],
    ['at a profile without such a server', 'none', { uri: NOTE }, -32_601, /./],
    ['of a server that cannot', 'silent', { uri: NOTE }, -32_601, /does not tell/],
  ])('%s', async (_what, profile, params, code, words) => {
    expect(await refusal(profile, params)).toEqual([code, expect.stringMatching(words)]);
  });

  test('without a session', async () => {
    expect(await refusal('old', { uri: NOTE }, false)).toEqual([
      -32_602,
      expect.stringContaining('without a session'),
    ]);
  });

  test('more than a session may have', async () => {
    const client = await sessionClient((await caller('today')).door);
    for (let i = 0; i < 32; i++)
      expect((await client.ask('resources/subscribe', { uri: `note://${i}` })).result).toEqual({});
    const { error } = await client.ask('resources/subscribe', { uri: 'note://32' });
    expect(error).toMatchObject({ data: { code: 'rate-limited' } });
    expect((await client.ask('resources/subscribe', { uri: 'note://1' })).result).toEqual({});
    await client.ask('resources/unsubscribe', { uri: 'note://1' });
    expect((await client.ask('resources/subscribe', { uri: 'note://32' })).result).toEqual({});
  });

  test.each([
    ['more resources', Array.from({ length: 33 }, (_unused, i) => `note://${i}`)],
    ['a longer address', [`note://${'x'.repeat(1_100)}`]],
  ])('%s than a client of today may hear of in one stream', async (_what, resourceSubscriptions) => {
    const { door } = await caller('today');
    const { status, error } = await modern(door, 'subscriptions/listen', {
      notifications: { resourceSubscriptions },
    });
    expect([status, error?.message]).toEqual([400, expect.stringContaining('at most 32')]);
  });

  test('a stream of today for a client of 2025, and one that is asked for in another shape', async () => {
    const { door } = await caller('today');
    const notifications = { resourceSubscriptions: [NOTE] };
    expect((await old(door, 'subscriptions/listen', { notifications })).error?.code).toBe(-32_601);
    const odd = { notifications: { ...notifications, toolsListChanged: 'yes' } };
    expect((await modern(door, 'subscriptions/listen', odd)).error?.code).toBe(-32_602);
  });

  test('more streams than a person may have in a process', async () => {
    const { door, userId } = await caller('today');
    for (let i = 0; i < 32; i++) await listenTo((await caller('today', userId)).door, [NOTE]).next();
    const { status } = await modern(door, 'subscriptions/listen', {
      notifications: { resourceSubscriptions: [NOTE] },
    });
    expect(status).toBe(429);
  });

  const STREAMS: [string, { profile?: string; isAnother?: true }, object, number][] = [
    ['no session', {}, { 'mcp-session-id': '' }, 404],
    ['a session of somebody else', { isAnother: true }, {}, 404],
    ['who takes none', {}, { accept: 'application/json' }, 400],
    ['a profile that is not there', { profile: 'nowhere' }, {}, 404],
    ['a server that cannot', { profile: 'silent' }, {}, 405],
    ['a profile without such a server', { profile: 'none' }, {}, 405],
  ];
  test.each(STREAMS)('a stream for %s', async (_what, how, wanted, status) => {
    const { profile = 'old', isAnother } = how;
    const { door } = await caller(profile);
    const client = await sessionClient(door);
    const at = isAnother ? (await caller(profile)).door : door;
    const answer = await kept(client.listen(at, wanted)).answer;
    const allow = status === 405 ? 'POST, DELETE' : null;
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
  });

  test('where all others are listened in, so that somebody can still be served', async () => {
    for (const code of [undefined, 'mcp-server-busy']) {
      const { door } = await caller('few');
      const client = await sessionClient(door);
      await kept(client.listen()).answer;
      const { error } = await client.ask('resources/subscribe', { uri: 'demo://resource/dynamic/text/1' });
      expect(error?.['data']).toEqual(code && expect.objectContaining({ code }));
      expect((await client.ask('resources/list')).error).toBeUndefined();
    }
  });

  test('what its server announces is what a client is told', async () => {
    for (const [profile, subscribe] of [
      ['old', true],
      ['silent', false],
    ] as const) {
      const { result } = await modern((await caller(profile)).door, 'server/discover');
      expect(result).toMatchObject({ capabilities: { resources: { subscribe } } });
    }
  });
});
