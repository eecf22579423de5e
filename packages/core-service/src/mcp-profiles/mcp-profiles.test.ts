import { mcpProfilesContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, SERVERS, startServers } from '../mcp-servers/servers.fixture.ts';

const PROFILES = '/api/v1/mcp-profiles';

let hub: Awaited<ReturnType<typeof startServers>>;
let server: Awaited<ReturnType<typeof hub.create>>;
beforeAll(async () => {
  hub = await startServers();
  server = await hub.create();
  await hub.report(server.id, { read: 'reads', write: 'writes' });
});
afterAll(() => hub.core[Symbol.asyncDispose]());

const make = (more: object = {}) => hub.admin.ask('POST', PROFILES, { name: newName(), tools: [], ...more });
const made = async (more: object = {}) => {
  const answer = await make(more);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return mcpProfilesContract.createMcpProfile.success.schema.parse(answer.body);
};
const change = (id: string, body: object) => hub.admin.ask('PATCH', `${PROFILES}/${id}`, body);
const opened = async (id: string) => (await hub.opened()).profiles.find((profile) => profile.id === id);

test('a profile is chosen tools in their order, by names of its own', async () => {
  const tools = [
    { server: server.name, tool: 'write', as: 'note' },
    { server: server.name, tool: 'read' },
  ];
  const profile = await made({ title: 'Notes', tools });
  expect(profile).toMatchObject({ title: 'Notes', tools });
  expect((await hub.admin.ask('GET', PROFILES)).body).toEqual({ items: [profile] });
  expect(await opened(profile.id)).toEqual({
    ...{ id: profile.id, name: profile.name, title: 'Notes' },
    tools: [
      { serverId: server.id, tool: 'write', name: 'note' },
      { serverId: server.id, tool: 'read', name: 'read' },
    ],
    contentServerId: null,
  });
  const fewer = await change(profile.id, { tools: [{ server: server.name, tool: 'read', as: 'note' }] });
  expect(fewer.body).toMatchObject({ title: 'Notes', tools: [{ tool: 'read', as: 'note' }] });
  expect((await change(profile.id, { title: 'Other' })).body).toMatchObject({ tools: [{ tool: 'read' }] });
});

test('a profile has the prompts and resources of one server, while there is one', async () => {
  const other = await hub.create();
  const profile = await made({ contentOf: other.name });
  expect(profile.contentOf).toBe(other.name);
  expect(await opened(profile.id)).toMatchObject({ contentServerId: other.id });
  expect((await change(profile.id, { title: 'Other' })).body).toMatchObject({ contentOf: other.name });
  expect((await change(profile.id, { contentOf: server.name })).body).toMatchObject({
    contentOf: server.name,
  });
  expect((await change(profile.id, { contentOf: null })).body).toMatchObject({ contentOf: null });
  await change(profile.id, { contentOf: other.name });
  await hub.admin.ask('DELETE', `${SERVERS}/${other.id}`);
  expect(await opened(profile.id)).toMatchObject({ contentServerId: null });
  expect(await hub.audited(profile.id)).toMatchObject([
    { after: { contentOf: other.name } },
    { after: { title: 'Other' } },
    { before: { contentOf: other.name }, after: { contentOf: server.name } },
    { after: { contentOf: null } },
    { after: { contentOf: other.name } },
  ]);
});

test('a profile follows the name of its server, and loses what a server takes along', async () => {
  const other = await hub.create();
  await hub.report(other.id, { read: 'reads' });
  const profile = await made({
    tools: [
      { server: other.name, tool: 'read', as: 'theirs' },
      { server: server.name, tool: 'read' },
    ],
  });
  const name = newName();
  await hub.change(other.id, { name });
  const shown = async () => {
    const { body } = await hub.admin.ask('GET', PROFILES);
    const { items } = mcpProfilesContract.listMcpProfiles.success.schema.parse(body);
    return items.find(({ id }) => id === profile.id)?.tools.map((tool) => tool.server);
  };
  expect(await shown()).toEqual([name, server.name]);
  await hub.admin.ask('DELETE', `${SERVERS}/${other.id}`);
  expect(await shown()).toEqual([server.name]);
});

test('a profile is told, written down, and deleted once', async () => {
  hub.core.announced.length = 0;
  const { id, name } = await made({ tools: [{ server: server.name, tool: 'read' }] });
  await change(id, { tools: [] });
  expect((await hub.admin.ask('DELETE', `${PROFILES}/${id}`)).status).toBe(204);
  expect((await hub.admin.ask('DELETE', `${PROFILES}/${id}`)).status).toBe(404);
  expect((await change(id, { title: 'x' })).status).toBe(404);
  expect(await opened(id)).toBeUndefined();
  await expect.poll(() => hub.core.announced.length).toBeGreaterThanOrEqual(3);
  expect(await hub.audited(id)).toMatchObject([
    { action: 'mcp-profile.created', after: { name, tools: [`read = ${server.name}__read`] } },
    { action: 'mcp-profile.changed', after: { tools: [] } },
    { action: 'mcp-profile.deleted', before: { name } },
  ]);
});

test('a profile has a name of its own', async () => {
  const [one, other] = [await made(), await made()];
  expect((await make({ name: one.name })).body).toMatchObject({ code: 'name-taken' });
  expect((await change(other.id, { name: one.name })).body).toMatchObject({ code: 'name-taken' });
});

test.each<[string, () => object]>([
  ['the name of the hub', () => ({ name: 'hub' })],
  ['a name with a slash', () => ({ name: 'a/b' })],
  ['a title of two lines', () => ({ title: 'a\nb' })],
  ['a server that there is not', () => ({ tools: [{ server: 'nowhere', tool: 'read' }] })],
  ['a tool that there is not', () => ({ tools: [{ server: server.name, tool: 'none' }] })],
  ['the content of a server that there is not', () => ({ contentOf: 'nowhere' })],
  ['a tool with a blank', () => ({ tools: [{ server: server.name, tool: 'read', as: 'a b' }] })],
  [
    'two tools of one name',
    () => ({
      tools: [
        { server: server.name, tool: 'read' },
        { server: server.name, tool: 'write', as: 'read' },
      ],
    }),
  ],
])('no profile is made of %s', async (_, wrong) => {
  expect(await make(wrong())).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

test('profiles are for those who may configure tools', async () => {
  const person = await hub.core.person();
  expect((await person.ask('GET', PROFILES)).status).toBe(403);
  expect((await person.ask('POST', PROFILES, { name: newName(), tools: [] })).status).toBe(403);
});
