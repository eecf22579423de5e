import { randomUUID } from 'node:crypto';
import { createClient, DomainError, internalContract } from '@smart-ai-hub/shared/contracts';
import { cachedJwks, createTokenVerifier, memoryStore, openRevocations } from '@smart-ai-hub/shared/service';
import { testIssuer } from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { fakeAuth } from './gateway.fixture.ts';
import { createIdentify } from './identity.ts';

/** The real identity check over an auth-service and a store of this test's own. */
async function openIdentify() {
  const auth = await fakeAuth();
  const client = createClient(internalContract, auth.transport);
  const revocations = await openRevocations(memoryStore().keyValue);
  const verifyToken = createTokenVerifier(cachedJwks(() => client.jwks()));
  return { ...auth, revocations, identify: createIdentify({ verifyToken, revocations, auth: client }) };
}

const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });

test('nobody is nobody: a request without Authorization is let in as such', async () => {
  const { identify } = await openIdentify();
  await expect(identify(undefined)).resolves.toBeUndefined();
});

test('a person is who the access token says, and the token itself travels on', async () => {
  const { identify, issuer } = await openIdentify();
  const userId = randomUUID();
  const token = await issuer.token({ userId, roles: ['manager'] });
  await expect(identify(`Bearer ${token}`)).resolves.toMatchObject({
    token,
    actor: { userId, roles: ['manager'] },
  });
});

test('a key becomes a short-lived token, asked for once and kept', async () => {
  const { identify, addKey, exchanged } = await openIdentify();
  const userId = randomUUID();
  const { key, keyId } = addKey({ userId });
  const first = await identify(`Bearer ${key}`);
  const second = await identify(`bearer ${key}`);
  expect(first?.actor).toMatchObject({ userId, keyId });
  expect(first?.token).not.toContain(key);
  expect(second).toEqual(first);
  expect(exchanged).toEqual([key]);
});

test('many first calls with one key ask for its token once', async () => {
  const { identify, addKey, exchanged } = await openIdentify();
  const { key } = addKey();
  const all = await Promise.all(Array.from({ length: 50 }, () => identify(`Bearer ${key}`)));
  expect(new Set(all.map((identity) => identity?.token)).size).toBe(1);
  expect(exchanged).toHaveLength(1);
});

test('two keys never share a token', async () => {
  const { identify, addKey } = await openIdentify();
  const one = addKey();
  const other = addKey();
  const identities = await Promise.all([identify(`Bearer ${one.key}`), identify(`Bearer ${other.key}`)]);
  expect(identities.map((identity) => identity?.actor.keyId)).toEqual([one.keyId, other.keyId]);
});

test('a token that is about to end is not kept', async () => {
  const { identify, addKey, exchanged } = await openIdentify();
  const { key } = addKey({ expiresIn: 20 });
  await identify(`Bearer ${key}`);
  await identify(`Bearer ${key}`);
  expect(exchanged).toHaveLength(2);
});

test('a refused key is asked for again at the next try: it may exist by then', async () => {
  const { identify, exchanged } = await openIdentify();
  await expect(identify('Bearer sk-hub-unknown')).rejects.toEqual(unauthenticated);
  await expect(identify('Bearer sk-hub-unknown')).rejects.toEqual(unauthenticated);
  expect(exchanged).toHaveLength(2);
});

test('a key that could not be asked about because auth-service was away works once it is back', async () => {
  const { addKey, transport, issuer, revocations } = await openIdentify();
  const { key } = addKey();
  let away = true;
  const client = createClient(internalContract, async (request) => {
    if (away) throw new DomainError('service-unavailable');
    return transport(request);
  });
  const verifyToken = createTokenVerifier(cachedJwks(() => Promise.resolve(issuer.jwks)));
  const identify = createIdentify({ verifyToken, revocations, auth: client });
  await expect(identify(`Bearer ${key}`)).rejects.toMatchObject({ code: 'service-unavailable' });
  away = false;
  await expect(identify(`Bearer ${key}`)).resolves.toBeDefined();
});

test('a revoked key is refused at once, though its token is kept', async () => {
  const { identify, addKey, revocations } = await openIdentify();
  const { key, keyId } = addKey();
  await identify(`Bearer ${key}`);
  await revocations.revoke(`key:${keyId}`);
  await expect(identify(`Bearer ${key}`)).rejects.toEqual(unauthenticated);
});

test('an ended session is refused at once, and another one of the same person is not', async () => {
  const { identify, issuer, revocations } = await openIdentify();
  const userId = randomUUID();
  const [ended, open] = [await issuer.token({ userId }), await issuer.token({ userId })];
  const identity = await identify(`Bearer ${ended}`);
  await revocations.revoke(`session:${identity?.actor.sessionId ?? ''}`);
  await expect(identify(`Bearer ${ended}`)).rejects.toEqual(unauthenticated);
  await expect(identify(`Bearer ${open}`)).resolves.toBeDefined();
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string) => token.split('.')[1] ?? '';

test.each<
  [
    string,
    (given: { token: string; issuer: Awaited<ReturnType<typeof testIssuer>> }) => string | Promise<string>,
  ]
>([
  ['is expired', ({ issuer }) => issuer.token({}, { issued: -700, expires: -100 })],
  ['is from the future', ({ issuer }) => issuer.token({}, { issued: 3_600, expires: 7_200 })],
  ['lives longer than any of ours', ({ issuer }) => issuer.token({}, { issued: -86_400, expires: 86_400 })],
  ['is of another issuer', ({ issuer }) => issuer.token({}, { iss: 'somebody-else' })],
  ['is for another audience', ({ issuer }) => issuer.token({}, { aud: 'somebody-else' })],
  ['is of another type', ({ issuer }) => issuer.token({}, { typ: 'JWT' })],
  ['claims to be a key’s token without a key', ({ issuer }) => issuer.token({}, { typ: 'key+jwt' })],
  ['names an unknown signing key', ({ issuer }) => issuer.token({}, { kid: randomUUID() })],
  ['is signed by another environment', async () => (await testIssuer()).token()],
  ['says alg: none', ({ token }) => `${base64url({ alg: 'none', typ: 'at+jwt' })}.${claimsOf(token)}.`],
  ['says HS256', ({ token }) => `${base64url({ alg: 'HS256', typ: 'at+jwt' })}.${claimsOf(token)}.c2ln`],
  [
    'has another payload than was signed',
    ({ token }) => token.replace(claimsOf(token), base64url({ sub: randomUUID() })),
  ],
  ['has no signature', ({ token }) => token.split('.').slice(0, 2).join('.')],
  ['is no token', () => 'hello'],
])('a token that %s is refused', async (_what, make) => {
  const { identify, issuer } = await openIdentify();
  const token = await make({ issuer, token: await issuer.token() });
  await expect(identify(`Bearer ${token}`)).rejects.toEqual(unauthenticated);
});

test.each([
  'Basic dXNlcjpwYXNz',
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'token',
  '',
  'Bearer sk-hub-a, Bearer b',
])(
  'an Authorization header that is none of ours is refused, not passed over: "%s"',
  async (authorization) => {
    const { identify } = await openIdentify();
    await expect(identify(authorization)).rejects.toEqual(unauthenticated);
  },
);
