import { randomUUID } from 'node:crypto';
import { TEAMS_OF_ONE } from '@smart-ai-hub/shared/contracts';
import { memoryStore, openAccessChanges } from '@smart-ai-hub/shared/service';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idsOf, itemsOf, type Someone, startPeople } from '../users/people.fixture.ts';

let hub: Awaited<ReturnType<typeof startPeople>>;
let admin: Someone;
/** Each may be told again by its job. */
const announced = new Set<string>();
beforeAll(async () => {
  const store = memoryStore();
  await openAccessChanges(store.keyValue).follow(
    (subject) => announced.add(subject),
    () => undefined,
  );
  hub = await startPeople({ store });
  admin = await hub.as(['admin', 'user']);
});
afterAll(() => hub[Symbol.asyncDispose]());

const newName = () => `Team ${randomUUID()}`;

/** A new team of these people; answers its id. */
async function teamOf(manager: Someone | null, ...members: Someone[]): Promise<string> {
  const made = await admin.ask('POST', '/teams', { name: newName(), managerId: manager?.id ?? null });
  expect(made.status).toBe(201);
  const id = String(made.body['id']);
  for (const member of members) {
    expect((await admin.ask('PUT', `/teams/${id}/members/${member.id}`)).status).toBe(204);
  }
  return id;
}

const sees = async (actor: Someone, id: string) => (await actor.ask('GET', `/users/${id}`)).status === 200;
const membersOf = async (actor: Someone, teamId: string) =>
  idsOf((await actor.ask('GET', `/teams/${teamId}/members`)).body);

describe('a team', () => {
  test('is made, renamed, given a manager, and deleted; each is remembered', async () => {
    const [first, second] = [await hub.as(['manager']), await hub.as(['manager'])];
    const [name, next] = [newName(), newName()];
    const made = await admin.ask('POST', '/teams', { name: ` ${name} `, managerId: first.id });
    expect(made).toMatchObject({
      status: 201,
      body: { name, manager: { id: first.id, email: first.email }, members: 0 },
    });
    const id = String(made.body['id']);
    const changed = await admin.ask('PATCH', `/teams/${id}`, { name: next, managerId: second.id });
    expect(changed).toMatchObject({
      ...{ status: 200, body: { name: next, manager: { id: second.id }, monthlyLimitMicro: null } },
    });
    expect((await admin.ask('PATCH', `/teams/${id}`, { managerId: null })).body).toMatchObject({
      manager: null,
    });
    expect((await admin.ask('PATCH', `/teams/${id}`, { managerId: null, name: next })).status).toBe(200);
    expect((await admin.ask('DELETE', `/teams/${id}`)).status).toBe(204);
    expect((await admin.ask('GET', `/teams/${id}`)).status).toBe(404);
    expect(await hub.audited(id)).toMatchObject([
      {
        action: 'team.created',
        actorId: admin.id,
        before: null,
        after: { name, managerId: first.id, monthlyLimitMicro: null },
      },
      {
        action: 'team.updated',
        actorId: admin.id,
        before: { name, managerId: first.id, monthlyLimitMicro: null },
        after: { name: next, managerId: second.id, monthlyLimitMicro: null },
      },
      {
        action: 'team.updated',
        actorId: admin.id,
        before: { name: next, managerId: second.id, monthlyLimitMicro: null },
        after: { name: next, managerId: null, monthlyLimitMicro: null },
      },
      {
        action: 'team.deleted',
        actorId: admin.id,
        before: { name: next, managerId: null, monthlyLimitMicro: null },
        after: null,
      },
    ]);
  });

  test('has a name of its own, whatever the size of the letters, also of two made at once', async () => {
    const name = newName();
    const answers = await Promise.all(
      [name, name.toUpperCase(), name.toLowerCase()].map((one) => admin.ask('POST', '/teams', { name: one })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const other = await teamOf(null);
    expect((await admin.ask('PATCH', `/teams/${other}`, { name: name.toUpperCase() })).body).toMatchObject({
      code: 'name-taken',
    });
    expect((await admin.ask('PATCH', `/teams/${other}`, { name: newName() })).status).toBe(200);
  });

  test.each([
    {},
    { name: '' },
    { name: '  ' },
    { name: 'x'.repeat(81) },
    { name: 'a\nb' },
    { name: 'a\0b' },
    { name: 'n', managerId: 'x' },
    { name: 'n', monthlyLimitMicro: -1 },
    { name: 'n', monthlyLimitMicro: 0.5 },
    { name: 'n', monthlyLimitMicro: 2 ** 53 },
    { name: 'n', monthlyLimitMicro: '1' },
    { name: 'n', id: randomUUID() },
    { name: 'n', members: [randomUUID()] },
    { name: 'n', createdAt: '2026-01-01T00:00:00Z' },
  ])('is neither made nor changed by %o', async (body) => {
    const id = await teamOf(null);
    expect((await admin.ask('POST', '/teams', body)).status).toBe(400);
    expect((await admin.ask('PATCH', `/teams/${id}`, body)).status).toBe(400);
  });

  test('is managed by somebody who exists', async () => {
    const gone = await hub.as(['manager']);
    await admin.ask('DELETE', `/users/${gone.id}`);
    const id = await teamOf(null);
    for (const managerId of [randomUUID(), gone.id]) {
      expect((await admin.ask('POST', '/teams', { name: newName(), managerId })).status).toBe(404);
      expect((await admin.ask('PATCH', `/teams/${id}`, { managerId })).status).toBe(404);
    }
  });

  test('that is not there is not found by any route', async () => {
    const person = await hub.as(['user']);
    const id = randomUUID();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/members', undefined],
      ['PATCH', '', { name: newName() }],
      ['DELETE', '', undefined],
      ['PUT', `/members/${person.id}`, undefined],
      ['DELETE', `/members/${person.id}`, undefined],
    ] as const) {
      expect(await admin.ask(method, `/teams/${id}${path}`, body)).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      });
    }
  });
});

describe('a member', () => {
  test('is added once, however many ask at once, and remembered once', async () => {
    const person = await hub.as(['user']);
    const id = await teamOf(null);
    const path = `/teams/${id}/members/${person.id}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin.ask('PUT', path)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 204));
    expect(await membersOf(admin, id)).toEqual([person.id]);
    expect((await admin.ask('DELETE', path)).status).toBe(204);
    expect((await admin.ask('DELETE', path)).status).toBe(404);
    expect((await hub.audited(id)).slice(1)).toMatchObject([
      { action: 'team-member.added', actorId: admin.id, after: { userId: person.id } },
      { action: 'team-member.removed', actorId: admin.id, after: { userId: person.id } },
    ]);
  });

  test('who was deleted is in no list, in no count, and in nobody’s reach', async () => {
    const [manager, stays, goes] = [
      await hub.as(['manager']),
      await hub.as(['user']),
      await hub.as(['user']),
    ];
    const id = await teamOf(manager, stays, goes);
    expect(await membersOf(manager, id)).toEqual([goes.id, stays.id]);
    await admin.ask('DELETE', `/users/${goes.id}`);
    expect(await membersOf(manager, id)).toEqual([stays.id]);
    expect((await manager.ask('GET', `/teams/${id}`)).body).toMatchObject({ members: 1 });
    expect(await sees(manager, goes.id)).toBe(false);
    expect((await admin.ask('PUT', `/teams/${id}/members/${goes.id}`)).status).toBe(404);
  });

  test('comes in pages that neither repeat nor skip anybody', async () => {
    const id = await teamOf(null);
    const people = Array.from({ length: 12 }, () => ({
      id: randomUUID(),
      email: `${randomUUID()}@test.example`,
    }));
    await hub.database.prisma.user.createMany({ data: people });
    await hub.database.prisma.teamMember.createMany({
      data: people.map((person) => ({ teamId: id, userId: person.id, addedAt: new Date(0) })),
    });
    const seen: string[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const query = cursor && `&cursor=${cursor}`;
      const page: Record<string, unknown> = (await admin.ask('GET', `/teams/${id}/members?limit=5${query}`))
        .body;
      seen.push(...idsOf(page));
      cursor = page['nextCursor'];
    }
    expect(seen).toHaveLength(12);
    expect(new Set(seen)).toEqual(new Set(people.map((person) => person.id)));
  });

  test('is moved by somebody above, or by oneself', async () => {
    const [peer, root] = [await hub.as(['admin']), await hub.as(['superadmin'])];
    const id = await teamOf(null);
    expect((await admin.ask('PUT', `/teams/${id}/members/${peer.id}`)).status).toBe(403);
    expect((await root.ask('PUT', `/teams/${id}/members/${peer.id}`)).status).toBe(204);
    expect((await admin.ask('DELETE', `/teams/${id}/members/${peer.id}`)).status).toBe(403);
    expect((await admin.ask('PUT', `/teams/${id}/members/${admin.id}`)).status).toBe(204);
    expect(new Set(await membersOf(admin, id))).toEqual(new Set([admin.id, peer.id]));
  });
});

describe('what a team may spend in a month', () => {
  const teamsIn = async (someone: Someone) => {
    const { body } = await hub.identify(someone.accessToken);
    return decodeJwt(String(body['token']))['teams'];
  };

  test('stands in what its members’ credentials are turned into, and is announced when it changes', async () => {
    const [member, stranger] = [await hub.as(['user']), await hub.as(['user'])];
    expect(await teamsIn(member)).toBeUndefined();
    const id = await teamOf(null, member);
    expect(await teamsIn(member)).toEqual([{ id }]);
    announced.clear();
    const limited = await admin.ask('PATCH', `/teams/${id}`, { monthlyLimitMicro: 5_000_000 });
    expect(limited).toMatchObject({ status: 200, body: { monthlyLimitMicro: 5_000_000 } });
    expect(announced).toContain(`team:${id}`);
    expect(await teamsIn(member)).toEqual([{ id, monthlyMicro: 5_000_000 }]);
    expect(await teamsIn(stranger)).toBeUndefined();
    await admin.ask('PATCH', `/teams/${id}`, { monthlyLimitMicro: null });
    expect(await teamsIn(member)).toEqual([{ id }]);
    await admin.ask('DELETE', `/teams/${id}/members/${member.id}`);
    expect(announced).toContain(`user:${member.id}`);
    expect(await teamsIn(member)).toBeUndefined();
  });

  test('is nothing, or is told when the team is made', async () => {
    const made = await admin.ask('POST', '/teams', { name: newName(), monthlyLimitMicro: 0 });
    expect(made).toMatchObject({ status: 201, body: { monthlyLimitMicro: 0 } });
  });
});

test(`nobody is in more than ${TEAMS_OF_ONE} teams, also when added to several at once`, async () => {
  const person = await hub.as(['user']);
  const teams = await Promise.all(Array.from({ length: TEAMS_OF_ONE + 3 }, () => teamOf(null)));
  const answers = await Promise.all(teams.map((id) => admin.ask('PUT', `/teams/${id}/members/${person.id}`)));
  const refused = answers.filter(({ status }) => status !== 204);
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ status: 409, body: { code: 'too-many-teams' } });
  const [joined] = teams.filter((_, index) => answers[index]?.status === 204);
  expect((await admin.ask('PUT', `/teams/${joined}/members/${person.id}`)).status).toBe(204);
});

describe('whom a manager reaches', () => {
  test('is whoever is in the team at that moment', async () => {
    const [one, other, person] = [
      await hub.as(['manager']),
      await hub.as(['manager']),
      await hub.as(['user']),
    ];
    const [from, to] = [await teamOf(one, person), await teamOf(other)];
    expect([await sees(one, person.id), await sees(other, person.id)]).toEqual([true, false]);
    await admin.ask('DELETE', `/teams/${from}/members/${person.id}`);
    await admin.ask('PUT', `/teams/${to}/members/${person.id}`);
    expect([await sees(one, person.id), await sees(other, person.id)]).toEqual([false, true]);
    await admin.ask('PATCH', `/teams/${to}`, { managerId: one.id });
    expect([await sees(one, person.id), await sees(other, person.id)]).toEqual([true, false]);
    await admin.ask('DELETE', `/teams/${to}`);
    expect([await sees(one, person.id), await sees(other, person.id)]).toEqual([false, false]);
  });

  test('two who manage each other’s teams reach each other, and not each other’s people', async () => {
    const [ann, bob] = [await hub.as(['manager']), await hub.as(['manager'])];
    const [annas, bobs] = [await hub.as(['user']), await hub.as(['user'])];
    const [hers, his] = [await teamOf(ann, bob, annas), await teamOf(bob, ann, bobs)];
    expect(new Set(idsOf((await ann.ask('GET', '/users')).body))).toEqual(
      new Set([ann.id, bob.id, annas.id]),
    );
    expect(new Set(idsOf((await bob.ask('GET', '/users')).body))).toEqual(new Set([bob.id, ann.id, bobs.id]));
    for (const actor of [ann, bob]) {
      expect(new Set(idsOf((await actor.ask('GET', '/teams')).body))).toEqual(new Set([hers, his]));
    }
    expect(await membersOf(ann, his)).toEqual([ann.id]);
    for (const [actor, target] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      expect((await actor.ask('PATCH', `/users/${target.id}`, { locale: 'th' })).status).toBe(404);
      expect((await actor.ask('PUT', `/teams/${hers}/members/${target.id}`)).status).toBe(403);
    }
  });

  test('somebody in two teams of one manager is listed once, and stays in reach by the other', async () => {
    const [manager, person] = [await hub.as(['manager']), await hub.as(['user'])];
    const [first] = [await teamOf(manager, person), await teamOf(manager, person)];
    expect(idsOf((await manager.ask('GET', '/users')).body)).toEqual([person.id, manager.id]);
    await admin.ask('DELETE', `/teams/${first}/members/${person.id}`);
    expect(await sees(manager, person.id)).toBe(true);
  });

  test('is told to core-service as it is now, to services alone', async () => {
    const [manager, person] = [await hub.as(['manager']), await hub.as(['user'])];
    await teamOf(manager, person);
    const ask = (token: string) => hub.post('/internal/reach', { userId: manager.id }, { token });
    expect((await ask(hub.serviceToken)).body).toEqual({ memberIds: [person.id] });
    expect((await ask(manager.accessToken)).status).toBe(401);
  });
});

describe('nobody widens the own reach', () => {
  test('who has anything by scope team makes himself no manager, and adds nobody where he is one', async () => {
    const gainer = await hub.as(['manager'], { 'users:update': 'any', 'credits:adjust': 'team' });
    const [free, own] = [await teamOf(null), await teamOf(gainer)];
    const person = await hub.as(['user']);
    const refused = { status: 403, body: { code: 'forbidden' } };
    expect(await gainer.ask('POST', '/teams', { name: newName(), managerId: gainer.id })).toMatchObject(
      refused,
    );
    expect(await gainer.ask('PATCH', `/teams/${free}`, { managerId: gainer.id })).toMatchObject(refused);
    expect(await gainer.ask('PUT', `/teams/${own}/members/${person.id}`)).toMatchObject(refused);
    expect((await gainer.ask('PUT', `/teams/${free}/members/${person.id}`)).status).toBe(204);
    expect(
      (await gainer.ask('PATCH', `/teams/${own}`, { name: newName(), managerId: gainer.id })).status,
    ).toBe(200);
    expect((await admin.ask('POST', '/teams', { name: newName(), managerId: admin.id })).status).toBe(201);
  });

  test('nor by a key that was given less than its person has', async () => {
    const gainer = await hub.as(['manager'], {
      ...{ 'users:update': 'any', 'keys:manage': 'own' },
      'credits:adjust': 'team',
    });
    const { id, key } = (await gainer.ask('POST', '/keys', { name: 'k' })).body;
    await hub.database.prisma.apiKey.update({
      where: { id: String(id) },
      data: { permissions: ['users:update'] },
    });
    const made = await hub.post(
      '/api/v1/teams',
      { name: newName(), managerId: gainer.id },
      { token: String(key) },
    );
    expect(made).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

test('teams come in pages that neither repeat nor skip one', async () => {
  await hub.database.prisma.team.createMany({
    data: Array.from({ length: 7 }, () => ({ id: randomUUID(), name: newName(), createdAt: new Date(0) })),
  });
  const seen: string[] = [];
  let cursor: unknown = '';
  while (typeof cursor === 'string') {
    const page: Record<string, unknown> = (
      await admin.ask('GET', `/teams?limit=3${cursor && `&cursor=${cursor}`}`)
    ).body;
    seen.push(...itemsOf(page).map(({ id }) => id));
    cursor = page['nextCursor'];
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(await hub.database.prisma.team.count());
});

test.each(['cursor=x', 'cursor=MS4xJyBPUiAxPTE', 'limit=0', 'search=a'])(
  'teams are not asked for by %s',
  async (query) => {
    expect((await admin.ask('GET', `/teams?${query}`)).status).toBe(400);
  },
);
