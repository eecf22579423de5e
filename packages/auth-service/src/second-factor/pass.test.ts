import { sessionsContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, startAuth } from '../auth.fixture.ts';
import { type Auth, codeOf, forgetSteps, passwordOf, protectedPerson, wrongCode } from './person.fixture.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const pass = (challenge: string, proof: { code: string } | { recoveryCode: string }) =>
  auth.post('/api/v1/auth/second-factor', { challenge, ...proof, delivery: 'body' });

test('a password alone lets nobody in who has a second factor; with a code it does', async () => {
  const { email, secret } = await protectedPerson(auth);
  const first = await auth.post('/api/v1/auth/login', { email, password: PASSWORD });
  expect(first).toMatchObject({
    status: 200,
    cookies: [],
    body: { secondFactor: { challenge: expect.any(String), methods: ['totp', 'recovery-code'] } },
  });
  expect(Object.keys(first.body)).toEqual(['secondFactor']);
  const challenge = await passwordOf(auth, email);
  const done = await auth.post('/api/v1/auth/second-factor', { challenge, code: codeOf(secret) });
  expect(done).toMatchObject({
    status: 200,
    body: { user: { email } },
    cookies: [{ name: 'hub_refresh', httpOnly: true }],
  });
  const { body } = await auth.ask('GET', '/api/v1/auth/sessions', {
    token: String(done.body['accessToken']),
  });
  const { items } = sessionsContract.listSessions.success.schema.parse(body);
  expect(items.find(({ current }) => current)).toMatchObject({ signedInBy: 'totp' });
});

test('a challenge is no token, and a wrong password gets none', async () => {
  const { email } = await protectedPerson(auth);
  const token = await passwordOf(auth, email);
  expect((await auth.ask('GET', '/api/v1/auth/me', { token })).status).toBe(401);
  const wrong = await auth.post('/api/v1/auth/login', { email, password: 'not the password' });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
});

test('a code works once, whether again or at the same time', async () => {
  const { email, secret } = await protectedPerson(auth);
  const challenges = await Promise.all(Array.from({ length: 4 }, () => passwordOf(auth, email)));
  const code = codeOf(secret);
  const answers = await Promise.all(challenges.map((challenge) => pass(challenge, { code })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const again = await pass(await passwordOf(auth, email), { code });
  expect(again.body).toMatchObject({ code: 'invalid-code' });
  const earlier = await pass(await passwordOf(auth, email), { code: codeOf(secret, -1) });
  expect(earlier.status).toBe(401);
  expect((await pass(await passwordOf(auth, email), { code: codeOf(secret, 1) })).status).toBe(200);
});

test('a challenge opens one session, is bound to its person, and nobody guesses one', async () => {
  const one = await protectedPerson(auth);
  const other = await protectedPerson(auth);
  const challenge = await passwordOf(auth, one.email);
  expect((await pass(challenge, { code: codeOf(other.secret) })).status).toBe(401);
  expect((await pass(challenge, { recoveryCode: other.recoveryCodes[0] ?? '' })).status).toBe(401);
  expect((await pass(challenge, { code: codeOf(one.secret) })).status).toBe(200);
  expect((await pass(challenge, { code: codeOf(one.secret, 1) })).status).toBe(401);
  expect((await pass(`sf-${'A'.repeat(43)}`, { code: codeOf(one.secret, 1) })).status).toBe(401);
});

test('of parallel answers to one challenge one opens a session', async () => {
  const { email, recoveryCodes, user } = await protectedPerson(auth);
  const challenge = await passwordOf(auth, email);
  const answers = await Promise.all(
    recoveryCodes.slice(0, 4).map((recoveryCode) => pass(challenge, { recoveryCode })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await auth.database.prisma.session.count({ where: { userId: user.id, method: 'totp' } })).toBe(1);
});

test('a recovery code works once, however it is typed, and that is remembered', async () => {
  const { email, recoveryCodes, user } = await protectedPerson(auth);
  const [one = '', two = ''] = recoveryCodes;
  const typed = one.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'L');
  expect((await pass(await passwordOf(auth, email), { recoveryCode: typed })).status).toBe(200);
  expect((await pass(await passwordOf(auth, email), { recoveryCode: one })).status).toBe(401);
  expect((await pass(await passwordOf(auth, email), { recoveryCode: two })).status).toBe(200);
  const used = (await auth.audited(user.id)).filter(({ action }) => action === 'recovery-code.used');
  expect(used).toMatchObject([{ actorId: user.id }, { actorId: user.id }]);
});

test('five wrong codes lock the second factor of a person, over all challenges and addresses', async () => {
  const { email, secret, recoveryCodes } = await protectedPerson(auth);
  const challenges = await Promise.all(
    Array.from({ length: 9 }, (_, i) => passwordOf(auth, email, `198.51.100.${i}`)),
  );
  const answers = await Promise.all(challenges.map((one) => pass(one, { code: wrongCode(secret) })));
  expect(answers.filter(({ body }) => body['code'] === 'invalid-code')).toHaveLength(5);
  const challenge = await passwordOf(auth, email);
  expect(await pass(challenge, { code: codeOf(secret) })).toMatchObject({
    status: 429,
    body: { code: 'too-many-attempts', retryAfter: 900 },
  });
  expect((await pass(challenge, { recoveryCode: recoveryCodes[0] ?? '' })).status).toBe(429);
});

test('whoever gets it right in time starts counting anew', async () => {
  const { email, secret, user } = await protectedPerson(auth);
  for (let round = 0; round < 3; round++) {
    const challenge = await passwordOf(auth, email);
    for (let i = 0; i < 4; i++) expect((await pass(challenge, { code: wrongCode(secret) })).status).toBe(401);
    await forgetSteps(auth, user.id);
    expect((await pass(challenge, { code: codeOf(secret) })).status).toBe(200);
  }
});

test('an account that its person had deleted is theirs again, while it can be brought back', async () => {
  const { email, secret, user } = await protectedPerson(auth);
  const deleted = (days: number) =>
    auth.database.prisma.user.update({
      where: { id: user.id },
      data: { deletedAt: new Date(Date.now() - days * 24 * 3600 * 1000) },
    });
  await deleted(29);
  const challenge = await passwordOf(auth, email);
  await deleted(31);
  expect((await pass(challenge, { code: codeOf(secret) })).status).toBe(403);
  await deleted(29);
  await forgetSteps(auth, user.id);
  expect((await pass(await passwordOf(auth, email), { code: codeOf(secret) })).status).toBe(200);
  expect(
    (await auth.database.prisma.user.findUniqueOrThrow({ where: { id: user.id } })).deletedAt,
  ).toBeNull();
});

test('an account that was closed in between stays out', async () => {
  const { email, secret, user } = await protectedPerson(auth);
  const challenge = await passwordOf(auth, email);
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  const answer = await pass(challenge, { code: codeOf(secret) });
  expect(answer).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
});
