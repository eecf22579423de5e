import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const refresh = (refreshToken: string) => auth.post('/api/v1/auth/refresh', { refreshToken });

test('a refresh token is traded for the next pair', async () => {
  const { refreshToken, user } = await auth.person();
  const next = await refresh(refreshToken);
  expect(next).toMatchObject({ status: 200, body: { user: { id: user.id }, expiresIn: 900 } });
  expect(next.body['refreshToken']).not.toBe(refreshToken);
  expect((await refresh(String(next.body['refreshToken']))).status).toBe(200);
});

test('a token that was traded before ends its whole session', async () => {
  const { refreshToken } = await auth.person();
  const next = await refresh(refreshToken);
  expect((await refresh(refreshToken)).body).toMatchObject({ code: 'invalid-refresh-token' });
  expect((await refresh(String(next.body['refreshToken']))).status).toBe(401);
});

test('of parallel trades exactly one wins', async () => {
  const { refreshToken } = await auth.person();
  const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('the end of one session leaves the other devices signed in', async () => {
  const { email, refreshToken } = await auth.person();
  const other = await auth.post('/api/v1/auth/login', {
    email,
    password: 'a long and unusual passphrase',
    delivery: 'body',
  });
  await refresh(refreshToken);
  await refresh(refreshToken);
  expect((await refresh(String(other.body['refreshToken']))).status).toBe(200);
});

test('the cookie is traded for the next cookie, but not for another site', async () => {
  const { email } = await auth.person();
  const login = await auth.post('/api/v1/auth/login', { email, password: 'a long and unusual passphrase' });
  const cookie = `hub_refresh=${login.cookies[0]?.value ?? ''}`;
  const from = (site: string) =>
    auth.post('/api/v1/auth/refresh', {}, { headers: { cookie, 'sec-fetch-site': site } });
  expect((await from('cross-site')).status).toBe(403);
  expect((await from('same-site')).status).toBe(403);
  const own = await from('same-origin');
  expect(own).toMatchObject({ status: 200, cookies: [{ name: 'hub_refresh' }] });
  expect(own.body).not.toHaveProperty('refreshToken');
});

test.each(['', 'rt-guess', `rt-${randomBytes(32).toString('base64url')}`, 'x'.repeat(200)])(
  '%s is no refresh token',
  async (token) => {
    expect(await refresh(token)).toMatchObject({ status: 401, body: { code: 'invalid-refresh-token' } });
  },
);

test('without cookie and token there is nothing to trade', async () => {
  expect((await auth.post('/api/v1/auth/refresh', {})).status).toBe(401);
});

test('a session ends a week after it began', async () => {
  const { refreshToken, user } = await auth.person();
  await auth.database.prisma.session.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect((await refresh(refreshToken)).status).toBe(401);
});

test('logout ends the session, its cookie and its refresh token at once', async () => {
  const { accessToken, refreshToken } = await auth.person();
  const out = await auth.ask('POST', '/api/v1/auth/logout', { token: accessToken });
  expect(out).toMatchObject({ status: 204, cookies: [{ name: 'hub_refresh', value: '' }] });
  expect((await auth.ask('POST', '/api/v1/auth/logout', { token: accessToken })).status).toBe(401);
  expect((await refresh(refreshToken)).status).toBe(401);
});

test('lesson 8: a refresh token opens nothing, and neither do forged access tokens', async () => {
  const { refreshToken, accessToken } = await auth.person();
  const claims = decodeJwt(accessToken);
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const forged = [
    refreshToken,
    new UnsecuredJWT(claims).encode(),
    await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(stranger),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(randomBytes(32)),
    `${accessToken.slice(0, -4)}AAAA`,
  ];
  for (const token of forged) expect((await auth.ask('GET', '/api/v1/auth/me', { token })).status).toBe(401);
});
