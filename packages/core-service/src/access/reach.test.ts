import { randomUUID } from 'node:crypto';
import { type Permission, type Scope, SCOPES } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
const [actor, member, stranger] = [randomUUID(), randomUUID(), randomUUID()];
const PEOPLE = { actor, member, stranger };
type Who = keyof typeof PEOPLE;

beforeAll(async () => {
  core = await startCore();
  for (const userId of Object.values(PEOPLE)) await core.internal('/accounts', { userId });
});
beforeEach(() => core.teams.clear());
afterAll(() => core[Symbol.asyncDispose]());

/** Every route that is about one person's money, and the permission that it needs. */
const ROUTES: [path: string, permission: Permission][] = [
  ['/api/v1/credits/balance', 'credits:read'],
  ['/api/v1/credits/transactions', 'credits:read'],
  ['/api/v1/usage/logs', 'usage:read'],
  ['/api/v1/usage/summary?by=model', 'usage:read'],
];

const REACHED: Record<Scope, Who[]> = {
  own: ['actor'],
  team: ['actor', 'member'],
  any: ['actor', 'member', 'stranger'],
};

const ask = async (path: string, grants: Partial<Record<Permission, Scope>>, userId?: string) => {
  const token = await core.issuer.token({ userId: actor, grants });
  return core.ask(
    'GET',
    userId === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}userId=${userId}`,
    { token },
  );
};

describe.each(ROUTES)('%s by %s', (path, permission) => {
  test.each(SCOPES)('in scope %s shows whom it reaches, and nobody else exists', async (scope) => {
    core.teams.set(actor, [member]);
    for (const [who, userId] of Object.entries(PEOPLE)) {
      const answer = await ask(path, { [permission]: scope }, userId);
      const isReached = REACHED[scope].some((reached) => reached === who);
      expect([who, answer.status]).toEqual([who, isReached ? 200 : 404]);
      if (!isReached) expect(answer.body).toMatchObject({ code: 'not-found' });
    }
  });

  test.each(SCOPES)('in scope %s is about oneself where nobody is named', async (scope) => {
    expect((await ask(path, { [permission]: scope })).body).toEqual(
      (await ask(path, { [permission]: scope }, actor)).body,
    );
  });

  test('without the permission shows not even one’s own', async () => {
    for (const userId of [undefined, actor, member]) {
      expect(await ask(path, { 'keys:read': 'any' }, userId)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
  });

  test.each(['x', "' OR 1=1 --", '', `${randomUUID()}x`, '%00'])('refuses %j as an id', async (userId) => {
    expect((await ask(path, { [permission]: 'any' }, userId)).status).toBe(400);
  });

  test('takes an id in capital letters for the same person', async () => {
    core.teams.set(actor, [member]);
    for (const userId of [actor, member])
      expect((await ask(path, { [permission]: 'team' }, userId.toUpperCase())).status).toBe(200);
  });

  test('somebody who has left the team is out of reach at the next request', async () => {
    core.teams.set(actor, [member]);
    expect((await ask(path, { [permission]: 'team' }, member)).status).toBe(200);
    core.teams.set(actor, []);
    expect((await ask(path, { [permission]: 'team' }, member)).status).toBe(404);
  });
});

test('what is shown is the money of the person who was asked for', async () => {
  const rich = randomUUID();
  await core.internal('/accounts', { userId: rich });
  const holdId = randomUUID();
  await core.internal('/credits/reserve', {
    items: [{ holdId, userId: rich, minMicro: 0, maxMicro: 400_000 }],
  });
  const { body } = await ask('/api/v1/credits/balance', { 'credits:read': 'any' }, rich);
  expect(body).toMatchObject({ balanceMicro: 1_000_000, heldMicro: 400_000 });
  expect((await ask('/api/v1/credits/balance', { 'credits:read': 'any' })).body).toMatchObject({
    heldMicro: 0,
  });
});

test('roles of many are answered at once, highest first; nobody is invented', async () => {
  const [first, none] = [randomUUID(), randomUUID()];
  await core.internal('/accounts', { userId: first, role: 'superadmin' });
  const { body } = await core.internal('/roles-of', { userIds: [first, none, actor] });
  expect(body['items']).toHaveLength(2);
  expect(body['items']).toContainEqual({ userId: first, roles: ['superadmin', 'user'], level: 100 });
  expect(body['items']).toContainEqual({ userId: actor, roles: ['user'], level: 40 });
  expect((await core.internal('/roles-of', { userIds: [] })).body).toEqual({ items: [] });
  const tooMany = Array.from({ length: 101 }, () => randomUUID());
  expect((await core.internal('/roles-of', { userIds: tooMany })).status).toBe(400);
});
