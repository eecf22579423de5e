import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core[Symbol.asyncDispose]());

type Person = Awaited<ReturnType<typeof core.person>>;

const check = (person: Person, ...checks: object[]) => person.ask('POST', '/api/v1/access/check', { checks });

describe('may I', () => {
  test('is answered by what the credential lets somebody do, in the order of the questions', async () => {
    const person = await core.person(['manager']);
    const asked = ['credits:read', 'roles:manage', 'services:use'].map((permission) => ({ permission }));
    const { status, body } = await check(person, ...asked);
    expect(status).toBe(200);
    expect(body['items']).toEqual([
      { permission: 'credits:read', userId: person.id, allowed: true, scope: 'team' },
      { permission: 'roles:manage', userId: person.id, allowed: false, scope: null },
      { permission: 'services:use', userId: person.id, allowed: true, scope: 'any' },
    ]);
  });

  test('is no for what a narrowed key was not given, though its person may', async () => {
    const person = await core.person(['superadmin'], {
      grants: { 'usage:read': 'own' },
      keyId: randomUUID(),
    });
    const { body } = await check(person, { permission: 'roles:manage' }, { permission: 'usage:read' });
    expect(body['items']).toMatchObject([{ allowed: false }, { allowed: true, scope: 'own' }]);
  });
});

describe('may somebody else', () => {
  test('is answered as their roles are now', async () => {
    const [admin, other] = [await core.person(['admin']), await core.person(['guest'])];
    const questions = [
      { permission: 'usage:read', userId: other.id },
      { permission: 'audit:read', userId: other.id },
      { permission: 'usage:read', userId: randomUUID() },
    ];
    const before = await check(admin, ...questions);
    expect(before.body['items']).toMatchObject([{ scope: 'own' }, { scope: null }, { allowed: false }]);
    const top = await core.person(['superadmin']);
    await top.ask('PUT', `/api/v1/roles/admin/members/${other.id}`);
    const after = await check(admin, ...questions);
    expect(after.body['items']).toMatchObject([{ scope: 'any' }, { scope: 'any' }, { allowed: false }]);
  });

  test('is asked only by who may read everybody', async () => {
    const other = await core.person();
    for (const roles of [[], ['guest'], ['manager']]) {
      const answer = await check(await core.person(roles), { permission: 'usage:read', userId: other.id });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });
});

test.each<object>([
  {},
  { checks: [] },
  { checks: [{ permission: 'users:fly' }] },
  { checks: [{ permission: 'usage:read', userId: 'me' }] },
  { checks: [{ permission: 'usage:read', scope: 'any' }] },
  { checks: Array.from({ length: 101 }, () => ({ permission: 'usage:read' })) },
])('%j is refused', async (body) => {
  const answer = await (await core.person()).ask('POST', '/api/v1/access/check', body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

test('99 of 100 checks of a hundred people are answered far under 50 ms', async () => {
  const admin = await core.person(['admin']);
  const people = await Promise.all(Array.from({ length: 100 }, () => core.person()));
  const checks = people.map(({ id: userId }) => ({ permission: 'usage:read', userId }));
  const took: number[] = [];
  for (let round = 0; round < 100; round++) {
    const begun = performance.now();
    expect((await check(admin, ...checks)).status).toBe(200);
    took.push(performance.now() - begun);
  }
  expect(took.sort((a, b) => a - b)[98]).toBeLessThan(50);
});
