import { openDatabase } from '@smart-ai-hub/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

/** Both services, the gateway and one database: what a role of each scope shows, through every door. */
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform(inject('postgres'), NO_LIMITS);
});
afterAll(() => platform[Symbol.asyncDispose]());

async function asOwner(sql: string, values: unknown[]) {
  const { pool, close } = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  await pool.query(sql, values);
  await close();
}

/** A new person with this role too, from their first request on. */
async function withRole(role: string): Promise<Person> {
  const person = await signUp(platform.url);
  await asOwner(
    'INSERT INTO core.user_roles (user_id, role_id) SELECT $1, id FROM core.roles WHERE name = $2 ON CONFLICT DO NOTHING',
    [person.id, role],
  );
  return person;
}

const ask = async (person: Person, method: string, path: string, body?: object) => {
  const answer = await fetch(platform.url + path, {
    method,
    headers: {
      authorization: `Bearer ${person.accessToken}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: z.looseObject({}).parse(JSON.parse(text || '{}')) };
};

/** Everything that says something about one person. */
const DOORS = (userId: string) => [
  `/api/v1/users/${userId}`,
  `/api/v1/credits/balance?userId=${userId}`,
  `/api/v1/credits/transactions?userId=${userId}`,
  `/api/v1/usage/logs?userId=${userId}`,
];

const seesBy = async (actor: Person, userId: string) =>
  Promise.all(DOORS(userId).map(async (path) => (await ask(actor, 'GET', path)).status));
const OPEN = DOORS('').map(() => 200);
const SHUT = DOORS('').map(() => 404);

async function newTeam(admin: Person, name: string, manager: Person, member: Person): Promise<string> {
  const made = await ask(admin, 'POST', '/api/v1/teams', { name, managerId: manager.id });
  expect(made.status).toBe(201);
  const path = `/api/v1/teams/${String(made.body['id'])}/members/${member.id}`;
  expect((await ask(admin, 'PUT', path)).status).toBe(204);
  return path;
}

describe('through the gateway', () => {
  test.each([
    ['user', 'own', [true, false, false]],
    ['manager', 'team', [true, true, false]],
    ['admin', 'any', [true, true, true]],
  ])('a %s sees by scope %s the same people in every service', async (role, _, expected) => {
    const [admin, actor, member, stranger] = [
      await withRole('admin'),
      await withRole(role),
      await signUp(platform.url),
      await signUp(platform.url),
    ];
    await newTeam(admin, `of ${actor.id}`, actor, member);
    for (const [index, { id }] of [actor, member, stranger].entries()) {
      expect([index, await seesBy(actor, id)]).toEqual([index, expected[index] ? OPEN : SHUT]);
    }
  });

  test('somebody who leaves a team is out of its manager’s sight at the next request, everywhere', async () => {
    const [admin, manager, member] = [
      await withRole('admin'),
      await withRole('manager'),
      await signUp(platform.url),
    ];
    const path = await newTeam(admin, `left ${manager.id}`, manager, member);
    expect(await seesBy(manager, member.id)).toEqual(OPEN);
    expect((await ask(admin, 'DELETE', path)).status).toBe(204);
    expect(await seesBy(manager, member.id)).toEqual(SHUT);
  });

  test('somebody who is disabled or deleted is out at the next request; roles are shown as core has them', async () => {
    const [admin, person] = [await withRole('admin'), await withRole('manager')];
    const key = await person.makeKey();
    const path = `/api/v1/users/${person.id}`;
    expect((await ask(admin, 'GET', path)).body).toMatchObject({ roles: ['manager', 'user'] });
    expect((await ask(person, 'GET', '/api/v1/auth/me')).body).toMatchObject({
      grants: { 'users:read': 'team', 'users:update': 'own' },
    });
    expect((await ask(admin, 'PATCH', path, { disabled: true })).status).toBe(200);
    expect((await ask(person, 'GET', '/api/v1/auth/me')).status).toBe(401);
    expect((await ask({ ...person, accessToken: key }, 'GET', '/api/v1/auth/me')).status).toBe(401);
    await ask(admin, 'PATCH', path, { disabled: false });
    expect((await ask({ ...person, accessToken: key }, 'GET', '/api/v1/auth/me')).status).toBe(200);
    expect((await ask(admin, 'DELETE', path)).status).toBe(204);
    expect((await ask({ ...person, accessToken: key }, 'GET', '/api/v1/auth/me')).status).toBe(401);
  });

  test('an account that an administrator makes has its credits from the start', async () => {
    const admin = await withRole('admin');
    const email = `made-${admin.id}@test.example`;
    const made = await ask(admin, 'POST', '/api/v1/users', { email });
    expect(made).toMatchObject({ status: 201, body: { email, roles: ['user'] } });
    const balance = await ask(admin, 'GET', `/api/v1/credits/balance?userId=${String(made.body['id'])}`);
    expect(balance.body).toMatchObject({ balanceMicro: 1_000_000 });
  });

  test('nobody from outside asks the services’ own questions', async () => {
    const admin = await withRole('superadmin');
    for (const path of ['/internal/reach', '/internal/roles-of']) {
      expect((await ask(admin, 'POST', path, { userId: admin.id, userIds: [admin.id] })).status).toBe(404);
    }
  });
});
