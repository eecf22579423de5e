import { randomUUID } from 'node:crypto';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { DomainError, TOKEN_AUDIENCES, TOKEN_ISSUER, TOKEN_TYPES } from '../contracts/index.ts';
import { bearerToken, createTokenVerifier, verifyAccessToken } from './token.ts';

/** Whole seconds, as tokens have them. */
const NOW = 1_800_000_000;
const { publicKey, privateKey } = await generateKeyPair('EdDSA');
const stranger = await generateKeyPair('EdDSA');
const rsa = await generateKeyPair('RS256');
const publicBytes = Buffer.from((await exportJWK(publicKey)).x ?? '', 'base64url');
const keyOf: JWTVerifyGetKey = ({ kid }) => {
  if (kid === 'rsa') return rsa.publicKey;
  if (kid !== 'ours') throw new Error('no applicable key found');
  return publicKey;
};

const claims = () => ({
  iss: TOKEN_ISSUER,
  aud: TOKEN_AUDIENCES.internal,
  sub: randomUUID(),
  jti: randomUUID(),
  email: 'somchai@example.com',
  roles: ['user'],
  level: 40,
  grants: { 'keys:read': 'own' },
  credential: { kind: 'session', id: randomUUID() },
  iat: NOW,
  exp: NOW + 600,
});

const HEADER = { alg: 'EdDSA', typ: TOKEN_TYPES.internal, kid: 'ours' };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Overrides = { [C in keyof JWTPayload]?: JWTPayload[C] | undefined } & {
  header?: Record<string, string>;
};

/** A good access token, wrong in what the overrides say; `undefined` leaves a claim out. */
function sign({ header, ...overrides }: Overrides = {}, key: Parameters<SignJWT['sign']>[0] = privateKey) {
  const payload: JWTPayload = JSON.parse(JSON.stringify({ ...claims(), ...overrides }));
  return new SignJWT(payload).setProtectedHeader({ ...HEADER, ...header }).sign(key);
}

let now = NOW * 1000;
beforeEach(() => {
  now = NOW * 1000;
});
const verifier = (cacheSize?: number) => {
  let lookups = 0;
  const keys: JWTVerifyGetKey = (header, token) => {
    lookups += 1;
    return keyOf(header, token);
  };
  return { verify: createTokenVerifier(keys, () => now, cacheSize), lookups: () => lookups };
};

describe('a good token', () => {
  test('of a person says who acts, by what, with which grants and until when', async () => {
    const given = { ...claims(), authTime: NOW - 60 };
    const { actor, expiresAt } = await verifier().verify(await sign(given));
    expect(actor).toEqual({
      userId: given.sub,
      email: given.email,
      roles: ['user'],
      level: 40,
      grants: { 'keys:read': 'own' },
      tokenId: given.jti,
      credential: given.credential,
      sessionId: given.credential.id,
      authenticatedAt: NOW - 60,
    });
    expect(expiresAt).toBe(NOW + 600);
  });

  test('of a key says which key, and what it limits', async () => {
    const credential = { kind: 'key', id: randomUUID() };
    const limits = { models: ['gpt-4*'], requestsPerMinute: 5 };
    const { actor } = await verifier().verify(await sign({ credential, limits }));
    expect(actor).toMatchObject({ keyId: credential.id, limits });
    expect(actor).not.toHaveProperty('sessionId');
  });

  test('holds no permission that is not in the catalogue', async () => {
    const grants = { 'keys:read': 'own', 'world:rule': 'any' };
    const { actor } = await verifier().verify(await sign({ grants }));
    expect(actor.grants).toEqual({ 'keys:read': 'own' });
  });
});

describe('an access token', () => {
  const access = { ...HEADER, typ: TOKEN_TYPES.access };
  const good = () => sign({ header: access, aud: TOKEN_AUDIENCES.access, sid: randomUUID() });
  const check = (token: string) => verifyAccessToken(token, keyOf, () => now);

  test('says whose session it is', async () => {
    await expect(check(await good())).resolves.toMatchObject({ email: 'somchai@example.com' });
  });

  test('is never what services believe, nor the other way round', async () => {
    await expect(verifier().verify(await good())).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(check(await sign())).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('needs the right type, audience and a session', async () => {
    const aud = TOKEN_AUDIENCES.access;
    for (const wrong of [
      { header: access, sid: randomUUID() },
      { aud, sid: randomUUID() },
      { header: access, aud },
    ]) {
      await expect(check(await sign(wrong))).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('unauthenticated is', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['a token of another type', () => sign({ header: { typ: 'JWT' } })],
    ['an id token', () => sign({ header: { typ: 'id+jwt' } })],
    ['an access token', () => sign({ header: { typ: TOKEN_TYPES.access } })],
    ['a credential of no known kind', () => sign({ credential: { kind: 'password', id: 'a' } })],
    ['no credential', () => sign({ credential: undefined })],
    ['grants in no known scope', () => sign({ grants: { 'keys:read': 'galaxy' } })],
    ['no grants', () => sign({ grants: undefined })],
    ['a token of another issuer', () => sign({ iss: 'smart-ai-hub-staging' })],
    ['a token for another audience', () => sign({ aud: 'somebody-else' })],
    ['a token for us and others', () => sign({ aud: [TOKEN_AUDIENCES.internal, 'somebody-else'] })],
    ['a key id of another environment', () => sign({ header: { kid: 'theirs' } })],
    ['our key id over a signature of theirs', () => sign({}, stranger.privateKey)],
    ['an RSA key, were it published', () => sign({ header: { alg: 'RS256', kid: 'rsa' } }, rsa.privateKey)],
    ['our public key as a shared secret', () => sign({ header: { alg: 'HS256' } }, publicBytes)],
    ['no signature', () => new UnsecuredJWT(claims()).encode()],
    [
      'alg none over our claims',
      async () => `${part({ ...HEADER, alg: 'none' })}.${(await sign()).split('.')[1] ?? ''}.`,
    ],
    [
      'claims changed after signing',
      async () => (await sign()).replace(/\.[^.]+\./, `.${part({ ...claims(), roles: ['superadmin'] })}.`),
    ],
    ['a token that ends now', () => sign({ exp: NOW })],
    ['a token that ended a second ago', () => sign({ iat: NOW - 60, exp: NOW - 1 })],
    ['a token from the future', () => sign({ iat: NOW + 1 })],
    ['a token that is not valid yet', () => sign({ nbf: NOW + 1 })],
    ['a token older than any of ours', () => sign({ iat: NOW - 15 * 60 - 1 })],
    ['a token for ever', () => sign({ exp: undefined })],
    ['a token of no time', () => sign({ iat: undefined })],
    ['a token of nobody', () => sign({ sub: undefined })],
    ['a token of somebody who is no uuid', () => sign({ sub: 'admin' })],
    ['a token without an id', () => sign({ jti: undefined })],
    ['a token without roles', () => sign({ roles: undefined })],
    ['roles that are no list', () => sign({ roles: 'superadmin' })],
    ['a refresh token', () => `rt-${randomUUID()}`],
    ['an API key', () => `sk-hub-${'a'.repeat(43)}`],
    ['nothing', () => ''],
    ['three dots', () => '...'],
  ])('%s', async (_, make) => {
    const { verify } = verifier();
    const failure: unknown = await verify(await make()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ code: 'unauthenticated', detail: undefined });
  });

  test('not said while the keys cannot be fetched', async () => {
    const verify = createTokenVerifier(() => Promise.reject(new DomainError('service-unavailable')));
    await expect(verify(await sign())).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  test('said to every token while no key is published', async () => {
    const verify = createTokenVerifier(createLocalJWKSet({ keys: [] }), () => now);
    await expect(verify(await sign())).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('the memory of verified tokens', () => {
  test('answers without asking for the key again, until the second the token ends', async () => {
    const { verify, lookups } = verifier();
    const token = await sign();
    await verify(token);
    now = (NOW + 600) * 1000 - 1;
    await verify(token);
    expect(lookups()).toBe(1);
    now += 1;
    await expect(verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('holds no refusal', async () => {
    const { verify } = verifier();
    const token = await sign({ iat: NOW + 1 });
    await expect(verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    now += 1000;
    await expect(verify(token)).resolves.toBeDefined();
  });

  test('is bounded: the oldest goes first', async () => {
    const { verify, lookups } = verifier(2);
    const [first, second, third] = [await sign(), await sign(), await sign()];
    for (const token of [first, second, third]) await verify(token);
    for (const token of [second, third]) await verify(token);
    expect(lookups()).toBe(3);
    await verify(first);
    expect(lookups()).toBe(4);
  });
});

describe('bearerToken', () => {
  test.each([
    ['Bearer abc.def-ghi_jkl~+/==', 'abc.def-ghi_jkl~+/=='],
    ['bearer abc', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Bearer  a', undefined],
    ["Bearer a' OR 1=1", undefined],
    [' Bearer a', undefined],
    ['Bearer a\n', undefined],
    [undefined, undefined],
  ])('of %j is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
