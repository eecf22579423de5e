import { randomUUID } from 'node:crypto';
import { PERMISSIONS, partnerSessionsContract, ROLE_GRANTS } from '@smart-ai-hub/shared/contracts';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFor, startAuth } from '../auth.fixture.ts';

const PATH = '/api/v1/auth/partner-sessions';
const WEEK = 7 * 24 * 3600 * 1000;

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const open = (token: string) => auth.ask('POST', PATH, { token });
const end = (token: string, id: unknown) => auth.ask('DELETE', `${PATH}/${String(id)}`, { token });
const list = async (token: string) =>
  partnerSessionsContract.listPartnerSessions.success.schema.parse(
    (await auth.ask('GET', PATH, { token })).body,
  ).items;

test('a partner session is shown once, lasts 7 days, is listed by its first characters, and ends at once', async () => {
  const { accessToken: token, user } = await auth.person();
  const made = await open(token);
  expect(made.status).toBe(201);
  const { token: shown, ...rest } = made.body;
  expect(shown).toMatch(/^VERIFIED-[A-Za-z0-9]{32}$/);
  expect(rest).toMatchObject({ prefix: String(shown).slice(0, 13), lastUsedAt: null });
  expect(Date.parse(String(rest['expiresAt'])) - Date.now()).toBeGreaterThan(WEEK - 60_000);
  expect(Date.parse(String(rest['expiresAt'])) - Date.now()).toBeLessThanOrEqual(WEEK);
  expect(await list(token)).toEqual([rest]);
  expect((await auth.identify(String(shown))).status).toBe(200);
  expect(await list(token)).toMatchObject([{ lastUsedAt: expect.any(String) }]);
  expect((await end(token, rest['id'])).status).toBe(204);
  expect(await auth.identify(String(shown))).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated' },
  });
  expect(await list(token)).toEqual([]);
  expect((await end(token, rest['id'])).status).toBe(404);
  expect(await auth.audited(String(rest['id']))).toMatchObject([
    { action: 'partner-session.opened', actorId: user.id, after: { prefix: rest['prefix'] } },
    { action: 'partner-session.ended', actorId: user.id },
  ]);
});

test('only the hash is stored, and nothing of the rest is in the log', async () => {
  const { accessToken, user } = await auth.person();
  const secret = String((await open(accessToken)).body['token']).slice(13);
  const [row] = await auth.database.prisma.partnerSession.findMany({ where: { userId: user.id } });
  expect(row?.hash).toHaveLength(32);
  expect(JSON.stringify(row) + auth.log.text()).not.toContain(secret);
});

test('a person has five at most, also when they are asked for at the same moment', async () => {
  const { accessToken, user } = await auth.person();
  const answers = await Promise.all(Array.from({ length: 8 }, () => open(accessToken)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(answers.find(({ status }) => status !== 201)?.body).toMatchObject({ code: 'too-many-sessions' });
  await end(accessToken, (await list(accessToken))[0]?.id);
  expect((await open(accessToken)).status).toBe(201);
  await auth.database.prisma.partnerSession.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await list(accessToken)).toEqual([]);
  expect((await open(accessToken)).status).toBe(201);
});

test('nobody sees or ends the partner session of another person', async () => {
  const [mine, other] = [await auth.person(), await auth.person()];
  const { body } = await open(mine.accessToken);
  expect(await list(other.accessToken)).toEqual([]);
  expect((await end(other.accessToken, body['id'])).status).toBe(404);
  expect((await auth.identify(String(body['token']))).status).toBe(200);
});

test('it acts for its person: to read their own data and to use models and tools, whatever else they may', async () => {
  const core = () => Promise.resolve({ status: 200, body: accessFor('superadmin') });
  await using service = await startAuth({ core });
  const { accessToken, user } = await service.person();
  const { body } = await service.ask('POST', PATH, { token: accessToken });
  const { token, expiresIn } = (await service.identify(String(body['token']))).body;
  expect(expiresIn).toBe(90);
  expect(decodeJwt(String(token))).toMatchObject({
    sub: user.id,
    credential: { kind: 'partner', id: body['id'] },
    grants: {
      'users:read': 'own',
      'credits:read': 'own',
      'usage:read': 'own',
      'services:use': 'any',
      'tools:use': 'any',
    },
  });
  expect(Object.keys(decodeJwt<{ grants: object }>(String(token)).grants)).toHaveLength(5);
  expect(Object.keys(ROLE_GRANTS.superadmin)).toHaveLength(PERMISSIONS.length);
});

test('it may do no more than its person may now', async () => {
  let role = 'user';
  await using service = await startAuth({
    core: () => Promise.resolve({ status: 200, body: accessFor(role) }),
  });
  const { accessToken } = await service.person();
  const partner = String((await service.ask('POST', PATH, { token: accessToken })).body['token']);
  role = 'guest';
  const { token } = (await service.identify(partner)).body;
  expect(decodeJwt(String(token))['grants']).toEqual({ 'services:use': 'own' });
  expect((await service.ask('POST', PATH, { token: accessToken })).status).toBe(403);
});

test('neither a partner nor a key opens, lists or ends partner sessions, or makes keys', async () => {
  const { accessToken } = await auth.person();
  const { body } = await open(accessToken);
  const partner = String(body['token']);
  const key = String((await auth.post('/api/v1/keys', { name: 'k' }, { token: accessToken })).body['key']);
  for (const token of [partner, key]) {
    expect(await open(token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await end(token, body['id'])).status).toBe(403);
  }
  expect((await auth.ask('GET', PATH, { token: partner })).status).toBe(403);
  expect((await auth.post('/api/v1/keys', { name: 'k' }, { token: partner })).status).toBe(403);
  expect((await auth.ask('GET', '/api/v1/auth/me', { token: partner })).status).toBe(200);
});

test('whoever has yet to verify their address opens none, where that is required', async () => {
  await using strict = await startAuth({ env: { REQUIRE_VERIFIED_EMAIL: 'true' } });
  const { accessToken } = await strict.person();
  expect(await strict.ask('POST', PATH, { token: accessToken })).toMatchObject({
    status: 403,
    body: { code: 'email-not-verified' },
  });
});

test('one that is over, unknown or malformed, and that of somebody disabled or deleted, opens nothing', async () => {
  const { accessToken, user } = await auth.person();
  const token = String((await open(accessToken)).body['token']);
  const { prisma } = auth.database;
  for (const wrong of [
    'VERIFIED-',
    `VERIFIED-${'A'.repeat(32)}`,
    `${token}A`,
    token.toLowerCase(),
    "VERIFIED-' OR 1=1",
  ]) {
    expect((await auth.identify(wrong)).status).toBe(401);
  }
  await prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  expect((await auth.identify(token)).status).toBe(401);
  await prisma.user.update({ where: { id: user.id }, data: { disabledAt: null, deletedAt: new Date() } });
  expect((await auth.identify(token)).status).toBe(401);
  await prisma.user.update({ where: { id: user.id }, data: { deletedAt: null } });
  expect((await auth.identify(token)).status).toBe(200);
  await prisma.partnerSession.updateMany({ where: { userId: user.id }, data: { expiresAt: new Date() } });
  expect((await auth.identify(token)).status).toBe(401);
});

test('what does not exist is not found', async () => {
  const { accessToken } = await auth.person();
  expect((await end(accessToken, randomUUID())).status).toBe(404);
  expect((await end(accessToken, 'x')).status).toBe(400);
});
