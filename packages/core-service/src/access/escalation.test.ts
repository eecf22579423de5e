import type { Grants } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshName, startCore } from '../core.fixture.ts';

/** One service for the file; every test has people and roles of its own. */
let core: Awaited<ReturnType<typeof startCore>>;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core[Symbol.asyncDispose]());

type Person = Awaited<ReturnType<typeof core.person>>;

const REFUSED = { status: 403, body: { code: 'forbidden' } };
const member = (role: string, { id }: { id: string }) => `/api/v1/roles/${role}/members/${id}`;

/** Somebody of level 70 who manages and assigns roles, and may see what everybody used. */
const LEAD: Grants = {
  'roles:read': 'any',
  'roles:manage': 'any',
  'roles:assign': 'any',
  'usage:read': 'any',
};
const lead = async () => core.person([await core.role(70, LEAD)]);

describe('whoever manages roles', () => {
  test.each([70, 71, 99])('makes none of level %i from level 70', async (level) => {
    const answer = await (await lead()).ask('POST', '/api/v1/roles', { name: freshName(), level });
    expect(answer).toMatchObject(REFUSED);
  });

  test.each<Grants>([
    { 'settings:update': 'any' },
    { 'users:read': 'any' },
    { 'credits:read': 'team' },
    { 'usage:read': 'any', 'audit:read': 'any' },
  ])('neither makes nor changes a role to grant %j without having it', async (grants) => {
    const person = await lead();
    expect(await person.ask('POST', '/api/v1/roles', { name: freshName(), level: 10, grants })).toMatchObject(
      REFUSED,
    );
    const name = await core.role(10);
    expect(await person.ask('PATCH', `/api/v1/roles/${name}`, { grants })).toMatchObject(REFUSED);
    const rows = await core.sql(
      'SELECT FROM core.role_permissions g JOIN core.roles r ON r.id = g.role_id WHERE r.name = $1',
      [name],
    );
    expect(rows).toEqual([]);
  });

  test('changes and deletes none of the own level or above, the own one least of all', async () => {
    const name = await core.role(70, LEAD);
    const person = await core.person([name]);
    const [peer, higher] = [await core.role(70), await core.role(75)];
    for (const role of [name, peer, higher, 'admin', 'superadmin']) {
      const url = `/api/v1/roles/${role}`;
      expect(await person.ask('PATCH', url, { grants: { 'usage:read': 'any' } })).toMatchObject(REFUSED);
    }
    for (const role of [peer, higher])
      expect(await person.ask('DELETE', `/api/v1/roles/${role}`)).toMatchObject(REFUSED);
  });

  test('lifts no role to the own level', async () => {
    const name = await core.role(10);
    const answer = await (await lead()).ask('PATCH', `/api/v1/roles/${name}`, { level: 70 });
    expect(answer).toMatchObject(REFUSED);
  });
});

describe('whoever assigns roles', () => {
  test.each<[string, number, Grants]>([
    ['a role of the own level', 70, {}],
    ['a role above the own level', 75, {}],
    ['a low role that may more', 10, { 'settings:update': 'any' }],
    ['a low role that reaches further', 10, { 'credits:read': 'any' }],
  ])('does not give %s', async (_what, level, grants) => {
    const [person, other] = [await lead(), await core.person()];
    const role = await core.role(level, grants);
    expect(await person.ask('PUT', member(role, other))).toMatchObject(REFUSED);
    expect(await other.roles()).toEqual(['user']);
  });

  test('does not give or take from somebody of the own level or above', async () => {
    const person = await lead();
    const low = await core.role(10);
    for (const other of [
      await lead(),
      await core.person(['admin', low]),
      await core.person(['superadmin', low]),
    ]) {
      const before = await other.roles();
      expect(await person.ask('PUT', member('guest', other))).toMatchObject(REFUSED);
      expect(await person.ask('DELETE', member('user', other))).toMatchObject(REFUSED);
      expect(await other.roles()).toEqual(before);
    }
  });

  test.each(['superadmin', 'admin'])('never changes their own roles, not even a %s', async (role) => {
    const person = await core.person([role]);
    await core.person(['superadmin']);
    for (const [method, name] of [
      ['PUT', 'superadmin'],
      ['PUT', 'guest'],
      ['DELETE', 'user'],
      ['DELETE', role],
    ] as const)
      expect(await person.ask(method, member(name, person))).toMatchObject(REFUSED);
    expect(await person.roles()).toEqual([role, 'user']);
  });

  test('gives nothing that their key does not hold', async () => {
    const top = await core.person(['superadmin'], {
      grants: { 'roles:assign': 'any', 'roles:manage': 'any' },
    });
    const other = await core.person();
    expect(await top.ask('PUT', member('admin', other))).toMatchObject(REFUSED);
    const role = { name: freshName(), level: 10, grants: { 'usage:read': 'own' } };
    expect(await top.ask('POST', '/api/v1/roles', role)).toMatchObject(REFUSED);
  });

  test('is a superadmin for a superadmin: only the top gives and takes the top', async () => {
    const [top, admin, other] = [
      await core.person(['superadmin']),
      await core.person(['admin']),
      await core.person(),
    ];
    expect(await admin.ask('PUT', member('superadmin', other))).toMatchObject(REFUSED);
    expect((await top.ask('PUT', member('superadmin', other))).status).toBe(204);
    expect(await admin.ask('DELETE', member('superadmin', other))).toMatchObject(REFUSED);
    expect((await top.ask('DELETE', member('superadmin', other))).status).toBe(204);
  });
});

test('a token that still says more than the roles do now opens nothing', async () => {
  const stale = { roles: ['superadmin'], claims: { level: 100 } };
  const grants: Grants = { ...LEAD, 'settings:update': 'any' };
  const [person, other] = [await core.person([], { ...stale, grants }), await core.person()];
  const asks: [Parameters<Person['ask']>[0], string, object?][] = [
    ['POST', '/api/v1/roles', { name: freshName(), level: 1 }],
    ['PATCH', '/api/v1/roles/guest', { grants: {} }],
    ['DELETE', '/api/v1/roles/guest'],
    ['PUT', member('superadmin', other)],
    ['DELETE', member('user', other)],
  ];
  for (const [method, url, body] of asks) expect(await person.ask(method, url, body)).toMatchObject(REFUSED);
});

test.each(['user', 'guest', 'manager'])('a %s sees no roles and changes none', async (role) => {
  const person = await core.person(role === 'user' ? [] : [role]);
  const asks: [Parameters<Person['ask']>[0], string, object?][] = [
    ['GET', '/api/v1/roles'],
    ['GET', '/api/v1/permissions'],
    ['GET', '/api/v1/roles/user/members'],
    ['POST', '/api/v1/roles', { name: freshName(), level: 1 }],
    ['PATCH', '/api/v1/roles/user', {}],
    ['DELETE', '/api/v1/roles/user'],
    ['PUT', member('superadmin', person)],
    ['DELETE', member('user', person)],
  ];
  for (const [method, url, body] of asks) expect(await person.ask(method, url, body)).toMatchObject(REFUSED);
});

describe('the last superadmin', () => {
  const superadmins = () =>
    core.sql(
      `SELECT u.user_id FROM core.user_roles u JOIN core.roles r ON r.id = u.role_id WHERE r.name = 'superadmin'`,
    );

  /** As the owner, past every rule, so that a test starts with the people it knows. */
  const onlyThese = async (...people: Person[]) => {
    await core.sql(
      `DELETE FROM core.user_roles WHERE role_id = (SELECT id FROM core.roles WHERE name = 'superadmin') AND user_id <> ALL($1)`,
      [people.map(({ id }) => id)],
    );
  };

  test('stays, whoever asks', async () => {
    const top = await core.person(['superadmin']);
    await onlyThese(top);
    const answer = await top.ask('DELETE', member('superadmin', top));
    expect(answer).toMatchObject({ status: 409, body: { code: 'last-superadmin' } });
    await expect(superadmins()).resolves.toHaveLength(1);
  });

  test('stays when two take the role from each other at once: exactly one does', async () => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [await core.person(['superadmin']), await core.person(['superadmin'])];
      await onlyThese(one, two);
      const answers = await Promise.all([
        one.ask('DELETE', member('superadmin', two)),
        two.ask('DELETE', member('superadmin', one)),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
      await expect(superadmins()).resolves.toHaveLength(1);
    }
  });
});
