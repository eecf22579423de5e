import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  definition,
  LOCAL,
  newName,
  newSecret,
  overHttp,
  overStdio,
  PROGRAM,
  SERVERS,
  startServers,
} from './servers.fixture.ts';

let hub: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  hub = await startServers();
});
afterAll(() => hub.core[Symbol.asyncDispose]());

const header = (value: string, name = 'authorization') => ({ name, value });
const one = async (id: string) => (await hub.list()).find((item) => item.id === id);
const openedOne = async (id: string) => (await hub.opened()).servers.find((item) => item.id === id);
const refused = (path: string) => ({ status: 400, body: { code: 'invalid-request', errors: [{ path }] } });

describe('a server', () => {
  test('over HTTP is added with what was left out filled in, and shows of its secrets the names', async () => {
    const secret = newSecret();
    const made = await hub.create({ transport: overHttp({ headers: [header(secret)] }) });
    expect(made).toMatchObject({
      transport: { type: 'http', url: `${LOCAL}/mcp`, headerNames: ['authorization'] },
      ...{ era: 'auto', timeoutMs: 60_000, maxResultBytes: 4_194_304, perPerson: true, active: true },
      ...{ secretsReadable: true, allowed: true },
      tools: { approved: 0, waiting: 0, changed: 0, gone: 0 },
    });
    expect(await one(made.id)).toEqual(made);
    expect(await openedOne(made.id)).toMatchObject({
      ...{ name: made.name, tools: [] },
      transport: { url: `${LOCAL}/mcp`, headers: [header(secret)], mayBeLocal: true },
    });
  });

  test('over stdio has its arguments, its variables and its limits', async () => {
    const secret = newSecret();
    const transport = overStdio({ args: ['--root', '/data; rm -rf /'], env: [header(secret, 'API_TOKEN')] });
    const { id, transport: shown } = await hub.create({ transport });
    const limits = { maxMemoryMb: 512, maxChildren: 8, idleSeconds: 300 };
    const target = { type: 'stdio', command: PROGRAM, args: ['--root', '/data; rm -rf /'], ...limits };
    expect(shown).toEqual({ ...target, envNames: ['API_TOKEN'] });
    expect((await openedOne(id))?.transport).toEqual({ ...target, env: [header(secret, 'API_TOKEN')] });
  });

  test('is changed in what is named alone; its secrets stay with its target', async () => {
    const secret = newSecret();
    const { id, name } = await hub.create({ transport: overHttp({ headers: [header(secret)] }) });
    const off = await hub.change(id, { active: false, timeoutMs: 1000 });
    expect(off).toMatchObject({ status: 200, body: { name, active: false, timeoutMs: 1000 } });
    expect((await hub.change(id, { transport: overHttp() })).status).toBe(200);
    expect(await openedOne(id)).toMatchObject({ active: false, transport: { headers: [header(secret)] } });
    await hub.change(id, { transport: overHttp({ headers: [] }) });
    expect(await openedOne(id)).toMatchObject({ transport: { headers: [] } });
  });

  test.each([
    ['another address', overHttp({ url: `${LOCAL}/elsewhere` }), 'transport.headers'],
    ['a program', overStdio(), 'transport.env'],
  ])('takes its secrets anew with %s', async (_, transport, path) => {
    const { id } = await hub.create({ transport: overHttp({ headers: [header(newSecret())] }) });
    expect(await hub.change(id, { transport })).toMatchObject(refused(path));
    expect((await one(id))?.transport).toMatchObject({ url: `${LOCAL}/mcp` });
  });

  test.each([
    ['other arguments', overStdio({ args: ['--print-env'] })],
    ['another program', overStdio({ command: 'npx' })],
  ])('over stdio takes its variables anew with %s', async (_, transport) => {
    const { id } = await hub.create({ transport: overStdio({ env: [header(newSecret(), 'TOKEN')] }) });
    expect(await hub.change(id, { transport })).toMatchObject(refused('transport.env'));
    expect((await hub.change(id, { transport: overStdio({ idleSeconds: 5 }) })).status).toBe(200);
    expect((await hub.change(id, { transport: { ...transport, env: [] } })).status).toBe(200);
  });

  test('is deleted, once', async () => {
    const { id } = await hub.create();
    expect((await hub.admin.ask('DELETE', `${SERVERS}/${id}`)).status).toBe(204);
    expect(await one(id)).toBeUndefined();
    expect(await openedOne(id)).toBeUndefined();
    for (const answer of [
      await hub.admin.ask('DELETE', `${SERVERS}/${id}`),
      await hub.change(id, { active: true }),
      await hub.admin.ask('GET', `${SERVERS}/${id}/tools`),
      await hub.report(id, { a: 'x' }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  test('has a name of its own, also when two are added at once', async () => {
    const name = newName();
    const body = { name, transport: overHttp() };
    const answers = await Promise.all([1, 2, 3].map(() => hub.admin.ask('POST', SERVERS, body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const { id } = await hub.create();
    expect((await hub.change(id, { name })).body).toMatchObject({ code: 'name-taken' });
  });

  test('that changes is told to every process, and written down without its secrets', async () => {
    hub.core.announced.length = 0;
    const { id, name } = await hub.create({ transport: overHttp({ headers: [header(newSecret())] }) });
    await hub.change(id, { active: false, transport: overHttp({ headers: [header(newSecret(), 'x-key')] }) });
    await hub.admin.ask('DELETE', `${SERVERS}/${id}`);
    await expect.poll(() => hub.core.announced.length).toBeGreaterThanOrEqual(3);
    expect(new Set(hub.core.announced)).toEqual(new Set(['mcp-servers:all']));
    expect(await hub.audited(id)).toMatchObject([
      { action: 'mcp-server.created', actor_id: hub.admin.id, after: { name, secrets: ['authorization'] } },
      {
        action: 'mcp-server.changed',
        before: { active: true },
        after: { active: false, secrets: ['x-key'] },
      },
      { action: 'mcp-server.deleted', before: { name, url: `${LOCAL}/mcp` } },
    ]);
  });
});

describe('secrets', () => {
  test('are in no answer, no audit row, no column and no line of the log', async () => {
    const [secret, other] = [newSecret(), newSecret()];
    const { id } = await hub.create({ transport: overHttp({ headers: [header(secret)] }) });
    await hub.change(id, { transport: overStdio({ env: [header(other, 'TOKEN')] }) });
    const texts = [
      ...[JSON.stringify(await hub.list()), hub.core.log.text()],
      JSON.stringify(await hub.core.sql('SELECT * FROM audit.events')),
      JSON.stringify(await hub.core.sql(`SELECT s::text, encode(secrets, 'escape') FROM core.mcp_servers s`)),
    ];
    for (const text of texts)
      for (const each of [secret, other]) expect(text.includes(each.slice(10))).toBe(false);
  });

  test('are bound to their server: copied to another they do not open', async () => {
    const made = [overHttp({ headers: [header(newSecret())] }), overHttp({ headers: [header(newSecret())] })];
    const [first, second] = await Promise.all(made.map((transport) => hub.create({ transport })));
    await hub.core.sql(
      'UPDATE core.mcp_servers SET secrets = o.secrets FROM core.mcp_servers o WHERE mcp_servers.id = $1 AND o.id = $2',
      [first?.id, second?.id],
    );
    expect(await one(first?.id ?? '')).toMatchObject({ secretsReadable: false });
    expect(await openedOne(first?.id ?? '')).toBeUndefined();
    await hub.change(first?.id ?? '', { transport: overHttp({ headers: [header('anew')] }) });
    expect(await one(first?.id ?? '')).toMatchObject({ secretsReadable: true });
  });
});

describe('an administrator of the hub is none of the machine', () => {
  test.each(['sh', '/bin/sh', '/opt/mcp/server2', 'server', 'node'])(
    '%s is not started, since it is not allowed',
    async (command) => {
      const transport = overStdio({ command });
      const wrong = { status: 422, body: { code: 'mcp-command-refused' } };
      const made = await hub.admin.ask('POST', SERVERS, { name: newName(), transport });
      expect(made).toMatchObject(wrong);
      const { id } = await hub.create();
      expect(await hub.change(id, { transport })).toMatchObject(wrong);
    },
  );

  test('what is allowed no more is kept, and not asked', async () => {
    const { id } = await hub.create({ transport: overStdio() });
    const former = '/opt/mcp/former';
    await hub.core.sql(
      `UPDATE core.mcp_servers SET target = jsonb_set(target, '{command}', to_jsonb($2::text)) WHERE id = $1`,
      [id, former],
    );
    expect(await one(id)).toMatchObject({ allowed: false, transport: { command: former } });
    expect(await openedOne(id)).toBeUndefined();
  });

  test('what is allowed is told', async () => {
    const { body } = await hub.admin.ask('GET', SERVERS);
    expect(body).toMatchObject({ stdioCommands: [PROGRAM, 'npx'] });
  });

  test.each([
    'http://127.0.0.1:1/other-port',
    'http://example.com/plain',
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest',
    'https://localhost/',
  ])('lesson 12: %s is refused when it is saved', async (url) => {
    const wrong = { status: 422, body: { code: 'egress-refused' } };
    const transport = overHttp({ url });
    expect(await hub.admin.ask('POST', SERVERS, { name: newName(), transport })).toMatchObject(wrong);
    const { id } = await hub.create();
    expect(await hub.change(id, { transport })).toMatchObject(wrong);
  });
});

test('what is approved with a server is served as it was shown', async () => {
  const approve = [{ name: 'read', definition: definition('reads') }];
  const { id, name, tools } = await hub.create({ approve });
  expect(tools).toMatchObject({ approved: 1, waiting: 0 });
  expect((await openedOne(id))?.tools).toMatchObject([
    { callName: `${name}__read`, permission: 'tools:use' },
  ]);
  await hub.report(id, { read: 'reads', write: 'writes' });
  expect((await hub.tools(id)).map((tool) => [tool.name, tool.state])).toEqual([
    ['read', 'approved'],
    ['write', 'waiting'],
  ]);
});

test('servers are for those who may configure tools', async () => {
  const { id } = await hub.create();
  const people = [await hub.core.person(['manager']), await hub.core.person()];
  for (const { ask } of people) {
    expect((await ask('GET', SERVERS)).status).toBe(403);
    expect((await ask('POST', SERVERS, { name: newName(), transport: overHttp() })).status).toBe(403);
    expect((await ask('POST', `${SERVERS}/${id}/tools/approve`, { tools: [] })).status).toBe(403);
  }
  const { token } = hub.admin;
  expect((await hub.core.ask('GET', '/internal/mcp-servers', { token })).status).toBe(401);
});
