import { randomUUID } from 'node:crypto';
import type { OpenedMcpServer } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';
import { FAULTY, programOf } from '../upstreams/upstream.fixture.ts';
import { callTool, modern, old, post, toolsFor } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';

const priced = (model: string, unitMicro: number) => ({ ...PRICE, id: randomUUID(), model, unitMicro });
const FREE = { ...PRICE, model: '*', id: randomUUID() };

let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
let faulty: OpenedMcpServer;
let everything: OpenedMcpServer;
beforeAll(async () => {
  books = coreBooks(1_000_000, [
    FREE,
    priced('tool:faulty__echo', 250),
    priced('tool:faulty__refuse', 250),
    priced('tool:faulty__die', 250),
    priced('tool:faulty__hang', 250),
    priced('tool:faulty__large', 2_000_000),
  ]);
  faulty = await approved('faulty', child(FAULTY), {
    perPerson: true,
    rules: {
      complain: { permission: 'users:create' },
      flood: { roles: ['superadmin'] },
      pid: { openToGuests: true },
      environment: { confirm: true },
    },
  });
  everything = await approved('everything', child(programOf('server-everything'), 'stdio'));
  const off = { ...everything, id: randomUUID(), name: 'off', active: false };
  books.mcp.servers = [faulty, everything, off];
  const tools = [
    { serverId: everything.id, tool: 'echo', name: 'say' },
    { serverId: faulty.id, tool: 'pid', name: 'pid' },
    { serverId: off.id, tool: 'echo', name: 'never' },
    { serverId: faulty.id, tool: 'unheard-of', name: 'nothing' },
  ];
  books.mcp.profiles = [{ id: randomUUID(), name: 'few', title: 'A few', tools, contentServerId: null }];
  mcp = await startMcp({ books });
}, 60_000);
afterAll(() => mcp[Symbol.asyncDispose]());

async function caller(person: object = {}) {
  const userId = randomUUID();
  const door = { url: mcp.url, token: await mcp.issuer.token({ userId, ...person }) };
  const reserved = () => books.reservations.filter((item) => item.userId === userId);
  return {
    ...door,
    userId,
    door,
    settled: () => books.settlements.filter((item) => item.userId === userId),
    released: () => reserved().filter(({ holdId }) => books.released.includes(holdId)),
  };
}

describe('tools of other servers', () => {
  test.each([
    ['of today', modern],
    ['of 2025', old],
  ])('are listed and called by a client %s under long names', async (_what, era) => {
    const { door } = await caller();
    const names = await toolsFor(door, era);
    expect(names).toContain('list_models');
    expect(names).toContain('everything__echo');
    expect(names.some((name) => name.startsWith('off__'))).toBe(false);
    expect(await callTool(door, 'everything__echo', { message: 'hello' }, era)).toMatchObject({
      text: 'Echo: hello',
      isError: false,
    });
  });

  test('are listed as they were approved', async () => {
    const { door } = await caller();
    const { result } = await modern(door, 'tools/list');
    const { tools } = result as { tools: { name: string }[] };
    const { definition } = everything.tools.find(({ name }) => name === 'get-sum') ?? {};
    expect(tools.find(({ name }) => name === 'everything__get-sum')).toEqual({
      name: 'everything__get-sum',
      ...definition,
    });
  });

  test.each<[string, object, string[]]>([
    [
      'guests have what was opened to them',
      { roles: ['guest'], grants: { 'tools:use': 'own' } },
      ['faulty__pid'],
    ],
    [
      'a key has what it names',
      { keyId: randomUUID(), claims: { limits: { tools: ['faulty__d*', 'everything__echo'] } } },
      ['faulty__die', 'everything__echo'],
    ],
  ])('%s, to see and to call', async (_what, person, expected) => {
    const { door } = await caller(person);
    expect(await toolsFor(door)).toEqual(expected);
    const all = [...faulty.tools, ...everything.tools].map(({ callName }) => callName);
    for (const name of all.filter((one) => !expected.includes(one)))
      await expect(callTool(door, name)).rejects.toThrow(`-32602: Tool ${name} not found`);
  });

  test('are for those who have their permission, or role', async () => {
    const user = await toolsFor((await caller()).door);
    expect(user).not.toContain('faulty__complain');
    expect(user).not.toContain('faulty__flood');
    const admin = await toolsFor((await caller({ roles: ['superadmin'] })).door);
    expect(admin).toContain('faulty__complain');
    expect(admin).toContain('faulty__flood');
  });

  test('answer with whatever they answer', async () => {
    const { door } = await caller();
    const image = await modern(door, 'tools/call', { name: 'everything__get-tiny-image', arguments: {} });
    expect(image.result?.['content']).toContainEqual(
      expect.objectContaining({ type: 'image', mimeType: 'image/png' }),
    );
    const structured = await modern(door, 'tools/call', {
      name: 'everything__get-structured-content',
      arguments: { location: 'New York' },
    });
    expect(structured.result?.['structuredContent']).toMatchObject({ temperature: expect.any(Number) });
    const embedded = await modern(door, 'tools/call', {
      name: 'everything__get-resource-reference',
      arguments: { resourceType: 'Text', resourceId: 1 },
    });
    expect(embedded.result?.['content']).toContainEqual(expect.objectContaining({ type: 'resource' }));
  });

  test.each([
    ['of today', modern],
    ['of 2025', old],
  ])('pass what nobody knows yet to a client %s', async (_what, era) => {
    const { door } = await caller();
    expect((await era(door, 'tools/call', { name: 'faulty__strange', arguments: {} })).result).toMatchObject({
      content: [
        { type: 'text', text: 'seen', strange: 1 },
        { type: 'of-tomorrow', value: [1] },
      ],
      ...{ _meta: { 'x/y': [1] }, odd: true },
    });
  });

  test('tell how far they are', async () => {
    const { door } = await caller();
    const { messages } = await modern(door, 'tools/call', {
      name: 'everything__trigger-long-running-operation',
      arguments: { duration: 0.2, steps: 2 },
      _meta: { progressToken: 'mine' },
    });
    expect(messages.map(({ params }) => params)).toContainEqual(
      expect.objectContaining({ progressToken: 'mine', progress: 1, total: 2 }),
    );
  });

  test('refuse in their own words', async () => {
    const { door } = await caller();
    await expect(callTool(door, 'faulty__refuse')).rejects.toThrow('I would rather not');
  });

  test('that changed since they were approved are not called', async () => {
    const { door } = await caller();
    await callTool(door, 'faulty__change');
    await expect
      .poll(async () => (await callTool(door, 'faulty__change')).text)
      .toContain('mcp-tool-changed: faulty__change is not what was approved any more');
    const { definition } = books.reported.get(faulty.id)?.find(({ name }) => name === 'change') ?? {};
    expect(definition?.description).toBe('Does something else now.');
  });

  test('do not mix people', async () => {
    const [one, other] = [await caller(), await caller()];
    const pidOf = async ({ door }: typeof one) => (await callTool(door, 'faulty__pid')).text;
    const mine = await pidOf(one);
    expect(await pidOf(other)).not.toBe(mine);
    expect(await pidOf(one)).toBe(mine);
  });

  test('hear nothing of who calls', async () => {
    const { token, door } = await caller();
    const { text } = await agreeTo(door, 'faulty__environment');
    expect(text).not.toContain(token);
  });

  test('that answer with 50 MB fail, and cost nothing', async () => {
    books.available = 5_000_000;
    const { door, settled, released } = await caller();
    const { text, isError } = await callTool(door, 'faulty__large', { bytes: 50e6 });
    expect([text.split('\n')[0], isError]).toEqual([
      'mcp-server-failed: faulty answered with more than 1048576 bytes',
      true,
    ]);
    await expect.poll(released).toHaveLength(1);
    expect(settled()).toEqual([]);
    books.available = 1_000_000;
  });
});

describe('a profile', () => {
  const few = (door: { url: string; token: string }) => ({ ...door, path: '/mcp/few' });

  test('has the chosen tools under the chosen names, and no others', async () => {
    const { door } = await caller();
    expect(await toolsFor(few(door))).toEqual(['say', 'pid']);
    expect((await callTool(few(door), 'say', { message: 'hi' }, old)).text).toBe('Echo: hi');
    await expect(callTool(few(door), 'list_models')).rejects.toThrow('not found');
  });

  test('has of these what somebody may use', async () => {
    const { door } = await caller({ keyId: randomUUID(), claims: { limits: { tools: ['faulty__pid'] } } });
    expect(await toolsFor(few(door))).toEqual(['pid']);
  });

  test('that nobody made is not there', async () => {
    const { door } = await caller();
    const { status } = await modern({ ...door, path: '/mcp/none' }, 'tools/list');
    expect(status).toBe(404);
  });
});

describe('the price of a call', () => {
  test('is held before and charged after', async () => {
    const { door, settled, userId } = await caller();
    await callTool(door, 'faulty__echo', { said: 'x' });
    await expect
      .poll(settled)
      .toMatchObject([
        { service: 'tool', model: 'tool:faulty__echo', chargeMicro: 250, status: 'ok', promptTokens: 0 },
      ]);
    expect(books.reservations.find((item) => item.userId === userId)).toMatchObject({
      minMicro: 250,
      maxMicro: 250,
    });
  });

  test('may be nothing, and is written down all the same', async () => {
    const { door, settled } = await caller();
    await callTool(door, 'everything__echo', { message: 'x' });
    await expect.poll(settled).toMatchObject([{ model: 'tool:everything__echo', chargeMicro: 0 }]);
  });

  test.each(['faulty__refuse', 'faulty__die'])('is nothing where %s did not answer', async (name) => {
    const { door, settled, released } = await caller();
    await callTool(door, name).catch(() => undefined); // how it fails is not what is asked here
    await expect.poll(released).toHaveLength(1);
    expect(settled()).toEqual([]);
  });

  test('that nobody can pay makes no call', async () => {
    const { door } = await caller();
    const { text } = await callTool(door, 'faulty__large', { bytes: 1 });
    expect(text).toContain('insufficient-credits');
  });

  test('is charged to whoever leaves in the middle', async () => {
    const { door, settled } = await caller();
    await callTool(door, 'faulty__pid');
    const leaving = AbortSignal.timeout(400);
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'faulty__hang', arguments: {} },
    };
    await post(door, body, { 'mcp-protocol-version': '2025-11-25' }, leaving).catch(() => undefined); // how it fails is not what is asked here
    await expect
      .poll(() => settled().filter(({ model }) => model === 'tool:faulty__hang'))
      .toMatchObject([{ chargeMicro: 250, status: 'client-closed' }]);
  });
});

const CAN_ASK = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };

async function ask(door: { url: string; token: string }, name: string, more: object = {}) {
  const { result, error } = await modern(door, 'tools/call', {
    name,
    arguments: {},
    ...more,
    _meta: CAN_ASK,
  });
  return { result: result ?? {}, error };
}

/** Calls, and agrees when asked to. */
async function agreeTo(door: { url: string; token: string }, name: string) {
  const { result: asked } = await ask(door, name);
  const requestState = asked['requestState'];
  const { result } = await ask(door, name, {
    requestState,
    inputResponses: { agree: { action: 'accept', content: {} } },
  });
  return { text: JSON.stringify(result['content']), asked };
}

describe('a tool that asks first', () => {
  test('asks whoever can be asked, and is called when they agree', async () => {
    const { door } = await caller();
    const { asked, text } = await agreeTo(door, 'faulty__environment');
    expect(asked).toMatchObject({
      resultType: 'input_required',
      inputRequests: { agree: { method: 'elicitation/create' } },
    });
    expect(text).toContain('SMART_AI_HUB_CHILD');
  });

  test.each(['decline', 'cancel'])('is not called on %s', async (action) => {
    const { door } = await caller();
    const { requestState } = (await ask(door, 'faulty__environment')).result;
    const { result } = await ask(door, 'faulty__environment', {
      requestState,
      inputResponses: { agree: { action } },
    });
    expect(JSON.stringify(result)).toContain('did not agree');
  });

  test('does not take an agreement to another call, of somebody else, or that was made up', async () => {
    const [one, other] = [await caller(), await caller()];
    const { requestState } = (await ask(one.door, 'faulty__environment')).result;
    const inputResponses = { agree: { action: 'accept', content: {} } };
    const of = (door: typeof one.door, more: object) =>
      ask(door, 'faulty__environment', { inputResponses, ...more });
    const elsewhere = await ask(one.door, 'faulty__echo', { requestState, inputResponses });
    expect(JSON.stringify(elsewhere.result)).toContain('this is the answer to another call');
    expect((await of(other.door, { requestState })).error?.code).toBe(-32_602);
    expect((await of(one.door, { requestState: 'made up' })).error?.code).toBe(-32_602);
    expect((await of(one.door, {})).result['resultType']).toBe('input_required');
  });

  test.each([
    ['of 2025', old],
    ['of today that answers no questions', modern],
  ])('tells a client %s how it can be called', async (_what, era) => {
    const { door } = await caller();
    const { text, isError } = await callTool(door, 'faulty__environment', {}, era);
    expect(isError).toBe(true);
    expect(text).toContain('forbidden: faulty__environment asks its person before each call.');
    expect(text).toContain('answers elicitation');
  });
});
