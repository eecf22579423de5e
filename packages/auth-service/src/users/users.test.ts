import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../auth.fixture.ts';
import { idsOf, itemsOf, type Someone, startPeople } from './people.fixture.ts';

let hub: Awaited<ReturnType<typeof startPeople>>;
let root: Someone;
let admin: Someone;
beforeAll(async () => {
  hub = await startPeople();
  root = await hub.as(['superadmin', 'user']);
  admin = await hub.as(['admin', 'user']);
});
afterAll(() => hub[Symbol.asyncDispose]());

const signIn = (email: string) =>
  hub.post('/api/v1/auth/login', { email, password: PASSWORD, delivery: 'body' });
const me = (token: string) => hub.ask('GET', '/api/v1/auth/me', { token });

describe('somebody who is listed', () => {
  test('is shown with state and roles, newest first, and with nothing that is secret', async () => {
    const [older, newer] = [await hub.as(['user']), await hub.as(['manager', 'user'])];
    const { status, body } = await admin.ask('GET', '/users?limit=2');
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual([newer.id, older.id]);
    expect(itemsOf(body)[0]).toEqual({
      id: newer.id,
      email: newer.email,
      verified: false,
      locale: 'en',
      state: 'active',
      roles: ['manager', 'user'],
      createdAt: expect.any(String) as unknown,
      disabledAt: null,
      deletedAt: null,
    });
    expect((await admin.ask('GET', `/users/${newer.id}`)).body).toEqual(itemsOf(body)[0]);
  });

  test('comes in pages that neither repeat nor skip anybody, even of the same moment', async () => {
    const prefix = `page-${randomUUID()}`;
    const rows = Array.from({ length: 23 }, (_, index) => ({
      id: randomUUID(),
      email: `${prefix}-${index}@test.example`,
    }));
    await hub.database.prisma.user.createMany({ data: rows });
    await hub.database.pool.query(
      "UPDATE auth.users SET created_at = '2026-01-01T00:00:00.123456Z' WHERE email LIKE $1",
      [`${prefix}%`],
    );
    const seen: string[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const page: Record<string, unknown> = (
        await admin.ask('GET', `/users?limit=5&search=${prefix}${cursor && `&cursor=${cursor}`}`)
      ).body;
      seen.push(...idsOf(page));
      cursor = page['nextCursor'];
    }
    expect(seen).toHaveLength(23);
    expect(new Set(seen)).toEqual(new Set(rows.map(({ id }) => id)));
  });

  test('lesson 15: is found by how the address begins, in letters of any size, and by nothing inside it', async () => {
    const name = `Zoe_${randomUUID()}`;
    const { id } = await hub.database.prisma.user.create({
      data: { id: randomUUID(), email: `${name}@test.example` },
    });
    const found = async (search: string) =>
      idsOf((await admin.ask('GET', `/users?search=${encodeURIComponent(search)}`)).body);
    expect(await found(name)).toEqual([id]);
    expect(await found(name.toUpperCase())).toEqual([id]);
    expect(await found(`${name}@test.example`)).toEqual([id]);
    expect(await found(name.slice(1))).toEqual([]);
    for (const pattern of [`${name}%`, `${name.slice(0, 20)}%`, name.replace('_', '%'), '%', '_', '%@%']) {
      expect([pattern, await found(pattern)]).toEqual([pattern, []]);
    }
    for (const sql of ["' OR 1=1 --", "';DROP TABLE auth.users;--", '\\', '\u{10ffff}', '$1']) {
      expect([sql, await found(sql)]).toEqual([sql, []]);
    }
  });

  test('is found by an index, so that very many are no burden', async () => {
    const { rows } = await hub.owner.pool.query<{ 'QUERY PLAN': string }>(
      "EXPLAIN SELECT id FROM auth.users WHERE email ~>=~ 'a'::citext AND email ~<~ 'b'::citext",
    );
    expect(JSON.stringify(rows)).toContain('users_email_idx');
  });

  test.each([
    'search=',
    'search=%00',
    `search=${'x'.repeat(255)}`,
    'state=gone',
    'state=all',
    'limit=101',
    'cursor=bm90LWEtY3Vyc29y',
    'cursor=MS4xJyBPUiAxPTE',
    'sort=email',
    'userId=1',
  ])('is not asked for by %s', async (query) => {
    expect(await admin.ask('GET', `/users?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  test.each(['x', "' OR 1=1 --", '%00', `${randomUUID()}'`])('has no id %j', async (id) => {
    expect((await admin.ask('GET', `/users/${encodeURIComponent(id)}`)).status).toBe(400);
  });

  test('is counted by state: the deleted only where they are asked for', async () => {
    const search = `state-${randomUUID()}`;
    const make = async (data: object = {}) =>
      (
        await hub.database.prisma.user.create({
          data: { id: randomUUID(), email: `${search}-${randomUUID()}@test.example`, ...data },
        })
      ).id;
    const [active, disabled, deleted] = [
      await make(),
      await make({ disabledAt: new Date() }),
      await make({ disabledAt: new Date(), deletedAt: new Date() }),
    ];
    const listed = async (state?: string) =>
      idsOf((await admin.ask('GET', `/users?search=${search}${state ? `&state=${state}` : ''}`)).body);
    expect(new Set(await listed())).toEqual(new Set([active, disabled]));
    expect(await listed('active')).toEqual([active]);
    expect(await listed('disabled')).toEqual([disabled]);
    expect(await listed('deleted')).toEqual([deleted]);
    expect((await admin.ask('GET', `/users/${deleted}`)).body).toMatchObject({ state: 'deleted' });
  });

  test('a cursor of another filter shows nobody whom the filter leaves out', async () => {
    const { nextCursor } = (await admin.ask('GET', '/users?limit=1')).body;
    const page = await admin.ask('GET', `/users?state=deleted&cursor=${String(nextCursor)}`);
    expect(itemsOf(page.body).every(({ state }) => state === 'deleted')).toBe(true);
    const own = await hub.as(['user']);
    expect(idsOf((await own.ask('GET', `/users?cursor=${String(nextCursor)}`)).body)).toEqual([]);
  });
});

/** The token of the link in the mail to this address. */
async function linkTo(email: string): Promise<string> {
  let token: string | undefined;
  await expect
    .poll(async () => {
      const { payload } = await hub.app.inject({ method: 'GET', url: '/dev/mail' });
      const mail = payload.slice(payload.indexOf(email));
      token = payload.includes(email) ? /\/reset#token=([\w.-]+)/.exec(mail)?.[1] : undefined;
      return token;
    })
    .toBeDefined();
  return token ?? '';
}

describe('somebody who is made by an administrator', () => {
  test('has an account without a password, and gets a link by mail to choose one', async () => {
    const email = `${randomUUID()}@test.example`;
    const made = await admin.ask('POST', '/users', { email: ` ${email.toUpperCase()} `, locale: 'th' });
    expect(made).toMatchObject({
      status: 201,
      body: { email, locale: 'th', state: 'active', roles: ['user'] },
    });
    const id = String(made.body['id']);
    expect(await hub.audited(id)).toMatchObject([
      { action: 'user.created', actorId: admin.id, after: { email, locale: 'th' } },
    ]);

    expect((await signIn(email)).body).toMatchObject({ code: 'invalid-credentials' });
    const token = await linkTo(email);
    const reset = { token, password: PASSWORD };
    expect((await hub.post('/api/v1/auth/reset-password', reset)).status).toBe(204);
    expect(await signIn(email)).toMatchObject({
      status: 200,
      body: { user: { id, locale: 'th', verified: true } },
    });
  });

  test('has a week to open the link', async () => {
    const email = `${randomUUID()}@test.example`;
    await admin.ask('POST', '/users', { email });
    await linkTo(email);
    const { expiresAt } = await hub.database.prisma.verificationToken.findFirstOrThrow({ where: { email } });
    const days = (expiresAt.getTime() - Date.now()) / (24 * 3600 * 1000);
    expect([days > 6.9, days <= 7]).toEqual([true, true]);
  });

  test('once: an address is taken whatever the size of its letters, also by two at once', async () => {
    expect((await admin.ask('POST', '/users', { email: admin.email.toUpperCase() })).body).toMatchObject({
      code: 'email-taken',
    });
    const email = `${randomUUID()}@test.example`;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => admin.ask('POST', '/users', { email })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });

  test.each([
    {},
    { email: 'x' },
    { email: 'a@example.com', locale: 'de' },
    { email: 'a@example.com', roles: ['superadmin'] },
    { email: 'a@example.com', password: PASSWORD },
    { email: 'a@example.com', verified: true },
    { email: 'a@example.com', id: randomUUID() },
    { email: 'a@example.com\r\nBcc: b@example.com' },
  ])('is not made by %o', async (body) => {
    expect((await root.ask('POST', '/users', body)).status).toBe(400);
  });

  test('needs somebody who may make anybody', async () => {
    const body = { email: `${randomUUID()}@test.example` };
    for (const scope of ['own', 'team'] as const) {
      const narrow = await hub.as(['manager'], { 'users:create': scope });
      expect((await narrow.ask('POST', '/users', body)).body).toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('somebody who is disabled', () => {
  test('is out at the next request, by session and key, until enabled; keys then work again', async () => {
    const person = await hub.as(['user']);
    const { key } = (await person.ask('POST', '/keys', { name: 'k' })).body;
    const off = await admin.ask('PATCH', `/users/${person.id}`, { disabled: true });
    expect(off).toMatchObject({ status: 200, body: { state: 'disabled', disabledAt: expect.any(String) } });
    expect((await me(person.accessToken)).status).toBe(401);
    expect((await hub.identify(String(key))).status).toBe(401);
    expect((await hub.post('/api/v1/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(401);

    const on = await admin.ask('PATCH', `/users/${person.id}`, { disabled: false });
    expect(on.body).toMatchObject({ state: 'active', disabledAt: null });
    expect((await hub.identify(String(key))).status).toBe(200);
    expect((await me(person.accessToken)).status).toBe(401);
    expect(await hub.audited(person.id)).toMatchObject([
      { action: 'user.disabled', actorId: admin.id, before: { disabled: false }, after: { disabled: true } },
      { action: 'user.enabled', before: { disabled: true }, after: { disabled: false } },
    ]);
  });

  test('stays as it is when that is asked for again: nothing is remembered twice', async () => {
    const person = await hub.as(['user']);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.ask('PATCH', `/users/${person.id}`, { disabled: true })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await hub.audited(person.id)).toHaveLength(1);
  });

  test.each([
    {},
    { disabled: 'yes' },
    { disabled: null },
    { locale: 'de' },
    { locale: 'th', email: 'a@example.com' },
    { disabled: false, roles: ['superadmin'] },
    { disabled: false, verified: true },
    { disabled: false, passwordHash: 'x' },
    { disabled: false, deletedAt: null },
    { disabled: false, id: randomUUID() },
  ])('is not changed by %o', async (body) => {
    const person = await hub.as(['user']);
    expect((await root.ask('PATCH', `/users/${person.id}`, body)).status).toBe(400);
  });
});

describe('somebody who is deleted', () => {
  test('has no session, key or partner session any more, and is not found', async () => {
    const person = await hub.as(['user']);
    const { key } = (await person.ask('POST', '/keys', { name: 'k' })).body;
    await hub.database.prisma.partnerSession.create({
      data: {
        id: randomUUID(),
        userId: person.id,
        prefix: 'VERIFIED-',
        hash: Buffer.from(randomUUID()),
        expiresAt: new Date(Date.now() + 60_000),
      },
    });
    expect((await admin.ask('DELETE', `/users/${person.id}`)).status).toBe(204);
    expect((await me(person.accessToken)).status).toBe(401);
    expect((await hub.identify(String(key))).status).toBe(401);
    expect((await signIn(person.email)).body).toMatchObject({ code: 'account-disabled' });
    const row = await hub.database.prisma.user.findUniqueOrThrow({
      where: { id: person.id },
      include: { sessions: true, apiKeys: true, partnerSessions: true },
    });
    expect([...row.sessions, ...row.partnerSessions].every(({ endedAt }) => endedAt)).toBe(true);
    expect(row.apiKeys.every(({ revokedAt }) => revokedAt)).toBe(true);
    expect(await hub.audited(person.id)).toMatchObject([
      { action: 'user.deleted', actorId: admin.id, before: { email: person.email } },
    ]);
    for (const [method, path, body] of [
      ['DELETE', '', undefined],
      ['PATCH', '', { disabled: false }],
      ['POST', '/sessions/end', undefined],
    ] as const) {
      expect((await admin.ask(method, `/users/${person.id}${path}`, body)).status).toBe(404);
    }
  });

  test('by two at once is deleted once', async () => {
    const person = await hub.as(['user']);
    const answers = await Promise.all([1, 2, 3].map(() => admin.ask('DELETE', `/users/${person.id}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
    expect(await hub.audited(person.id)).toHaveLength(1);
  });
});

test('somebody who is signed out everywhere signs in again; keys go on working', async () => {
  const person = await hub.as(['user']);
  const { key } = (await person.ask('POST', '/keys', { name: 'k' })).body;
  const second = (await signIn(person.email)).body;
  expect((await admin.ask('POST', `/users/${person.id}/sessions/end`)).status).toBe(204);
  for (const token of [person.accessToken, String(second['accessToken'])])
    expect((await me(token)).status).toBe(401);
  expect((await hub.identify(String(key))).status).toBe(200);
  expect((await signIn(person.email)).status).toBe(200);
  expect(await hub.audited(person.id)).toMatchObject([{ action: 'sessions.ended', actorId: admin.id }]);
});

describe('who stands above whom', () => {
  const acts = (actor: Someone, id: string) =>
    Promise.all([
      actor.ask('PATCH', `/users/${id}`, { disabled: true }),
      actor.ask('PATCH', `/users/${id}`, { locale: 'th' }),
      actor.ask('POST', `/users/${id}/sessions/end`),
      actor.ask('DELETE', `/users/${id}`),
    ]);

  test('an administrator changes nobody of the same or a higher level, and is refused the same way', async () => {
    const [peer, chief] = [await hub.as(['admin', 'user']), await hub.as(['superadmin', 'user'])];
    for (const { id } of [peer, chief]) {
      for (const answer of await acts(admin, id))
        expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await me(peer.accessToken)).status).toBe(200);
  });

  test('the level counts as it is now, not as it was when the token was made', async () => {
    const person = await hub.as(['user']);
    hub.held.set(person.id, { roles: ['admin'], level: 80, grants: {} });
    expect((await admin.ask('PATCH', `/users/${person.id}`, { disabled: true })).status).toBe(403);
  });

  test('a superadmin changes other superadmins, but takes no account away while it has the role', async () => {
    const chief = await hub.as(['superadmin', 'user']);
    expect((await root.ask('PATCH', `/users/${chief.id}`, { locale: 'th' })).status).toBe(200);
    expect((await root.ask('POST', `/users/${chief.id}/sessions/end`)).status).toBe(204);
    const refused = { status: 409, body: { code: 'last-superadmin' } };
    expect(await root.ask('PATCH', `/users/${chief.id}`, { disabled: true })).toMatchObject(refused);
    expect(await root.ask('DELETE', `/users/${chief.id}`)).toMatchObject(refused);
    hub.held.set(chief.id, { roles: ['user'], level: 40, grants: {} });
    expect((await root.ask('DELETE', `/users/${chief.id}`)).status).toBe(204);
  });

  test('nobody disables or deletes the own account here, however its id is written', async () => {
    for (const actor of [admin, root]) {
      for (const id of [actor.id, actor.id.toUpperCase()]) {
        expect((await actor.ask('PATCH', `/users/${id}`, { disabled: true })).status).toBe(403);
        expect((await actor.ask('DELETE', `/users/${id}`)).status).toBe(403);
      }
    }
  });

  test('everybody chooses the own language, and ends the own sessions', async () => {
    const person = await hub.as(['user']);
    const answer = await person.ask('PATCH', `/users/${person.id}`, { locale: 'th' });
    expect(answer).toMatchObject({ status: 200, body: { locale: 'th' } });
    expect(await hub.audited(person.id)).toMatchObject([
      { action: 'user.updated', before: { locale: 'en' }, after: { locale: 'th' } },
    ]);
    expect((await person.ask('POST', `/users/${person.id}/sessions/end`)).status).toBe(204);
    expect((await me(person.accessToken)).status).toBe(401);
  });
});
