import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshName, SERVICE_TOKEN } from '../core.fixture.ts';
import { definition, startServers } from './servers.fixture.ts';

let hub: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  hub = await startServers();
});
afterAll(() => hub.core[Symbol.asyncDispose]());

const states = async (id: string) =>
  Object.fromEntries((await hub.tools(id)).map(({ name, state }) => [name, state]));
/** Approves what is there now. */
const approveAll = async (id: string) => {
  const shown = (await hub.tools(id)).map(({ name, hash }) => ({ name, hash }));
  expect((await hub.approve(id, shown)).status).toBe(200);
};
const served = async (id: string) =>
  (await hub.opened()).servers.find((server) => server.id === id)?.tools ?? [];
const namesServed = async (id: string) => (await served(id)).map(({ name }) => name);

describe('a tool', () => {
  test('that is seen waits, and is served once it is approved', async () => {
    const { id, name } = await hub.create();
    await hub.report(id, { read: 'reads', write: 'writes' });
    expect(await states(id)).toEqual({ read: 'waiting', write: 'waiting' });
    expect(await served(id)).toEqual([]);
    const [read] = await hub.tools(id);
    const answer = await hub.approve(id, [{ name: 'read', hash: read?.hash }]);
    expect(answer).toMatchObject({
      status: 200,
      body: { items: [{ state: 'approved' }, { state: 'waiting' }] },
    });
    expect(await served(id)).toMatchObject([
      { name: 'read', callName: `${name}__read`, definition: definition('reads'), hash: read?.hash },
    ]);
  });

  test('that changes waits for its approval, and shows what was approved', async () => {
    const { id } = await hub.create();
    await hub.report(id, { read: 'reads' });
    await approveAll(id);
    await hub.report(id, { read: 'reads, and sends it away' });
    expect(await hub.tools(id)).toMatchObject([
      {
        state: 'changed',
        definition: definition('reads, and sends it away'),
        approvedDefinition: definition('reads'),
      },
    ]);
    expect(await served(id)).toEqual([]);
    await hub.report(id, { read: 'reads' });
    expect(await states(id)).toEqual({ read: 'approved' });
    await hub.report(id, { read: 'other' });
    await approveAll(id);
    expect(await served(id)).toMatchObject([{ definition: definition('other') }]);
  });

  test('is approved as it was shown, or not at all', async () => {
    const { id } = await hub.create();
    await hub.report(id, { a: 'one', b: 'two' });
    const [a, b] = await hub.tools(id);
    await hub.report(id, { a: 'one', b: 'three' });
    const shown = [a, b].map((tool) => ({ name: tool?.name, hash: tool?.hash }));
    expect(await hub.approve(id, shown)).toMatchObject({
      status: 409,
      body: { code: 'mcp-tool-changed', detail: 'b' },
    });
    expect(await states(id)).toEqual({ a: 'waiting', b: 'waiting' });
    const unknown = await hub.approve(id, [{ name: 'c', hash: a?.hash }]);
    expect(unknown.body).toMatchObject({ code: 'not-found', detail: 'c' });
  });

  test('is the same whatever the order of its members', async () => {
    const { id } = await hub.create();
    await hub.report(id, { read: 'reads' });
    await approveAll(id);
    const { inputSchema, ...words } = definition('reads');
    const turned = { inputSchema: { properties: { b: {}, a: {} }, type: inputSchema.type }, ...words };
    const reported = await hub.core.ask('PUT', `/internal/mcp-servers/${id}/tools`, {
      ...{ token: SERVICE_TOKEN, body: { tools: [{ name: 'read', definition: turned }] } },
    });
    expect(reported.body).toMatchObject({ items: [{ state: 'approved' }] });
  });

  test('that its server has no more is gone, and comes back as it was approved', async () => {
    const { id } = await hub.create();
    await hub.report(id, { kept: 'x', gone: 'x', never: 'x' });
    const shown = (await hub.tools(id)).filter(({ name }) => name !== 'never');
    await hub.approve(
      id,
      shown.map(({ name, hash }) => ({ name, hash })),
    );
    await hub.changeTools(id, { names: ['gone'], confirm: true });
    await hub.report(id, { kept: 'x' });
    expect(await states(id)).toEqual({ kept: 'approved', gone: 'gone' }); // who was never approved is forgotten
    expect(await namesServed(id)).toEqual(['kept']);
    expect((await hub.approve(id, [{ name: 'gone', hash: shown[0]?.hash }])).status).toBe(404);
    await hub.report(id, { kept: 'x', gone: 'x' });
    expect(await served(id)).toMatchObject([{ name: 'gone', confirm: true }, { name: 'kept' }]);
  });

  test('whose approval is taken back is served no more', async () => {
    const { id } = await hub.create();
    await hub.report(id, { a: 'x', b: 'x' });
    await approveAll(id);
    expect((await hub.changeTools(id, { names: ['a'], approved: false })).status).toBe(200);
    expect(await states(id)).toEqual({ a: 'waiting', b: 'approved' });
    expect(await namesServed(id)).toEqual(['b']);
  });

  test('keeps every character of its definition', async () => {
    const { id } = await hub.create();
    const strange = 'zero \u0000, half \ud800, a line\nand "quotes"';
    await hub.report(id, { read: strange });
    await approveAll(id);
    expect(await served(id)).toMatchObject([{ definition: { description: strange } }]);
  });

  test('costs what the prices say', async () => {
    const { id, name } = await hub.create();
    await hub.report(id, { cheap: 'x', dear: 'x' });
    await hub.admin.ask('POST', '/api/v1/prices', { model: `tool:${name}__dear`, unitMicro: 5_000_000 });
    expect((await hub.tools(id)).map((tool) => tool.priceMicro)).toEqual([100_000, 5_000_000]);
  });
});

describe('who may use a tool', () => {
  test('is chosen for several at once, and changed in what is named alone', async () => {
    const { id } = await hub.create();
    await hub.report(id, { a: 'x', b: 'x', c: 'x' });
    await approveAll(id);
    const role = await hub.core.role(30);
    const rules = { permission: 'users:read', openToGuests: true, roles: [role], confirmAboveMicro: 10 };
    const answer = await hub.changeTools(id, { names: ['a', 'b'], ...rules });
    expect(answer.body).toMatchObject({ items: [rules, rules, { permission: 'tools:use', roles: null }] });
    await hub.changeTools(id, { names: ['a'], confirm: true, confirmAboveMicro: null });
    expect(await served(id)).toMatchObject([
      { ...rules, confirm: true, confirmAboveMicro: null },
      { ...rules, confirm: false },
      { openToGuests: false, confirmAboveMicro: null },
    ]);
    await hub.changeTools(id, { names: ['a'], roles: null });
    expect((await served(id))[0]?.roles).toBeNull();
  });

  test('follows the name of a role, and is nobody when the role is gone', async () => {
    const { id } = await hub.create();
    await hub.report(id, { a: 'x' });
    await approveAll(id);
    const [role, next] = [await hub.core.role(30), freshName()];
    await hub.changeTools(id, { names: ['a'], roles: [role] });
    await hub.core.sql('UPDATE core.roles SET name = $2 WHERE name = $1', [role, next]);
    expect(await served(id)).toMatchObject([{ roles: [next] }]);
    await hub.core.sql('DELETE FROM core.roles WHERE name = $1', [next]);
    expect(await served(id)).toMatchObject([{ roles: [] }]);
  });

  test.each<[string, object, number]>([
    ['a role that there is not', { roles: ['nobody'] }, 400],
    ['no role at all', { roles: [] }, 400],
    ['a role twice', { roles: ['user', 'user'] }, 400],
    ['no permission of the hub', { permission: 'tools:own' }, 400],
    ['half a micro-credit', { confirmAboveMicro: 0.5 }, 400],
    ['less than nothing', { confirmAboveMicro: -1 }, 400],
    ['an approval without a look', { approved: true }, 400],
    ['another field', { hash: 'x' }, 400],
    ['a tool that there is not', { names: ['a', 'z'] }, 404],
    ['a tool twice', { names: ['a', 'a'] }, 400],
    ['no tool', { names: [] }, 400],
  ])('is not made of %s', async (_, wrong, status) => {
    const { id } = await hub.create();
    await hub.report(id, { a: 'x' });
    const [before] = await hub.tools(id);
    expect((await hub.changeTools(id, { names: ['a'], confirm: true, ...wrong })).status).toBe(status);
    expect((await hub.tools(id))[0]).toEqual(before);
  });
});

test('what happens to tools is told and written down; what is as it was is not', async () => {
  const { id } = await hub.create();
  await hub.report(id, { a: 'x' });
  await approveAll(id);
  // jobs tell it once more
  const jobs = () => hub.core.sql("SELECT FROM core_jobs.jobs WHERE task_identifier = 'announce'");
  await expect.poll(jobs, { timeout: 10_000 }).toEqual([]);
  hub.core.announced.length = 0;
  await hub.report(id, { a: 'x' });
  expect(hub.core.announced).toEqual([]);
  await hub.report(id, { a: 'y', b: 'x' });
  await hub.report(id, {});
  await expect.poll(() => hub.core.announced.length).toBeGreaterThanOrEqual(2);
  const [, ...entries] = await hub.audited(id);
  expect(entries).toMatchObject([
    { action: 'mcp-server.tools-seen', actor_id: null, after: { new: ['a'], changed: [], gone: [] } },
    { action: 'mcp-server.tools-approved', actor_id: hub.admin.id },
    { action: 'mcp-server.tools-seen', after: { new: ['b'], changed: ['a'], gone: [] } },
    { action: 'mcp-server.tools-seen', after: { new: [], changed: [], gone: ['a', 'b'] } },
  ]);
});

test('what two say at once of one server is one of both, whole', async () => {
  const { id } = await hub.create();
  const [one, other] = [
    { a: 'x', b: 'x' },
    { b: 'y', c: 'y' },
  ];
  const wishes = [one, other, one, other, other, one];
  const answers = await Promise.all(wishes.map((seen) => hub.report(id, seen)));
  expect(answers.map(({ status }) => status)).toEqual(wishes.map(() => 200));
  const now = (await hub.tools(id)).map(({ name, definition: { description } }) => [name, description]);
  expect([one, other]).toContainEqual(Object.fromEntries(now));
});
