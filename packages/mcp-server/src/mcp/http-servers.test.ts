import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';
import { FAULTY } from '../upstreams/upstream.fixture.ts';
import { type HttpServer, httpServer } from '../upstreams/http-server.fixture.ts';
import { callTool, modern, old } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';

const CAN_ASK = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };

let there: HttpServer;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
let door: { url: string; token: string };
beforeAll(async () => {
  there = await httpServer();
  books = coreBooks();
  const transport = {
    ...{ type: 'http' as const, url: there.url, mayBeLocal: true },
    headers: [{ name: 'authorization', value: 'Bearer of-the-hub' }],
  };
  const today = await approved('today', transport, { era: '2026-07-28' });
  const before = await approved('before', transport, { era: '2025-11-25' });
  const inside = {
    ...today,
    id: randomUUID(),
    name: 'inside',
    transport: { ...transport, mayBeLocal: false },
  };
  const tools = inside.tools.map((tool) => ({ ...tool, callName: `inside__${tool.name}` }));
  books.mcp.servers = [today, before, { ...inside, tools }];
  mcp = await startMcp({
    books,
    env: { MCP_LOCAL_ORIGINS: new URL(there.url).origin, MCP_STDIO_COMMANDS: process.execPath },
  });
  door = { url: mcp.url, token: await mcp.issuer.token({ roles: ['superadmin'] }) };
}, 60_000);
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

describe('a server over HTTP', () => {
  test.each([
    ['today', 'today', modern],
    ['today', 'before', old],
    ['before', 'today', modern],
    ['before', 'before', old],
  ])(
    'spoken to as %s is called by a client of %s, and what it says passes untouched',
    async (server, _era, ask) => {
      const { result } = await ask(door, 'tools/call', { name: `${server}__strange`, arguments: {} });
      expect(result).toMatchObject({
        content: [{ type: 'text', text: 'seen' }],
        ...{ odd: true, _meta: { 'x/y': [1] } },
      });
    },
  );

  test('hears the hub’s credentials, and nothing of who calls', async () => {
    there.asked.length = 0;
    await callTool(door, 'today__strange');
    expect(there.asked.length).toBeGreaterThan(0);
    expect(there.asked.every(({ authorization }) => authorization === 'Bearer of-the-hub')).toBe(true);
    expect(JSON.stringify(there.asked)).not.toContain(door.token);
  });

  test('that answers with 50 MB fails', async () => {
    for (const name of ['today__large', 'before__large'])
      expect((await callTool(door, name)).text).toContain('answered with more than 1048576 bytes');
  });

  test.each(['Bangkok', 'กรุงเทพฯ', ' padded ', '=?base64?eA==?='])(
    'that routes by a header is told %j in it, whatever its caller speaks',
    async (region) => {
      const encoded = `=?base64?${Buffer.from(region).toString('base64')}?=`;
      const told = { 'mcp-param-region': region === 'Bangkok' ? region : encoded };
      for (const [name, ask] of [
        ['today__routed', modern],
        ['before__routed', modern],
        ['today__routed', old],
      ] as const) {
        const { result } = await ask(door, 'tools/call', { name, arguments: { where: { region } } }, told);
        expect(result?.['content']).toEqual([{ type: 'text', text: `from ${region}` }]);
      }
    },
  );

  test.each([
    ['without a header', {}],
    ['with another', { 'mcp-param-region': 'Chiang Mai' }],
    ['with one that is none', { 'mcp-param-region': '=?base64?%?=' }],
  ])('that routes by a header is not called %s', async (_what, headers) => {
    there.asked.length = 0;
    const call = { name: 'today__routed', arguments: { where: { region: 'Bangkok' } } };
    const { status, error } = await modern(door, 'tools/call', call, headers);
    expect([status, error?.code]).toEqual([400, -32_020]);
    expect(there.asked).toEqual([]);
  });

  test('asks back through the hub, which signs what travels', async () => {
    const call = { name: 'today__ask', arguments: {}, _meta: CAN_ASK };
    const { result: asked } = await modern(door, 'tools/call', call);
    expect(asked).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create', params: { message: 'Who are you?' } } },
    });
    const requestState = asked?.['requestState'];
    expect(requestState).not.toBe('theirs');
    const inputResponses = { name: { action: 'accept', content: { name: 'Ada' } } };
    const { result } = await modern(door, 'tools/call', { ...call, requestState, inputResponses });
    expect(JSON.stringify(result)).toContain('Hello Ada (theirs)');
  });

  test('that asks back fails in words where nobody can be asked', async () => {
    await expect(callTool(door, 'today__ask', {}, old)).rejects.toThrow('-32021: Cannot request input');
  });

  test('lesson 12: at an address inside, that nobody allowed, is not called', async () => {
    there.asked.length = 0;
    expect((await callTool(door, 'inside__strange')).text).toContain('egress-refused');
    expect(there.asked).toEqual([]);
  });
});

describe('looking at a server', () => {
  const send = async (path: string, body?: object, method = 'POST') => {
    const answer = await fetch(`${mcp.url}/api/v1/mcp-servers${path}`, {
      ...{ method, headers: { authorization: `Bearer ${door.token}` } },
      ...(body && { headers: mcp.headers(door.token), body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const http = (url: string) => ({ type: 'http', url });

  test('tells its tools, with the secrets that are kept for it', async () => {
    there.asked.length = 0;
    const [kept] = books.mcp.servers;
    const { status, body } = await send('/check', { transport: http(there.url), serverId: kept?.id });
    expect([status, body]).toMatchObject([
      200,
      {
        protocolVersion: '2026-07-28',
        server: { name: 'http' },
        leftOut: 0,
        tools: kept?.tools.map(({ name, hash }) => ({ name, hash })),
      },
    ]);
    expect(there.asked[0]?.authorization).toBe('Bearer of-the-hub');
  });

  test('sends no secrets elsewhere', async () => {
    there.asked.length = 0;
    const [kept] = books.mcp.servers;
    await send('/check', { transport: http(`${there.url}/other`), serverId: kept?.id });
    expect(there.asked[0]?.authorization).toBeUndefined();
  });

  test.each([
    'http://127.0.0.1:1/mcp',
    'https://127.0.0.1/mcp',
    'https://[::ffff:169.254.169.254]/mcp',
    'https://localhost/mcp',
  ])('does not call %s', async (url) => {
    expect(await send('/check', { transport: http(url) })).toMatchObject({
      body: { code: 'egress-refused' },
    });
  });

  test('starts the programs that are allowed, and no others', async () => {
    const good = { ...child(FAULTY), env: [] };
    expect(await send('/check', { transport: good })).toMatchObject({
      status: 200,
      body: { server: { name: 'faulty' } },
    });
    const bad = { ...good, command: '/bin/sh' };
    expect(await send('/check', { transport: bad })).toMatchObject({ body: { code: 'mcp-command-refused' } });
  });

  test('writes down what it has now, and says how it answers', async () => {
    const [kept] = books.mcp.servers;
    expect((await send(`/${kept?.id}/refresh`)).status).toBe(200);
    expect(books.reported.get(kept?.id ?? '')).toHaveLength(5);
    expect((await send(`/${randomUUID()}/refresh`)).body).toMatchObject({ code: 'not-found' });
    const { body } = await send('/health', undefined, 'GET');
    expect(body['items']).toContainEqual(
      expect.objectContaining({
        serverId: kept?.id,
        state: 'up',
        protocolVersion: '2026-07-28',
        error: null,
      }),
    );
  });
});
