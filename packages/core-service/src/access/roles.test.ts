import { randomUUID } from 'node:crypto';
import { PERMISSIONS, scopesOf } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshName, startCore } from '../core.fixture.ts';

/** One service for the file; every test has people and roles of its own. */
let core: Awaited<ReturnType<typeof startCore>>;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core[Symbol.asyncDispose]());

const roleOf = async (name: string) => {
  const { ask } = await core.person(['superadmin']);
  const { body } = await ask('GET', '/api/v1/roles');
  const items = Array.isArray(body['items']) ? body['items'] : [];
  return items.find((item: { name: string }) => item.name === name) as Record<string, unknown> | undefined;
};

const lastEvent = async (targetId: string) =>
  (await core.sql('SELECT * FROM audit.events WHERE target_id = $1 ORDER BY id DESC LIMIT 1', [targetId]))[0];

describe('the catalogue', () => {
  test('names every permission with its resource, action and scopes', async () => {
    const { ask } = await core.person(['admin']);
    const { status, body } = await ask('GET', '/api/v1/permissions');
    expect(status).toBe(200);
    expect(body['items']).toHaveLength(PERMISSIONS.length);
    expect(body['items']).toContainEqual({
      ...{ name: 'credits:adjust', resource: 'credits', action: 'adjust' },
      scopes: scopesOf('credits:adjust'),
    });
  });

  test('roles are listed highest first, with what they grant and how many have them', async () => {
    await core.person(['manager']);
    const { ask } = await core.person(['admin']);
    const { body } = await ask('GET', '/api/v1/roles');
    const items = body['items'] as { name: string; level: number; members: number }[];
    expect(items.map(({ level }) => level)).toEqual(items.map(({ level }) => level).sort((a, b) => b - a));
    expect(items[0]).toMatchObject({ name: 'superadmin', level: 100, system: true });
    expect(items.find(({ name }) => name === 'manager')).toMatchObject({
      grants: { 'credits:adjust': 'team', 'keys:manage': 'own' },
      members: 1,
    });
  });
});

describe('a role', () => {
  test('is made below the own level, of what the maker may do, and remembered', async () => {
    const top = await core.person(['superadmin']);
    const name = freshName();
    const role = { name, level: 50, description: 'ฝ่ายการเงิน', grants: { 'credits:read': 'team' } };
    const made = await top.ask('POST', '/api/v1/roles', role);
    expect(made).toEqual({ status: 201, body: { ...role, system: false, members: 0 } });
    expect(await lastEvent(name)).toMatchObject({
      ...{ action: 'role.created', actor_id: top.id, address: '127.0.0.1' },
      after: { level: 50, description: 'ฝ่ายการเงิน', grants: ['credits:read team'] },
    });
    const again = await top.ask('POST', '/api/v1/roles', role);
    expect(again).toMatchObject({ status: 409, body: { code: 'name-taken' } });
  });

  test.each<object>([
    { name: 'Big' },
    { name: 'x' },
    { name: '1st' },
    { name: `x${'y'.repeat(40)}` },
    { name: "x'; DROP TABLE core.roles; --" },
    { level: 0 },
    { level: 100 },
    { level: 50.5 },
    { grants: { 'users:fly': 'any' } },
    { grants: { 'users:read': 'world' } },
    { grants: { 'audit:read': 'own' } },
    { grants: { 'credits:adjust': 'own' } },
    { description: 'a\0b' },
    { description: '\ud800' },
    { description: 'x'.repeat(201) },
    { system: true },
    { id: randomUUID() },
    { members: 3 },
  ])('with %j is refused', async (wrong) => {
    const top = await core.person(['superadmin']);
    const answer = await top.ask('POST', '/api/v1/roles', { name: freshName(), level: 10, ...wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('changes in name, level, words and grants, and everybody hears of it', async () => {
    const top = await core.person(['superadmin']);
    const name = await core.role(50, { 'usage:read': 'own' });
    const member = await core.person([name]);
    const changed = { name: freshName(), level: 51, description: 'new', grants: { 'usage:read': 'any' } };
    const answer = await top.ask('PATCH', `/api/v1/roles/${name}`, changed);
    expect(answer).toEqual({ status: 200, body: { ...changed, system: false, members: 1 } });
    expect(await member.roles()).toEqual([changed.name, 'user']);
    expect(core.announced).toContain(`role:${name}`);
    expect(await lastEvent(name)).toMatchObject({
      action: 'role.updated',
      before: { name, level: 50, grants: ['usage:read own'] },
      after: { ...changed, grants: ['usage:read any'] },
    });
  });

  test('keeps what a change leaves out, and does not take a name that is taken', async () => {
    const top = await core.person(['superadmin']);
    const name = await core.role(50, { 'usage:read': 'own' });
    const answer = await top.ask('PATCH', `/api/v1/roles/${name}`, { description: 'only words' });
    expect(answer.body).toMatchObject({ name, level: 50, grants: { 'usage:read': 'own' } });
    const taken = await top.ask('PATCH', `/api/v1/roles/${name}`, { name: 'admin' });
    expect(taken.body).toMatchObject({ code: 'name-taken' });
    expect((await top.ask('PATCH', '/api/v1/roles/nowhere', {})).body).toMatchObject({ code: 'not-found' });
  });

  test('of the system keeps name, level and words; its grants can change, but not the top’s', async () => {
    const top = await core.person(['superadmin']);
    const change = (name: string, body: object) => top.ask('PATCH', `/api/v1/roles/${name}`, body);
    for (const body of [{ name: 'visitor' }, { level: 30 }, { description: 'x' }])
      expect((await change('guest', body)).body).toMatchObject({ code: 'system-role' });
    const grants = { 'services:use': 'own', 'usage:read': 'own' };
    expect((await change('guest', { grants })).body).toMatchObject({ name: 'guest', system: true, grants });
    await change('guest', { grants: { 'services:use': 'own' } });
    expect((await change('superadmin', { grants: {} })).body).toMatchObject({ code: 'system-role' });
    expect((await top.ask('DELETE', '/api/v1/roles/guest')).body).toMatchObject({ code: 'system-role' });
  });

  test('is deleted only while nobody has it', async () => {
    const top = await core.person(['superadmin']);
    const name = await core.role(50);
    const member = await core.person([name]);
    const remove = () => top.ask('DELETE', `/api/v1/roles/${name}`);
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'role-in-use' } });
    await top.ask('DELETE', `/api/v1/roles/${name}/members/${member.id}`);
    expect((await remove()).status).toBe(204);
    expect(await roleOf(name)).toBeUndefined();
    expect(await lastEvent(name)).toMatchObject({ action: 'role.deleted', before: { level: 50 } });
    expect((await remove()).body).toMatchObject({ code: 'not-found' });
  });
});

describe('members', () => {
  test('get a role and lose it, once each, at the next question, and it is remembered', async () => {
    const [top, person] = [await core.person(['superadmin']), await core.person()];
    const url = `/api/v1/roles/manager/members/${person.id}`;
    expect((await top.ask('PUT', url)).status).toBe(204);
    expect((await top.ask('PUT', url)).status).toBe(204);
    expect(await person.roles()).toEqual(['manager', 'user']);
    expect(await lastEvent(person.id)).toMatchObject({
      ...{ action: 'role.assigned', actor_id: top.id },
      ...{ before: { roles: ['user'] }, after: { roles: ['manager', 'user'] } },
    });
    expect((await top.ask('DELETE', url)).status).toBe(204);
    expect((await top.ask('DELETE', url)).body).toMatchObject({ code: 'not-found' });
    expect(await person.roles()).toEqual(['user']);
    expect(await lastEvent(person.id)).toMatchObject({ action: 'role.taken', after: { roles: ['user'] } });
    // once a change; the jobs may have told it again by now
    expect(core.announced.filter((subject) => subject === `user:${person.id}`).length).toBeGreaterThanOrEqual(
      2,
    );
    const events = await core.sql('SELECT FROM audit.events WHERE target_id = $1', [person.id]);
    expect(events).toHaveLength(2);
  });

  test('come in pages that neither repeat nor skip anybody', async () => {
    const top = await core.person(['superadmin']);
    const name = await core.role(30);
    const people = await Promise.all(Array.from({ length: 7 }, () => core.person([name])));
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await top.ask('GET', `/api/v1/roles/${name}/members?limit=3${cursor}`);
      seen.push(...(body['items'] as { userId: string }[]).map(({ userId }) => userId));
      cursor = typeof body['nextCursor'] === 'string' ? `&cursor=${body['nextCursor']}` : '';
    } while (cursor !== '');
    expect(seen).toEqual(people.map(({ id }) => id).sort());
    const forged = await top.ask('GET', `/api/v1/roles/${name}/members?cursor=bm90LWFuLWlk`);
    expect(forged.body).toMatchObject({ code: 'invalid-request' });
    expect((await top.ask('GET', '/api/v1/roles/nowhere/members')).status).toBe(404);
  });

  test('have to exist, and so has the role', async () => {
    const [top, person] = [await core.person(['superadmin']), await core.person()];
    for (const url of [`manager/members/${randomUUID()}`, `nowhere/members/${person.id}`])
      expect((await top.ask('PUT', `/api/v1/roles/${url}`)).body).toMatchObject({ code: 'not-found' });
  });
});
