import { testIssuer } from '@smart-ai-hub/shared/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const UNAUTHENTICATED = { status: 401, body: { code: 'unauthenticated' } };
const tokenOf = async (credential: unknown) =>
  String((await auth.identify(String(credential))).body['token']);
const claimsOf = (token: unknown) => {
  const { exp: _exp, iat: _iat, jti: _jti, ...claims } = decodeJwt(String(token));
  return claims;
};

/** Each kind of credential that lasts: how it is shown, and how it ends. */
const KINDS = {
  key: async (token: string) => {
    const { body } = await auth.post('/api/v1/keys', { name: 'k', permissions: ['services:use'] }, { token });
    return {
      shown: body['key'],
      end: () => auth.ask('DELETE', `/api/v1/keys/${String(body['id'])}`, { token }),
    };
  },
  session: (token: string) =>
    Promise.resolve({ shown: token, end: () => auth.post('/api/v1/auth/logout', {}, { token }) }),
  'partner session': async (token: string) => {
    const path = '/api/v1/auth/partner-sessions';
    const { body } = await auth.ask('POST', path, { token });
    return {
      shown: body['token'],
      end: () => auth.ask('DELETE', `${path}/${String(body['id'])}`, { token }),
    };
  },
};

test.each(Object.entries(KINDS))(
  'a token by a %s is renewed with the same claims, until that ends',
  async (_kind, make) => {
    const { accessToken } = await auth.person();
    const { shown, end } = await make(accessToken);
    const first = await tokenOf(shown);
    const renewed = await auth.renew(first);
    expect(renewed).toMatchObject({ status: 200, body: { expiresIn: 90 } });
    expect(claimsOf(renewed.body['token'])).toEqual(claimsOf(first));
    expect((await end()).status).toBeLessThan(300);
    expect(await auth.renew(first)).toMatchObject(UNAUTHENTICATED);
    expect(await auth.renew(renewed.body['token'])).toMatchObject(UNAUTHENTICATED);
  },
);

test('an old token is renewed too, but not one of a person who was disabled', async () => {
  const { accessToken, user } = await auth.person();
  const old = await tokenOf(accessToken);
  vi.useFakeTimers({ now: Date.now() + 24 * 3_600_000, toFake: ['Date'] });
  expect((await auth.renew(old)).status).toBe(200);
  vi.useRealTimers();
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  expect(await auth.renew(old)).toMatchObject(UNAUTHENTICATED);
});

test('what is no token of ours for services is renewed for nobody', async () => {
  const { accessToken } = await auth.person();
  const theirs = await (await testIssuer()).token();
  for (const token of [accessToken, theirs, 'nonsense', '']) {
    expect(await auth.renew(token)).toMatchObject(UNAUTHENTICATED);
  }
  const good = await tokenOf(accessToken);
  expect(await auth.renew(good, good)).toMatchObject(UNAUTHENTICATED);
  expect((await auth.renew('x'.repeat(9_000))).status).toBe(400);
});
