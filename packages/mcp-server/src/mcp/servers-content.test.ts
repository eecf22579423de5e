import { randomUUID } from 'node:crypto';
import type { OpenedMcpServer } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { coreBooks, startMcp } from '../mcp.fixture.ts';
import { type HttpServer, httpServer } from '../upstreams/http-server.fixture.ts';
import { FAULTY, programOf } from '../upstreams/upstream.fixture.ts';
import { modern, old } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';

let there: HttpServer;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  there = await httpServer();
  const books = coreBooks();
  const everything = await approved('everything', child(programOf('server-everything'), 'stdio'));
  const http = { type: 'http' as const, url: there.url, headers: [], mayBeLocal: true };
  const today = await approved('today', http, { era: '2026-07-28' });
  const faulty = await approved('faulty', child(FAULTY));
  const gone = { ...faulty, id: randomUUID(), name: 'gone', transport: child('-e', 'process.exit(1)') };
  const off = { ...everything, id: randomUUID(), name: 'off', active: false };
  books.mcp.servers = [everything, today, gone, off];
  const profile = (name: string, { id }: Pick<OpenedMcpServer, 'id'>) => ({
    ...{ id: randomUUID(), name, title: '', tools: [], contentServerId: id },
  });
  const profiles = books.mcp.servers.map((server) => profile(server.name, server));
  const none = { ...profile('none', everything), contentServerId: null };
  books.mcp.profiles = [...profiles, none, profile('lost', { id: randomUUID() })];
  mcp = await startMcp({ books, env: { MCP_LOCAL_ORIGINS: new URL(there.url).origin } });
}, 60_000);
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

const doorTo = async (profile: string, person: object = {}) => ({
  ...{ url: mcp.url, path: `/mcp/${profile}` },
  token: await mcp.issuer.token({ userId: randomUUID(), ...person }),
});

const resourceList = z.object({ resources: z.array(z.object({ uri: z.string() })) });

const ERAS = [
  ['of today', modern],
  ['of 2025', old],
] as const;
/** Where a client of each era hears what there is. */
const capabilitiesFor = async (door: Awaited<ReturnType<typeof doorTo>>, era: typeof modern) => {
  const who = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const { result } = era === old ? await old(door, 'initialize', who) : await era(door, 'server/discover');
  return Object.keys(result?.['capabilities'] ?? {}).toSorted();
};

describe.each(ERAS)('a client %s, by a profile with a real server of 2025', (_what, era) => {
  test('hears what the server has', async () => {
    expect(await capabilitiesFor(await doorTo('everything'), era)).toEqual([
      ...['completions', 'logging', 'prompts', 'resources', 'tools'],
    ]);
  });

  test('gets its prompts, completed', async () => {
    const door = await doorTo('everything');
    const { result: listed } = await era(door, 'prompts/list');
    expect(listed?.['prompts']).toContainEqual(expect.objectContaining({ name: 'args-prompt' }));
    const { result } = await era(door, 'prompts/get', {
      name: 'args-prompt',
      arguments: { city: 'Bangkok' },
    });
    expect(JSON.stringify(result?.['messages'])).toContain('weather in Bangkok?');
    const ref = { type: 'ref/prompt', name: 'completable-prompt' };
    const asked = { ref, argument: { name: 'department', value: 'S' } };
    expect((await era(door, 'completion/complete', asked)).result).toMatchObject({
      completion: { values: ['Sales', 'Support'] },
    });
  });

  test('reads its resources, those of templates too', async () => {
    const door = await doorTo('everything');
    const { result: listed } = await era(door, 'resources/list');
    const [{ uri: first } = { uri: '' }] = resourceList.parse(listed).resources;
    expect(first).toContain('demo://resource/static/document/');
    const { result: templates } = await era(door, 'resources/templates/list');
    expect(JSON.stringify(templates?.['resourceTemplates'])).toContain('demo://resource/dynamic/text/{');
    for (const uri of [first, 'demo://resource/dynamic/text/7']) {
      const { result } = await era(door, 'resources/read', { uri }, { 'mcp-name': uri });
      expect(result?.['contents']).toMatchObject([{ uri, text: expect.any(String) }]);
    }
  });

  test('is refused in the server’s own words', async () => {
    const { error } = await era(await doorTo('everything'), 'prompts/get', { name: 'nobody' });
    expect(error).toMatchObject({ code: -32_602, message: expect.stringContaining('nobody not found') });
  });
});

describe.each(ERAS)('to a client %s', (_what, era) => {
  test.each([
    ['a profile that has no content', () => doorTo('none')],
    ['a profile whose server is gone', () => doorTo('lost')],
    ['a profile whose server is off', () => doorTo('off')],
    ['guests', () => doorTo('everything', { roles: ['guest'], grants: { 'tools:use': 'own' } })],
    [
      'a key that names some of the server’s tools',
      () =>
        doorTo('everything', {
          keyId: randomUUID(),
          claims: { limits: { tools: ['everything__e*', 'everything__get-sum'] } },
        }),
    ],
  ])('there are no prompts and resources for %s', async (_who, open) => {
    const door = await open();
    expect(await capabilitiesFor(door, era)).toEqual(['logging', 'tools']);
    const uri = 'demo://resource/dynamic/text/7';
    const asked = [
      await era(door, 'prompts/list'),
      await era(door, 'prompts/get', { name: 'simple-prompt' }),
      await era(door, 'resources/list'),
      await era(door, 'resources/read', { uri }, { 'mcp-name': uri }),
    ];
    expect(asked.map(({ error }) => error?.code)).toEqual(asked.map(() => -32_601));
  });
});

test('news of resources is not promised for a server that tells of none, and not taken', async () => {
  const door = await doorTo('today');
  const { result } = await modern(door, 'server/discover');
  expect(result).toMatchObject({ capabilities: { resources: { subscribe: false } } });
  const { messages } = await modern(door, 'subscriptions/listen', {
    notifications: { resourceSubscriptions: ['note://one'], resourcesListChanged: true },
  });
  expect(messages).toMatchObject([{ params: { notifications: {} } }, { result: { resultType: 'complete' } }]);
});

test('a key that names all of a server’s tools has its prompts', async () => {
  const claims = { limits: { tools: ['everything__*'] } };
  const door = await doorTo('everything', { keyId: randomUUID(), claims });
  expect((await modern(door, 'prompts/list')).result?.['prompts']).not.toEqual([]);
});

test('what a server says that anybody may keep is for its reader alone', async () => {
  const read = await modern(
    await doorTo('today'),
    'resources/read',
    { uri: 'note://one' },
    { 'mcp-name': 'note://one' },
  );
  expect(read.result).toMatchObject({ contents: [{ text: 'noted' }], ttlMs: 5_000, cacheScope: 'private' });
});

test.each(ERAS)('a server that cannot be asked fails in words, to a client %s', async (_what, era) => {
  const door = await doorTo('gone');
  expect(await capabilitiesFor(door, era)).toEqual(['logging', 'tools']);
  const { error } = await era(door, 'prompts/list');
  expect(error).toMatchObject({
    ...{ code: -32_603, message: expect.stringContaining('mcp-server-failed: ') },
    data: { code: 'mcp-server-failed', requestId: expect.any(String) },
  });
});

describe('a prompt that asks back', () => {
  const CAN_ASK = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const greet = (door: Awaited<ReturnType<typeof doorTo>>, more: object = {}) =>
    modern(door, 'prompts/get', { name: 'greet', _meta: CAN_ASK, ...more });
  const inputResponses = { name: { action: 'accept', content: { name: 'Ada' } } };

  test('is answered through the hub, which signs what travels', async () => {
    const door = await doorTo('today');
    const { requestState } = (await greet(door)).result ?? {};
    expect(requestState).not.toBe('theirs');
    const { result } = await greet(door, { requestState, inputResponses });
    expect(JSON.stringify(result)).toContain('Greet Ada (theirs)');
  });

  test('does not take the answer to another, nor one of somebody else', async () => {
    const [one, other] = [await doorTo('today'), await doorTo('today')];
    const { requestState } = (await greet(one)).result ?? {};
    const more = { requestState, inputResponses };
    expect((await greet(other, more)).error).toMatchObject({ code: -32_602 });
    const elsewhere = await greet(one, { ...more, arguments: { a: 'b' } });
    expect(elsewhere.error).toMatchObject({ code: -32_602, data: { code: 'invalid-request' } });
  });
});
