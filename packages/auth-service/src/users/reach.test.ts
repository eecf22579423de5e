import { randomUUID } from 'node:crypto';
import {
  type Grants,
  isRoleName,
  type Permission,
  ROLE_GRANTS,
  ROLES,
  type Scope,
  scopeOf,
  SCOPES,
} from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idsOf, type Someone, startPeople } from './people.fixture.ts';

/**
 * Everybody whom a permission can or cannot reach: the actor; somebody in the team that the actor manages; somebody
 * in a team where the actor is; and somebody whom nothing connects with the actor.
 */
const PEOPLE = ['actor', 'member', 'colleague', 'stranger'] as const;
type Who = (typeof PEOPLE)[number];
const TEAMS = ['managed', 'joined', 'foreign'] as const;
type Which = (typeof TEAMS)[number];

const REACHED: Record<Scope | 'none', readonly Who[]> = {
  none: [],
  own: ['actor'],
  team: ['actor', 'member'],
  any: PEOPLE,
};
const SEEN: Record<Scope | 'none', readonly Which[]> = {
  none: [],
  own: ['joined'],
  team: ['managed', 'joined'],
  any: TEAMS,
};

let hub: Awaited<ReturnType<typeof startPeople>>;
beforeAll(async () => {
  hub = await startPeople();
});
afterAll(() => hub[Symbol.asyncDispose]());

interface World {
  actor: Someone;
  people: Record<Who, string>;
  teams: Record<Which, string>;
}

/** The actor among people and teams of their own; everybody else is a guest, the lowest level. */
async function worldOf(roles: string[], grants?: Grants): Promise<World> {
  const actor = await hub.as(roles, grants);
  const guest = async () => {
    const id = randomUUID();
    await hub.database.prisma.user.create({ data: { id, email: `${id}@test.example` } });
    hub.held.set(id, { roles: ['guest'], level: ROLES.guest.level, grants: {} });
    return id;
  };
  const [member, colleague, stranger] = [await guest(), await guest(), await guest()];
  const team = async (managerId: string | null, ...members: string[]) => {
    const id = randomUUID();
    await hub.database.prisma.team.create({ data: { id, name: id, managerId } });
    await hub.database.prisma.teamMember.createMany({
      data: members.map((userId) => ({ teamId: id, userId })),
    });
    return id;
  };
  return {
    actor,
    people: { actor: actor.id, member, colleague, stranger },
    teams: {
      managed: await team(actor.id, member),
      joined: await team(colleague, actor.id, colleague),
      foreign: await team(stranger, stranger),
    },
  };
}

const statusOf = async (
  actor: Someone,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
) => (await actor.ask(method, url, body)).status;

/** Names of those in the world whom a list shows, over all its pages. */
async function listed<T extends string>(
  actor: Someone,
  url: string,
  names: Record<T, string>,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: unknown = '';
  while (typeof cursor === 'string') {
    const page: Record<string, unknown> = (
      await actor.ask('GET', `${url}?limit=100${cursor && `&cursor=${cursor}`}`)
    ).body;
    ids.push(...idsOf(page));
    cursor = page['nextCursor'];
  }
  return Object.entries<string>(names).flatMap(([name, id]) => (ids.includes(id) ? [name] : []));
}

const without = (names: readonly string[], out: string) => names.filter((name) => name !== out);

/** Names of those for whom a call answers with success; the others are all refused alike. */
async function granted<T extends string>(
  names: Record<T, string>,
  call: (id: string) => Promise<number>,
  refusal: number,
): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries<string>(names).map(async ([name, id]) => [name, await call(id)] as const),
  );
  const refused = answers.filter(([, status]) => status >= 300);
  expect([...new Set(refused.map(([, status]) => status))]).toEqual(refused.length > 0 ? [refusal] : []);
  return answers.flatMap(([name, status]) => (status < 300 ? [name] : []));
}

type Row = [name: string, roles: string[], grants: Grants];

/** The five roles as every hub starts with them, and each permission in each scope alone. */
const byRole = Object.keys(ROLES)
  .filter(isRoleName)
  .map((role): Row => [role, [role], ROLE_GRANTS[role]]);
const byScope = (['users:read', 'users:update', 'users:create', 'users:delete'] as const).flatMap(
  (permission) =>
    SCOPES.map((scope): Row => [`${permission} ${scope}`, ['manager'], { [permission]: scope }]),
);

describe.each([...byRole, ...byScope])('%s', (_, roles, grants) => {
  const scope = (permission: Permission) => scopeOf(grants, permission) ?? 'none';
  const refusal = (permission: Permission) => (scope(permission) === 'none' ? 403 : 404);
  let world: World;
  beforeAll(async () => {
    world = await worldOf(roles, grants);
  });

  test('reads the same people by list and by call', async () => {
    const { actor, people } = world;
    const reached = REACHED[scope('users:read')];
    const calls = granted(people, (id) => statusOf(actor, 'GET', `/users/${id}`), refusal('users:read'));
    expect(await calls).toEqual(reached);
    if (scope('users:read') === 'none') expect(await statusOf(actor, 'GET', '/users')).toBe(403);
    else expect(await listed(actor, '/users', people)).toEqual(reached);
  });

  test('reads the same teams by list and by call, and of their members whom it reaches', async () => {
    const { actor, people, teams } = world;
    const seen = SEEN[scope('users:read')];
    for (const path of ['', '/members']) {
      const calls = granted(
        teams,
        (id) => statusOf(actor, 'GET', `/teams/${id}${path}`),
        refusal('users:read'),
      );
      expect(await calls).toEqual(seen);
    }
    if (scope('users:read') === 'none') {
      expect(await statusOf(actor, 'GET', '/teams')).toBe(403);
      return;
    }
    expect(await listed(actor, '/teams', teams)).toEqual(seen);
    const inJoined = await listed(actor, `/teams/${teams.joined}/members`, people);
    expect(inJoined).toEqual(
      ['actor', 'colleague'].filter((who) => REACHED[scope('users:read')].some((one) => one === who)),
    );
  });

  test('changes whom the permission to change reaches, and signs them out', async () => {
    const { actor, people } = world;
    const others = { member: people.member, colleague: people.colleague, stranger: people.stranger };
    const reached = without(REACHED[scope('users:update')], 'actor');
    for (const disabled of [true, false]) {
      const calls = granted(
        others,
        (id) => statusOf(actor, 'PATCH', `/users/${id}`, { disabled }),
        refusal('users:update'),
      );
      expect(await calls).toEqual(reached);
    }
    const ended = granted(
      others,
      (id) => statusOf(actor, 'POST', `/users/${id}/sessions/end`),
      refusal('users:update'),
    );
    expect(await ended).toEqual(reached);
    const own = await statusOf(actor, 'PATCH', `/users/${actor.id}`, { locale: 'th' });
    expect(own).toBe(scope('users:update') === 'none' ? 403 : 200);
  });

  test('makes people, and changes teams, only where that reaches everybody', async () => {
    const { actor, people, teams } = world;
    const made = await statusOf(actor, 'POST', '/users', { email: `${randomUUID()}@test.example` });
    expect(made).toBe(scope('users:create') === 'any' ? 201 : 403);
    const mayChange = scope('users:update') === 'any';
    const { foreign } = teams;
    for (const [method, url, success, body] of [
      ['POST', '/teams', 201, { name: randomUUID() }],
      ['PATCH', `/teams/${foreign}`, 200, { name: randomUUID() }],
      ['PUT', `/teams/${foreign}/members/${people.member}`, 204, undefined],
      ['DELETE', `/teams/${foreign}/members/${people.member}`, 204, undefined],
    ] as const) {
      expect([method, url, await statusOf(actor, method, url, body)]).toEqual([
        ...[method, url],
        mayChange ? success : 403,
      ]);
    }
  });

  test('deletes whom the permission to delete reaches, and a team only where it changes everybody', async () => {
    const { actor, people, teams } = world;
    const { member, colleague, stranger } = people;
    const calls = granted(
      { member, colleague, stranger },
      (id) => statusOf(actor, 'DELETE', `/users/${id}`),
      refusal('users:delete'),
    );
    expect(await calls).toEqual(without(REACHED[scope('users:delete')], 'actor'));
    expect(await statusOf(actor, 'DELETE', `/users/${actor.id}`)).toBe(403);
    const team = await statusOf(actor, 'DELETE', `/teams/${teams.foreign}`);
    expect(team).toBe(scope('users:update') === 'any' ? 204 : 403);
  });
});
