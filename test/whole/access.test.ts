import { providersContract } from '@smart-ai-hub/shared/contracts';
import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import { PASSWORD, signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';
import type { ServiceProcess } from './service-process.ts';

let database: TestDatabase;
let hub: Processes;
let first: ServiceProcess;
let second: ServiceProcess;
let top: string;

beforeAll(async () => {
  database = await freshDatabase(inject('postgres'));
  hub = await startProcesses({ ...database, redisUrl: inject('redisUrl') }, { lanes: 2 });
  const [one, two] = hub.gateways;
  if (!one || !two) throw new Error('there are no two gateways');
  [first, second] = [one, two];
  top = await setUp(first.url);
}, 60_000);

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const session = z.object({ accessToken: z.string() });

/** Makes the first superadmin, as whoever reads the log can; answers the access token. */
async function setUp(url: string): Promise<string> {
  const token = await vi.waitFor(() => {
    const said = /#token=(setup-[\w-]+)/.exec(hub.auth.noise())?.[1];
    if (said === undefined) throw new Error('it has not said the token yet');
    return said;
  });
  const answer = await fetch(`${url}/api/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, email: 'top@test.example', password: PASSWORD }),
  });
  return session.parse(await answer.json()).accessToken;
}

const status = async ({ url }: ServiceProcess, token: string, path: string) =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status;

/** Changes something as superadmin, by the first gateway. */
async function change(method: string, path: string, body?: object) {
  const answer = await fetch(first.url + path, {
    method,
    headers: {
      authorization: `Bearer ${top}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

/** Within a second of a change that was answered just now: its announcement and its answer race each other. */
async function expectEverywhere(expected: number, token: string, path: string): Promise<void> {
  for (const gateway of [first, second])
    await expect.poll(() => status(gateway, token, path), { timeout: 1_000, interval: 10 }).toBe(expected);
}

test('a role that is given and taken holds at the next request, within a second in every process', async () => {
  const { id, accessToken } = await signUp(second.url);
  for (let round = 0; round < 5; round++) {
    expect(await status(second, accessToken, '/api/v1/roles')).toBe(403);
    await change('PUT', `/api/v1/roles/admin/members/${id}`);
    await expectEverywhere(200, accessToken, '/api/v1/roles');
    await change('DELETE', `/api/v1/roles/admin/members/${id}`);
    await expectEverywhere(403, accessToken, '/api/v1/roles');
  }
});

test('so does a role that is edited or renamed, for everybody who has it', async () => {
  const people = [await signUp(first.url), await signUp(second.url)];
  const role = { name: 'reader', level: 30, grants: { 'roles:read': 'any' } };
  await change('POST', '/api/v1/roles', role);
  for (const { id } of people) await change('PUT', `/api/v1/roles/reader/members/${id}`);
  const expectAll = async (expected: number) => {
    for (const { accessToken } of people) await expectEverywhere(expected, accessToken, '/api/v1/roles');
  };
  await expectAll(200);
  await change('PATCH', '/api/v1/roles/reader', { name: 'nobody', grants: {} });
  await expectAll(403);
  await change('PATCH', '/api/v1/roles/nobody', { grants: role.grants });
  await expectAll(200);
});

test('a key loses with its person what its person loses', async () => {
  const person = await signUp(first.url);
  await change('PUT', `/api/v1/roles/admin/members/${person.id}`);
  const key = await person.makeKey();
  expect(await status(second, key, '/api/v1/permissions')).toBe(200);
  await change('DELETE', `/api/v1/roles/admin/members/${person.id}`);
  await expectEverywhere(403, key, '/api/v1/permissions');
});

test('a provider that is added, and deleted, is so within a second in every process', async () => {
  const read = async ({ url }: ServiceProcess, path: string): Promise<unknown> =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${top}` } })).json();
  const expectModel = async (isThere: boolean) => {
    for (const gateway of [first, second]) {
      const listed = async () => JSON.stringify(await read(gateway, '/v1/models')).includes('gpt-4-added');
      await expect.poll(listed, { timeout: 1_000, interval: 10 }).toBe(isThere);
    }
  };
  await expectModel(false);
  const provider = { name: 'added', baseUrl: 'https://1.1.1.1/v1', models: [{ id: 'gpt-4-added' }] };
  await change('POST', '/api/v1/providers', { ...provider, check: false });
  await expectModel(true);
  const { items } = providersContract.listProviders.success.schema.parse(
    await read(second, '/api/v1/providers'),
  );
  await change('DELETE', `/api/v1/providers/${items[0]?.id ?? ''}`);
  await expectModel(false);
});
