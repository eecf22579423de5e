import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore } from './core.fixture.ts';

/** One service for the file; every test has people of its own. */
let core: Awaited<ReturnType<typeof startCore>>;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core[Symbol.asyncDispose]());

test('a person sees the own balance, ledger and usage, and nobody else’s', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  expect((await core.internal('/accounts', { userId: mine })).body).toMatchObject({
    roles: ['user'],
    level: 40,
  });
  await core.internal('/accounts', { userId: other });
  const token = await core.issuer.token({ userId: mine });
  expect((await core.ask('GET', '/api/v1/credits/balance', { token })).body).toEqual({
    balanceMicro: 1_000_000,
    heldMicro: 0,
    availableMicro: 1_000_000,
  });
  const ledger = await core.ask('GET', '/api/v1/credits/transactions', { token });
  expect(ledger.body['items']).toMatchObject([{ reason: 'signup', amountMicro: 1_000_000 }]);
});

test('who has no account yet is told so', async () => {
  const answer = await core.ask('GET', '/api/v1/credits/balance', { token: await core.issuer.token() });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
});

test('ledger and usage come in pages that neither repeat nor skip a row', async () => {
  const userId = randomUUID();
  await core.internal('/accounts', { userId });
  for (let round = 0; round < 3; round++) await chargeTen(userId);
  const token = await core.issuer.token({ userId });
  for (const [path, total] of [
    ['/api/v1/usage/logs', 30],
    ['/api/v1/credits/transactions', 31],
  ] as const) {
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page: Record<string, unknown> = (await core.ask('GET', `${path}?limit=7${cursor}`, { token }))
        .body;
      seen.push(
        ...(Array.isArray(page['items']) ? page['items'] : []).map((item: { id: string }) => item.id),
      );
      cursor = typeof page['nextCursor'] === 'string' ? `&cursor=${page['nextCursor']}` : '';
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(total);
    expect(seen).toHaveLength(total);
  }
});

async function chargeTen(userId: string) {
  const ids = Array.from({ length: 10 }, () => randomUUID());
  await core.internal('/credits/reserve', {
    items: ids.map((holdId) => ({ holdId, userId, minMicro: 10, maxMicro: 10 })),
  });
  const usage = {
    keyId: null,
    requestId: 'request-1',
    service: 'chat',
    model: 'm',
    priceId: randomUUID(),
    promptTokens: 1,
    completionTokens: 1,
  };
  const rest = { chargeMicro: 10, tokenSource: 'reported', status: 'ok', latencyMs: 1 };
  await core.internal('/credits/settle', {
    items: ids.map((holdId) => ({ holdId, userId, ...usage, ...rest })),
  });
}

test.each(['x', 'bm90LWEtbnVtYmVy', 'MSBPUiAxPTE'])('a forged cursor %s is refused', async (cursor) => {
  const token = await core.issuer.token();
  for (const path of ['/api/v1/credits/transactions', '/api/v1/usage/logs']) {
    const answer = await core.ask('GET', `${path}?cursor=${cursor}`, { token });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  }
});

test('a cursor of another person shows the own rows only', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  for (const userId of [mine, other]) {
    await core.internal('/accounts', { userId });
    await chargeTen(userId);
  }
  const page = await core.ask('GET', '/api/v1/usage/logs?limit=3', {
    token: await core.issuer.token({ userId: other }),
  });
  const token = await core.issuer.token({ userId: mine });
  const own = await core.ask(
    'GET',
    `/api/v1/usage/logs?limit=100&cursor=${String(page.body['nextCursor'])}`,
    { token },
  );
  const all = await core.ask('GET', '/api/v1/usage/logs?limit=100', { token });
  expect(all.body['items']).toEqual(expect.arrayContaining(own.body['items'] as unknown[]));
});

test('only a role that may read settings sees the reconcile report', async () => {
  const as = async (roles: string[]) =>
    core.ask('GET', '/api/v1/credits/reconcile', { token: await core.issuer.token({ roles }) });
  expect((await as(['user'])).status).toBe(403);
  expect(await as(['superadmin'])).toMatchObject({ status: 200, body: { mismatches: [] } });
});

test('internal routes want the service token, and no person’s', async () => {
  const body = { userId: randomUUID() };
  for (const token of [undefined, 'wrong', await core.issuer.token({ roles: ['superadmin'] })]) {
    const answer = await core.ask('POST', '/internal/accounts', {
      body,
      ...(token !== undefined && { token }),
    });
    expect(answer.status).toBe(401);
  }
});

test('the first superadmin gets the role with the account, and nobody gets it later by asking again', async () => {
  const [first, other] = [randomUUID(), randomUUID()];
  const open = (userId: string, role?: string) =>
    core.internal('/accounts', { userId, ...(role && { role }) });
  expect((await open(first, 'superadmin')).body).toMatchObject({ roles: ['superadmin', 'user'], level: 100 });
  expect((await open(other)).body).toMatchObject({ roles: ['user'], level: 40 });
  expect((await open(other, 'superadmin')).body).toMatchObject({ roles: ['user'], level: 40 });
  expect((await open(randomUUID(), 'admin')).status).toBe(400);
});

test('access is what the roles give now, the widest of each, and nothing for nobody', async () => {
  const userId = randomUUID();
  const access = async (id: string) => (await core.internal('/access', { userId: id })).body;
  expect(await access(userId)).toEqual({ roles: [], level: 0, grants: {} });
  await core.internal('/accounts', { userId, role: 'superadmin' });
  expect(await access(userId)).toMatchObject({ grants: { 'roles:manage': 'any', 'keys:read': 'any' } });
});

test('prices in force are listed once a model, with the newest that has begun', async () => {
  const { body } = await core.ask('GET', '/api/v1/prices', { token: await core.issuer.token() });
  const items = body['items'];
  expect(items).toContainEqual(
    expect.objectContaining({ model: 'gpt-4*', inputMicroPerMillion: 10_000_000_000 }),
  );
  expect(items).toContainEqual(
    expect.objectContaining({ model: 'text-embedding*', inputMicroPerMillion: 100_000_000 }),
  );
});

test.each([
  { chargeMicro: -1 },
  { chargeMicro: 1.5 },
  { chargeMicro: 2 ** 53 },
  { chargeMicro: '1' },
  { holdId: 'x' },
])('a settlement with %o is refused whole', async (wrong) => {
  const good = {
    holdId: randomUUID(),
    userId: randomUUID(),
    keyId: null,
    requestId: 'request-1',
    service: 'chat',
    model: 'm',
    priceId: randomUUID(),
  };
  const rest = {
    promptTokens: 1,
    completionTokens: 1,
    chargeMicro: 1,
    tokenSource: 'reported',
    status: 'ok',
    latencyMs: 1,
  };
  const answer = await core.internal('/credits/settle', {
    items: [
      { ...good, ...rest },
      { ...good, ...rest, ...wrong },
    ],
  });
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

test('holds whose time is over are ended by a job, and others stay', async () => {
  await using hasty = await startCore({ HOLD_SECONDS: '5' });
  const userId = randomUUID();
  await hasty.internal('/accounts', { userId });
  await hasty.internal('/credits/reserve', {
    items: [{ holdId: randomUUID(), userId, minMicro: 10, maxMicro: 10 }],
  });
  const token = await hasty.issuer.token({ userId });
  const held = async () => (await hasty.ask('GET', '/api/v1/credits/balance', { token })).body['heldMicro'];
  const sweep = () => hasty.sql("SELECT core_jobs.add_job('expire-holds')");
  const swept = async () =>
    (await hasty.sql("SELECT 1 FROM core_jobs.jobs WHERE task_identifier = 'expire-holds'")).length;
  await sweep();
  await expect.poll(swept).toBe(0);
  expect(await held()).toBe(10);
  await hasty.sql("UPDATE core.credit_holds SET expires_at = now() - interval '1 s'");
  await sweep();
  await expect.poll(held).toBe(0);
});
