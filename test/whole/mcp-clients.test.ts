import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tableOf } from '../house/markdown.ts';
import { type FixtureServer, fixtureServer } from './conformance/fixture-server.ts';
import { type McpAdministrator, mcpAdministrator } from './mcp-administrator.ts';
import { CLIENTS } from './mcp-clients.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

/** Every official client before servers of either era, one of which is somebody else’s program. */
let fixture: FixtureServer;
let platform: TestPlatform;
let administrator: McpAdministrator;
let person: Person;
beforeAll(async () => {
  fixture = await fixtureServer();
  platform = await startPlatform(inject('postgres'), {
    ...NO_LIMITS,
    SIGNUP_CREDIT_MICRO: '100000000',
    MCP_LOCAL_ORIGINS: new URL(fixture.url).origin,
    MCP_STDIO_COMMANDS: process.execPath,
  });
  administrator = await mcpAdministrator(platform);
  person = await signUp(platform.url);
  const everything = fileURLToPath(
    new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
  );
  const http = { type: 'http', url: fixture.url };
  await add('today', http, { era: '2026-07-28' }, OURS.asksFirst.tool);
  await add('before', http, { era: '2025-11-25' }, OURS.asksFirst.tool);
  const child = { type: 'stdio', command: process.execPath, args: [everything, 'stdio'] };
  await add('everything', child, {}, 'get-sum');
}, 60_000);
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

/** A server whose every tool may be called, and one of them asks first; and a profile with all that it has. */
async function add(
  name: string,
  transport: object,
  more: { era?: string },
  asksFirst: string,
): Promise<void> {
  const { id, tools } = await administrator.addServer(name, transport, more);
  await administrator.askFirst(id, [asksFirst]);
  const chosen = tools.map((tool) => ({ server: name, tool }));
  await administrator.addProfile(name, { tools: chosen, contentOf: name });
}

interface Call {
  tool: string;
  args?: Record<string, unknown>;
  says: string;
}
interface Server {
  title: string;
  name: string;
  works: Call;
  fails: Call;
  asksFirst: Call;
  prompt: Call & { args: Record<string, string> };
  resource: { uri: string; says: string };
}

const OURS: Omit<Server, 'title' | 'name'> = {
  works: { tool: 'test_simple_text', says: 'This is a simple text response for testing.' },
  fails: { tool: 'test_error_handling', says: 'This tool intentionally returns an error for testing' },
  asksFirst: { tool: 'test_tool_with_progress', says: 'done' },
  prompt: {
    tool: 'test_prompt_with_arguments',
    args: { arg1: 'a', arg2: 'b' },
    says: "Prompt with arguments: arg1='a', arg2='b'",
  },
  resource: { uri: 'test://static-text', says: 'This is the content of the static text resource.' },
};
const SERVERS: Server[] = [
  { title: 'of 2026-07-28', name: 'today', ...OURS },
  { title: 'of 2025-11-25', name: 'before', ...OURS },
  {
    ...{ title: '`server-everything`', name: 'everything' },
    works: { tool: 'echo', args: { message: 'hello' }, says: 'Echo: hello' },
    fails: {
      tool: 'get-resource-reference',
      args: { resourceType: 'Text', resourceId: -1 },
      says: 'resourceId',
    },
    asksFirst: { tool: 'get-sum', args: { a: 2, b: 3 }, says: 'The sum of 2 and 3 is 5.' },
    prompt: { tool: 'args-prompt', args: { city: 'Bangkok' }, says: "What's weather in Bangkok?" },
    resource: { uri: 'demo://resource/dynamic/text/7', says: 'Resource 7: ' },
  },
];
const PAIRS = CLIENTS.flatMap(([client, connect, revision]) =>
  SERVERS.map((server) => [`${client} · ${server.title}`, { ...server, connect, revision }] as const),
);

describe.each(PAIRS)('%s', (_pair, { connect, name, ...server }) => {
  test('lists tools and calls them, by profile and by long names', async () => {
    const key = await person.makeKey();
    await using short = await connect(platform.url, key, { path: `/mcp/${name}` });
    await using long = await connect(platform.url, key);
    const { tool, args, says } = server.works;
    expect(await short.tools()).toContain(tool);
    expect(await long.tools()).toContain(`${name}__${tool}`);
    expect(await short.call(tool, args)).toMatchObject({ text: says, isError: false });
    expect(await long.call(`${name}__${tool}`, args)).toMatchObject({ text: says, isError: false });
  });

  test('is refused what its key does not name, and hears what fails', async () => {
    const { tool, args, says } = server.fails;
    const { key } = await person.post('/api/v1/keys', { name: 'narrow', tools: [`${name}__${tool}`] });
    await using speaker = await connect(platform.url, String(key), { path: `/mcp/${name}` });
    expect(await speaker.tools()).toEqual([tool]);
    await expect(speaker.call(server.works.tool, server.works.args)).rejects.toThrow('not found');
    const failed = await speaker.call(tool, args);
    expect([failed.isError, failed.text]).toEqual([true, expect.stringContaining(says)]);
  });

  test('asks its person before a call, and says so where they decline', async () => {
    const { tool, args, says } = server.asksFirst;
    const key = await person.makeKey();
    const path = `/mcp/${name}`;
    await using agrees = await connect(platform.url, key, { path });
    await using declines = await connect(platform.url, key, { path, reply: 'decline' });
    const [agreed, declined] = [await agrees.call(tool, args), await declines.call(tool, args)];
    expect(agrees.asked).toEqual([`Call ${tool}? It costs 0.1 credits.`]);
    expect(agreed).toMatchObject({ text: says, isError: false });
    expect(declined.text).toContain('forbidden: the person who was asked did not agree to this call');
  });

  test('has its prompts and resources by a profile', async () => {
    await using speaker = await connect(platform.url, await person.makeKey(), { path: `/mcp/${name}` });
    const { prompt, resource } = server;
    expect(await speaker.prompts()).toContain(prompt.tool);
    expect(await speaker.prompt(prompt.tool, prompt.args)).toBe(prompt.says);
    expect(await speaker.resources()).not.toEqual([]);
    expect(await speaker.read(resource.uri)).toContain(resource.says);
  });
});

test('the README tells which client works before which server', ({ task }) => {
  const passed = new Map(
    task.file.tasks.flatMap((suite) =>
      suite.type === 'suite'
        ? [[suite.name, suite.tasks.every(({ result }) => result?.state === 'pass')] as const]
        : [],
    ),
  );
  const rows = CLIENTS.map(([client, , revision]) => [
    ...[client, revision],
    ...SERVERS.map(({ title }) => (passed.get(`${client} · ${title}`) ? '✓' : '✗')),
  ]);
  expect(tableOf(readFileSync('README.md', 'utf8'), '### MCP')).toEqual(rows);
});
