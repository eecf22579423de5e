import { randomUUID } from 'node:crypto';
import { DomainError, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFor, PASSWORD, startAuth } from '../auth.fixture.ts';

/** One service for the file; every test has people of its own. */
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const someone = () => `${randomUUID()}@test.example`;

test('whoever registers is signed in, and can sign in again', async () => {
  const email = someone();
  const registered = await auth.post('/api/v1/auth/register', { email, password: PASSWORD, locale: 'th' });
  expect(registered).toMatchObject({
    status: 201,
    body: { expiresIn: 900, user: { email, roles: ['user'], grants: { 'users:read': 'own' }, locale: 'th' } },
  });
  const login = await auth.post('/api/v1/auth/login', { email: email.toUpperCase(), password: PASSWORD });
  expect(login).toMatchObject({ status: 200, body: { user: { email } } });
  const me = await auth.ask('GET', '/api/v1/auth/me', { token: String(login.body['accessToken']) });
  expect(me).toMatchObject({
    status: 200,
    body: { email, roles: ['user'], grants: { 'users:read': 'own' }, locale: 'th' },
  });
});

test('the refresh token goes into a cookie that no script reads, and into the body only when asked', async () => {
  const answer = await auth.post('/api/v1/auth/register', { email: someone(), password: PASSWORD });
  expect(answer.body).not.toHaveProperty('refreshToken');
  expect(answer.cookies).toMatchObject([
    { name: 'hub_refresh', httpOnly: true, sameSite: 'Strict', path: '/api/v1/auth' },
  ]);
  expect(answer.cookies[0]).not.toHaveProperty('secure');
  const inBody = await auth.post('/api/v1/auth/register', {
    email: someone(),
    password: PASSWORD,
    delivery: 'body',
  });
  expect(inBody.cookies).toEqual([]);
  expect(inBody.body['refreshToken']).toMatch(/^rt-[\w-]{43}$/);
});

test('behind https the cookie travels over https alone', async () => {
  await using secure = await startAuth({ env: { PUBLIC_URL: 'https://hub.example' } });
  const answer = await secure.post('/api/v1/auth/register', { email: someone(), password: PASSWORD });
  expect(answer.cookies).toMatchObject([{ secure: true }]);
});

test('an address has one account, whatever its case, also when asked for twice at once', async () => {
  const email = someone();
  const register = (address: string) =>
    auth.post('/api/v1/auth/register', { email: address, password: PASSWORD });
  const answers = await Promise.all([register(email), register(email.toUpperCase()), register(` ${email} `)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

test.each([
  ['password1', 'a common one'],
  ['somebody@test.example', 'the address itself'],
  ['QWERTYUIOP', 'a common one in capitals'],
])('the password %s is refused: %s', async (password) => {
  const answer = await auth.post('/api/v1/auth/register', { email: 'somebody@test.example', password });
  expect(answer).toMatchObject({
    status: 422,
    body: { code: 'weak-password', errors: [{ path: 'password' }] },
  });
});

test.each([
  { email: 'no-address', password: PASSWORD },
  { email: someone(), password: 'short' },
  { email: someone(), password: 'x'.repeat(201) },
  { email: someone(), password: PASSWORD, roles: ['superadmin'] },
  { email: someone() },
  { email: { $ne: null }, password: PASSWORD },
])('lesson: a body outside the contract is refused and nobody is made: %o', async (body) => {
  const before = await auth.database.prisma.user.count();
  const answer = await auth.post('/api/v1/auth/register', body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  expect(await auth.database.prisma.user.count()).toBe(before);
});

test('when core-service is away nobody is half made, and registering works once it is back', async () => {
  let away = true;
  const core = () => {
    if (away) return Promise.reject(new DomainError('service-unavailable'));
    return Promise.resolve({ status: 200, body: accessFor('user') });
  };
  await using lonely = await startAuth({ core });
  const account = { email: someone(), password: PASSWORD };
  expect((await lonely.post('/api/v1/auth/register', account)).status).toBe(
    PROBLEMS['service-unavailable'].status,
  );
  away = false;
  expect((await lonely.post('/api/v1/auth/register', account)).status).toBe(201);
});

test('lesson 10: an unknown address and a wrong password get the same answer', async () => {
  const { email } = await auth.person();
  const wrong = await auth.post('/api/v1/auth/login', { email, password: 'not the password' });
  const unknown = await auth.post('/api/v1/auth/login', { email: someone(), password: 'not the password' });
  const { requestId: _one, ...wrongBody } = wrong.body;
  const { requestId: _two, ...unknownBody } = unknown.body;
  expect(wrong.status).toBe(401);
  expect(unknownBody).toEqual(wrongBody);
  expect(unknown.status).toBe(wrong.status);
});

test('five failures lock this account for this address, even for the right password and in parallel', async () => {
  const { email } = await auth.person();
  const guess = (password: string, address?: string) =>
    auth.post('/api/v1/auth/login', { email, password }, address === undefined ? {} : { address });
  const answers = await Promise.all(Array.from({ length: 12 }, () => guess('a wrong guess')));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  const locked = await guess(PASSWORD);
  expect(locked).toMatchObject({ status: 429, body: { code: 'too-many-attempts', retryAfter: 900 } });
  expect(locked.headers['retry-after']).toBe('900');
  expect((await guess(PASSWORD, '203.0.113.77')).status).toBe(200);
});

test('an unknown address is locked alike', async () => {
  const email = someone();
  const guess = () => auth.post('/api/v1/auth/login', { email, password: 'a wrong guess' });
  for (let i = 0; i < 5; i++) await guess();
  expect((await guess()).status).toBe(429);
});

test('whoever gets it right in time starts counting anew', async () => {
  const { email } = await auth.person();
  const guess = async (password: string) =>
    (await auth.post('/api/v1/auth/login', { email, password })).status;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) expect(await guess('a wrong guess')).toBe(401);
    expect(await guess(PASSWORD)).toBe(200);
  }
});

test('a deleted account neither refreshes nor is anybody; after thirty days it cannot sign in either', async () => {
  const { email, accessToken, refreshToken } = await auth.person();
  const monthAgo = new Date(Date.now() - 30 * 24 * 3600 * 1000);
  await auth.database.prisma.user.updateMany({ where: { email }, data: { deletedAt: monthAgo } });
  expect((await auth.post('/api/v1/auth/login', { email, password: PASSWORD })).status).toBe(401);
  expect((await auth.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
  expect((await auth.ask('GET', '/api/v1/auth/me', { token: accessToken })).status).toBe(401);
});
