import { randomUUID } from 'node:crypto';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { fakeProvider, type FakeProvider, startStream, textEvent } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';
import { type HttpServer, httpServer } from '../upstreams/http-server.fixture.ts';
import { FAULTY } from '../upstreams/upstream.fixture.ts';
import { callTool } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';
import { type OpenCall, sessionClient } from './session-client.fixture.ts';

const CALL = 250;
/** Calls of one server at once (docs/mcp.md). */
const PLACES = 64;

/** Two processes over one store, as they stand behind the gateway. */
let there: HttpServer;
let vendor: FakeProvider;
let books: CoreBooks;
let one: Awaited<ReturnType<typeof startMcp>>;
let other: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  there = await httpServer();
  vendor = await fakeProvider();
  const priced = ['mine__hang', 'busy__echo', 'today__wait', 'before__wait'].map((tool) => ({
    ...{ ...PRICE, id: randomUUID() },
    ...{ model: `tool:${tool}`, unitMicro: CALL },
  }));
  books = coreBooks(1_000_000, [{ ...PRICE, id: randomUUID() }, ...priced]);
  const http = { type: 'http' as const, url: there.url, headers: [], mayBeLocal: true };
  const mine = await approved('mine', child(FAULTY), { perPerson: true });
  books.mcp.servers = [
    mine,
    await approved('busy', child(FAULTY), { timeoutMs: 60_000 }),
    await approved('today', http, { era: '2026-07-28' }),
    await approved('before', http, { era: '2025-11-25' }),
  ];
  books.mcp.profiles = [
    {
      ...{ id: randomUUID(), name: 'few', title: '', contentServerId: null },
      tools: [{ serverId: mine.id, tool: 'hang', name: 'hang' }],
    },
  ];
  const store = memoryStore();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['m'] }];
  const env = { MCP_LOCAL_ORIGINS: new URL(there.url).origin, PROVIDER_DRAIN_MS: '200' };
  one = await startMcp({ books, providers, env, store });
  other = await startMcp({ books, providers, env, store, issuer: one.issuer });
}, 60_000);
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
  await vendor.close();
  await there[Symbol.asyncDispose]();
});

async function caller(person: object = {}) {
  const userId = randomUUID();
  const token = await one.issuer.token({ userId, keyId: randomUUID(), ...person });
  const held = () => books.reservations.filter((item) => item.userId === userId);
  return {
    userId,
    door: { url: one.url, token },
    /** The same credential at the other process. */
    elsewhere: { url: other.url, token },
    held,
    settled: () => books.settlements.filter((item) => item.userId === userId),
    released: () => held().filter(({ holdId }) => books.released.includes(holdId)),
  };
}

const callOf = (name: string, args: object = {}) => ({ name, arguments: args });
const ended = async (call: OpenCall) => {
  await expect(call.next()).rejects.toThrow('the stream ended');
};

describe('a call that its client cancels', () => {
  test.each([
    ['/mcp', 'mine__hang', 'door'],
    ['/mcp', 'mine__hang', 'elsewhere'],
    ['/mcp/few', 'hang', 'elsewhere'],
  ] as const)(
    'by %s (%s, at the %s) ends at its server, which was at work and is paid',
    async (path, name, where) => {
      const me = await caller();
      const client = await sessionClient({ ...me.door, path });
      const call = client.open('tools/call', callOf(name));
      await expect.poll(me.held).toHaveLength(1);
      // the server has it: a child that was asked before answers after it
      expect((await callTool(me.door, 'mine__cancelled')).text).toBe('[]');
      expect((await client.cancel(call.id, { ...me[where], path })).status).toBe(202);
      await ended(call);
      await expect.poll(async () => (await callTool(me.door, 'mine__cancelled')).text).toBe('["hang"]');
      const paid = () => me.settled().filter(({ model }) => model === 'tool:mine__hang');
      await expect.poll(paid).toMatchObject([{ chargeMicro: CALL, status: 'client-closed' }]);
      expect((await client.cancel(call.id)).status).toBe(202); // it is over
      expect(paid()).toHaveLength(1);
    },
  );

  test.each(['today', 'before'])('of a server over HTTP (%s) ends there', async (server) => {
    const me = await caller();
    const client = await sessionClient(me.door);
    const { began, left } = there.waiting();
    const call = client.open('tools/call', callOf(`${server}__wait`));
    await began;
    await client.cancel(call.id, me.elsewhere);
    await Promise.all([ended(call), left]);
    await expect.poll(me.settled).toMatchObject([{ chargeMicro: CALL, status: 'client-closed' }]);
  });

  test('while it waits for a place costs nothing: its server never heard of it', async () => {
    const [crowd, me] = [await caller(), await caller()];
    const filling = await sessionClient(crowd.door);
    const calls = Array.from({ length: PLACES }, () => filling.open('tools/call', callOf('busy__hang')));
    await expect.poll(crowd.held, { timeout: 10_000 }).toHaveLength(PLACES);
    const client = await sessionClient(me.door);
    const call = client.open('tools/call', callOf('busy__echo', { said: 'x' }));
    await expect.poll(me.held).toHaveLength(1);
    await client.cancel(call.id);
    await ended(call);
    await expect.poll(me.released).toHaveLength(1);
    expect(me.settled()).toEqual([]);
    for (const { id } of calls) await filling.cancel(id);
    await Promise.all(calls.map(ended));
    expect((await callTool(me.door, 'busy__echo', { said: 'there is room' })).text).toBe('there is room');
  });

  test('of a model ends at the provider, and what was said is paid', async () => {
    vendor.answerWith((response) => {
      startStream(response);
      response.write(textEvent('the first word'));
    });
    const me = await caller();
    const client = await sessionClient(me.door);
    const params = { ...callOf('chat', { model: 'm', prompt: 'hello' }), _meta: { progressToken: 1 } };
    const call = client.open('tools/call', params);
    expect((await call.next()).params).toMatchObject({ message: 'the first word' });
    await client.cancel(call.id, me.elsewhere);
    await ended(call);
    await vendor.asked.at(-1)?.aborted;
    await expect.poll(me.settled).toMatchObject([{ tokenSource: 'counted', status: 'client-closed' }]);
  });

  test('in the middle of a question is not asked about any more', async () => {
    const client = await sessionClient((await caller()).door);
    const call = client.open('tools/call', callOf('today__ask'));
    const { id } = await call.next();
    await client.cancel(call.id);
    await ended(call);
    expect((await client.answer(id, { action: 'accept', content: { name: 'Ada' } })).status).toBe(202);
  });
});

test('nobody cancels a call of somebody else, and nobody hears of what cannot be cancelled', async () => {
  const me = await caller();
  const [client, mySecond] = [await sessionClient(me.door), await sessionClient(me.door)];
  const another = await sessionClient((await caller()).door);
  const stranger = (await caller()).door;
  const { began, left } = there.waiting();
  const call = client.open('tools/call', callOf('today__wait'));
  await began;
  expect((await client.cancel(call.id, stranger)).status).toBe(404); // of my session, which is not theirs
  for (const session of [another, mySecond]) expect((await session.cancel(call.id)).status).toBe(202);
  for (const id of [randomUUID(), 1, -1.5, '']) expect((await client.cancel(id)).status).toBe(202);
  for (const params of [{}, { requestId: null }, { requestId: { a: 1 } }, { requestId: 'x'.repeat(1e6) }]) {
    const { status } = await client.say({ method: 'notifications/cancelled', params });
    expect(status).toBe(202);
  }
  expect(me.settled()).toEqual([]);
  expect((await client.ask('tools/list')).result).toBeDefined();
  await client.cancel(call.id);
  await Promise.all([ended(call), left]);
});
