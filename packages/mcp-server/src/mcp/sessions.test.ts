import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';
import { type HttpServer, httpServer } from '../upstreams/http-server.fixture.ts';
import { FAULTY, programOf } from '../upstreams/upstream.fixture.ts';
import { modern, old } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';
import { type OpenCall, sessionClient } from './session-client.fixture.ts';

const PRICES = ['today__ask', 'own__trigger-elicitation-request'].map((tool) => ({
  ...{ ...PRICE, id: randomUUID() },
  ...{ model: `tool:${tool}`, unitMicro: 250 },
}));

/** Two processes over one store, as they stand behind the gateway. */
let there: HttpServer;
let books: CoreBooks;
let one: Awaited<ReturnType<typeof startMcp>>;
let other: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  there = await httpServer();
  books = coreBooks(1_000_000, [{ ...PRICE, id: randomUUID() }, ...PRICES]);
  const http = { type: 'http' as const, url: there.url, headers: [], mayBeLocal: true };
  const everything = child(programOf('server-everything'), 'stdio');
  const today = await approved('today', http, { era: '2026-07-28' });
  books.mcp.servers = [
    today,
    await approved('own', everything, { perPerson: true }),
    await approved('shared', everything),
    await approved('mine', child(FAULTY), { perPerson: true }),
    await approved('faulty', child(FAULTY), { rules: { echo: { confirm: true } } }),
  ];
  books.mcp.profiles = [{ id: randomUUID(), name: 'today', title: '', tools: [], contentServerId: today.id }];
  const store = memoryStore();
  const env = { MCP_LOCAL_ORIGINS: new URL(there.url).origin };
  one = await startMcp({ books, env, store });
  other = await startMcp({ books, env, store, issuer: one.issuer });
}, 60_000);
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

async function caller(person: object = {}) {
  const userId = randomUUID();
  const known = { userId, keyId: randomUUID(), ...person };
  const token = await one.issuer.token(known);
  return {
    userId,
    door: { url: one.url, token },
    /** The same credential at the other process. */
    elsewhere: { url: other.url, token },
    settled: () => books.settlements.filter((item) => item.userId === userId),
    held: () => books.reservations.filter((item) => item.userId === userId),
  };
}

const ADA = { action: 'accept', content: { name: 'Ada' } };
const callOf = (name: string, args: object = {}) => ({ name, arguments: args });
/** The question that comes next in the stream of a call. */
async function question(call: OpenCall) {
  for (;;) {
    const said = await call.next();
    if (said.id !== undefined) return said;
  }
}
const textOf = async (call: OpenCall) => JSON.stringify((await question(call)).result?.['content']);

describe('a client of 2025 with a session is asked in the middle of a call', () => {
  test('by a server of today, which hears its own state again, and is paid once', async () => {
    const { door, settled, held } = await caller();
    const client = await sessionClient(door);
    const call = client.open('tools/call', callOf('today__ask'));
    const { id, method, params } = await question(call);
    expect([method, params?.['message']]).toEqual(['elicitation/create', 'Who are you?']);
    expect(settled()).toEqual([]);
    expect((await client.answer(id, ADA)).status).toBe(202);
    expect(await textOf(call)).toContain('Hello Ada (theirs)');
    await expect.poll(settled).toMatchObject([{ chargeMicro: 250, status: 'ok' }]);
    const open = held().filter(
      ({ holdId }) => !books.released.includes(holdId) && settled()[0]?.holdId !== holdId,
    );
    expect(open).toEqual([]);
  });

  test('by a server of 2025 with a conversation of its own', async () => {
    const { door, settled } = await caller();
    const client = await sessionClient(door);
    const call = client.open('tools/call', callOf('own__trigger-elicitation-request'));
    const { id, method } = await question(call);
    expect(method).toBe('elicitation/create');
    await client.answer(id, ADA);
    expect(await textOf(call)).toContain('Name: Ada');
    await expect.poll(settled).toMatchObject([{ chargeMicro: 250, status: 'ok' }]);
  });

  test('for its model', async () => {
    const client = await sessionClient((await caller()).door);
    const call = client.open('tools/call', callOf('own__trigger-sampling-request', { prompt: 'Hi' }));
    const { id, method, params } = await question(call);
    expect([method, JSON.stringify(params)]).toEqual([
      'sampling/createMessage',
      expect.stringContaining('context: Hi'),
    ]);
    const content = { type: 'text', text: 'Hi yourself' };
    await client.answer(id, { role: 'assistant', model: 'mine', content });
    expect(await textOf(call)).toContain('Hi yourself');
  });

  test('by the hub, before a call that its person agrees to', async () => {
    const client = await sessionClient((await caller()).door);
    const call = client.open('tools/call', callOf('faulty__echo', { said: 'said' }));
    const { id, params } = await question(call);
    expect(params?.['message']).toBe('Call faulty__echo?');
    await client.answer(id, { action: 'accept', content: {} });
    expect(await textOf(call)).toContain('said');
    const again = client.open('tools/call', callOf('faulty__echo', { said: 'said' }));
    await client.answer((await question(again)).id, { action: 'decline' });
    expect(await textOf(again)).toContain('the person who was asked did not agree');
  });

  test('by a prompt', async () => {
    const { door } = await caller();
    const client = await sessionClient({ ...door, path: '/mcp/today' });
    const call = client.open('prompts/get', { name: 'greet' });
    await client.answer((await question(call)).id, ADA);
    expect(JSON.stringify((await question(call)).result)).toContain('Greet Ada (theirs)');
  });

  test('and answers to whichever process', async () => {
    const { door, elsewhere } = await caller();
    const client = await sessionClient(door);
    const call = client.open('tools/call', callOf('today__ask'), elsewhere);
    const { id } = await question(call);
    expect((await client.answer(id, ADA, door)).status).toBe(202);
    expect(await textOf(call)).toContain('Hello Ada');
  });
});

describe('a client of today is asked between two requests, by a server of 2025', () => {
  const CAN_ASK = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {} } };
  type Door = Awaited<ReturnType<typeof caller>>['door'];
  const ask = (door: Door, more: object = {}) =>
    modern(door, 'tools/call', { ...callOf('own__trigger-elicitation-request'), _meta: CAN_ASK, ...more });
  /** The question, and what brings an answer to it. */
  async function asked(door: Door) {
    const { result } = await ask(door);
    const { inputRequests, requestState } = z
      .object({
        resultType: z.literal('input_required'),
        inputRequests: z.record(z.string(), z.object({ method: z.string() })),
        requestState: z.string(),
      })
      .parse(result);
    const [key = ''] = Object.keys(inputRequests);
    expect(inputRequests[key]?.method).toBe('elicitation/create');
    return (said: object = ADA) => ({ requestState, inputResponses: { [key]: said } });
  }

  test.each(['door', 'elsewhere'] as const)('answers at the %s, and pays once', async (where) => {
    const me = await caller();
    const answer = await asked(me.door);
    expect(me.settled()).toEqual([]);
    const { result } = await ask(me[where], answer());
    expect(JSON.stringify(result?.['content'])).toContain('Name: Ada');
    await expect.poll(me.settled).toMatchObject([{ chargeMicro: 250, status: 'ok' }]);
    expect(me.held()).toHaveLength(1);
  });

  test('declines', async () => {
    const { door } = await caller();
    const { result } = await ask(door, (await asked(door))({ action: 'decline' }));
    expect(JSON.stringify(result?.['content'])).toContain('declined');
  });

  test('is asked again for what is missing, and an answer counts for one round', async () => {
    const { door } = await caller();
    const answer = await asked(door);
    const again = await ask(door, { ...answer(), inputResponses: {} });
    expect(again.result).toMatchObject({ resultType: 'input_required' });
    const { result } = await ask(door, answer());
    expect(JSON.stringify(result?.['content'])).toContain(
      'invalid-request: the call that this answers is over',
    );
    const last = await ask(door, { ...answer(), requestState: again.result?.['requestState'] });
    expect(JSON.stringify(last.result?.['content'])).toContain('Name: Ada');
  });

  test('and nobody answers in their place', async () => {
    const [me, another] = [await caller(), await caller()];
    const answer = await asked(me.door);
    expect((await ask(another.door, answer())).error).toMatchObject({ code: -32_602 });
    const { result } = await ask(me.door, answer());
    expect(JSON.stringify(result?.['content'])).toContain('Name: Ada');
  });

  test('who did not say that they can is not asked, and hears it of the server', async () => {
    const { door } = await caller();
    const { result } = await ask(door, { _meta: {} });
    expect(result).toMatchObject({ isError: true });
  });
});

describe('it hears in words', () => {
  test.each([
    ['that it cannot be asked what it did not say it can', 'today__ask', { sampling: {} }],
    ['the same of a tool of 2025', 'own__trigger-elicitation-request', { sampling: {} }],
    ['that a child that all share cannot ask back', 'shared__trigger-elicitation-request', undefined],
  ])('%s', async (_what, tool, capabilities) => {
    const client = await sessionClient((await caller()).door, capabilities);
    const { result, error } = await client.ask('tools/call', callOf(tool));
    expect(result?.['isError'] ?? error !== undefined).toBe(true);
  });

  test('what a child is told that asks all the same, though nobody can know whom', async () => {
    const client = await sessionClient((await caller()).door);
    const shared = client.open('tools/call', callOf('faulty__ask'));
    expect(await textOf(shared)).toContain('Nobody can be asked in the middle of this call');
    client.open('tools/call', callOf('mine__hang'));
    await expect
      .poll(() => textOf(client.open('tools/call', callOf('mine__ask'))))
      .toContain('Nobody can be asked');
  });

  test('that it refused', async () => {
    const client = await sessionClient((await caller()).door);
    const call = client.open('tools/call', callOf('today__ask'));
    await client.say({ id: (await question(call)).id, error: { code: -1, message: 'not today' } });
    expect(await textOf(call)).toContain('forbidden: today__ask asked something back: not today');
  });

  test('that too much was asked at once', async () => {
    const client = await sessionClient((await caller()).door);
    const calls = [];
    for (let i = 0; i < 8; i++) calls.push(client.open('tools/call', callOf('today__ask')));
    for (const call of calls) expect((await question(call)).method).toBe('elicitation/create');
    expect(JSON.stringify(await client.ask('tools/call', callOf('today__ask')))).toContain('rate-limited');
    for (const call of calls) call.leave();
  });
});

describe('a session', () => {
  test('is its credential’s alone, at its own address', async () => {
    const mine = await caller();
    const client = await sessionClient(mine.door);
    const call = client.open('tools/call', callOf('today__ask'));
    const { id } = await question(call);
    const another = await caller();
    const key = (await caller({ userId: mine.userId })).door;
    for (const door of [another.door, key, { ...mine.door, path: '/mcp/today' }]) {
      expect((await client.answer(id, ADA, door)).status).toBe(404);
      expect((await client.ask('tools/list', {}, door)).status).toBe(404);
      expect((await client.end(door)).status).toBe(404);
    }
    const theirs = await sessionClient(another.door);
    expect((await theirs.answer(id, ADA)).status).toBe(202); // and nobody waits for it
    await client.answer(id, { ...ADA, content: { name: 'me' } });
    expect(await textOf(call)).toContain('Hello me');
  });

  test('that is ended ends what waits for it, in every process', async () => {
    const { door, elsewhere } = await caller();
    const client = await sessionClient(door);
    const call = client.open('tools/call', callOf('today__ask'), elsewhere);
    await question(call);
    expect((await client.end()).status).toBe(204);
    expect(await textOf(call)).toContain('the session in which it was asked ended');
    expect((await client.ask('tools/list')).error).toMatchObject({ data: { code: 'not-found' } });
    expect((await client.end()).status).toBe(404);
  });

  test('has the level of logs that its client asked for', async () => {
    const client = await sessionClient((await caller()).door);
    expect((await client.ask('logging/setLevel', { level: 'error' })).result).toEqual({});
    expect((await client.ask('logging/setLevel', { level: 'x'.repeat(99) })).error?.code).toBe(-32_602);
  });

  test('whose client left in the middle of a question costs what the server was asked', async () => {
    const { door, settled, held } = await caller();
    const client = await sessionClient(door);
    const call = client.open('tools/call', callOf('own__trigger-elicitation-request'));
    const { id } = await question(call);
    call.leave();
    await expect.poll(settled).toMatchObject([{ chargeMicro: 250, status: 'client-closed' }]);
    expect(held()).toHaveLength(1);
    expect((await client.answer(id, ADA)).status).toBe(202); // nobody waits for it any more
  });

  test('is not begun while the store is away, and its client is served without', async () => {
    const { keyValue, ...store } = memoryStore();
    const away = () => Promise.reject(new DomainError('service-unavailable'));
    await using alone = await startMcp({ books, store: { ...store, keyValue: { ...keyValue, get: away } } });
    const door = { url: alone.url, token: alone.token };
    const client = await sessionClient(door);
    expect(client.session).toBe('');
    expect((await old(door, 'tools/list')).result).toBeDefined();
  });

  test('ends in words what waits in a process that stops', async () => {
    const stopping = await startMcp({ books, env: { MCP_LOCAL_ORIGINS: new URL(there.url).origin } });
    const client = await sessionClient({ url: stopping.url, token: stopping.token });
    const call = client.open('tools/call', callOf('today__ask'));
    await question(call);
    const said = textOf(call);
    await stopping[Symbol.asyncDispose]();
    expect(await said).toContain('the hub is restarting');
  });

  test('needs none: a client that forgets it is served, and not asked', async () => {
    const { door } = await caller();
    const { error } = await old(door, 'tools/call', callOf('today__ask'));
    expect(error).toMatchObject({ code: -32_021 }); // the server's own, which heard of no capability
  });
});
