import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { ROLE_GRANTS } from '@smart-ai-hub/shared/contracts';
import { createTokenVerifier } from '@smart-ai-hub/shared/service';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from './answers.ts';
import { decodePart, forge, forgeAs } from './forged-tokens.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, SECRETS, startPlatform, type TestPlatform } from './platform.ts';
import { sendRaw, statusOf } from './raw.ts';

const { SIGNING_SEED: seed } = SECRETS;
const EVIL = 'evil.example';

let platform: TestPlatform;
let person: Person;
let other: Person;
let key: string;
beforeAll(async () => {
  platform = await startPlatform(inject('postgres'), NO_LIMITS);
  [person, other] = [await signUp(platform.url), await signUp(platform.url)];
  key = await person.makeKey();
});
afterAll(() => platform[Symbol.asyncDispose]());

const DOORS = ['/api/v1/auth/me', '/api/v1/credits/balance', '/api/v1/keys', '/v1/models'];

/** No door of any service opens for this. */
async function expectShut(credential: string) {
  for (const path of DOORS) {
    const headers = { authorization: `Bearer ${credential}` };
    await expectRefusal(await fetch(platform.url + path, { headers }), 'unauthenticated');
  }
}

const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), x: z.string() })).min(1) });
const publishedKeys = async () =>
  keySet.parse(await (await fetch(`${platform.url}/.well-known/jwks.json`)).json());

describe('an access token', () => {
  test.each<[string, Parameters<typeof forge>[2]]>([
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['of no issuer', { claims: { iss: undefined } }],
    ['for several, us among them', { claims: { aud: ['smart-ai-hub', 'another-hub'] } }],
    ['with the id of an unknown key', { head: { kid: 'unknown' } }],
    ['with the id of a path', { head: { kid: '../../../../dev/null' } }],
    ['with the id of an SQL statement', { head: { kid: "' UNION SELECT 'secret" } }],
    ['that asks for an extension that we do not know', { head: { crit: ['evil'], evil: true } }],
    ['whose head names another algorithm', { head: { alg: 'ES256' } }],
    ['of a session that never was', { claims: { sid: randomUUID() } }],
    ['of no session', { claims: { sid: undefined } }],
    ['of nobody', { claims: { sub: randomUUID() } }],
    ['with an end before its beginning', { claims: { exp: 1, iat: 2 } }],
    ['that lives for a year', { claims: { iat: 0, exp: 4_102_444_800 } }],
    ['with times of another kind', { claims: { exp: '9999999999' } }],
  ])('%s opens no door', async (_what, change) => {
    await expectShut(forge(person.accessToken, seed, change));
  });

  test('of somebody else’s session opens no door', async () => {
    const { sid } = decodePart(other.accessToken, 1);
    await expectShut(forge(person.accessToken, seed, { claims: { sid } }));
  });

  test('ends to the second', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expectShut(forge(person.accessToken, seed, { claims: { iat: now - 60, exp: now } }));
  });

  test('with our public key taken for a secret (HS256), in whatever form, opens no door', async () => {
    const [jwk] = (await publishedKeys()).keys;
    if (!jwk) throw new Error('no key is published');
    const publicKey = createPublicKey({ key: { ...jwk, kty: 'OKP', crv: 'Ed25519' }, format: 'jwk' });
    const secrets = [
      Buffer.from(jwk.x, 'base64url'),
      Buffer.from(jwk.x),
      Buffer.from(JSON.stringify(jwk)),
      publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })),
      Buffer.alloc(0),
    ];
    for (const secret of secrets)
      await expectShut(
        forgeAs(person.accessToken, { alg: 'HS256' }, (text) =>
          createHmac('sha256', secret).update(text).digest(),
        ),
      );
  });

  test('signed by RS256 under our key’s id opens no door', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await expectShut(
      forgeAs(person.accessToken, { alg: 'RS256' }, (text) => sign('sha256', Buffer.from(text), privateKey)),
    );
  });

  test('of an ended session opens no door, although it has not expired', async () => {
    const leaver = await signUp(platform.url);
    const headers = { authorization: `Bearer ${leaver.accessToken}` };
    expect((await fetch(`${platform.url}/api/v1/auth/me`, { headers })).status).toBe(200);
    await fetch(`${platform.url}/api/v1/auth/logout`, { method: 'POST', headers });
    await expectShut(leaver.accessToken);
  });
});

test('lesson 8: tokens of one kind never stand for another, not even those that services believe', async () => {
  const { sid } = decodePart(person.accessToken, 1);
  const internal = forge(person.accessToken, seed, {
    head: { typ: 'int+jwt' },
    claims: {
      ...{ aud: 'smart-ai-hub-services', level: 100, grants: ROLE_GRANTS.superadmin, sid: undefined },
      credential: { kind: 'session', id: sid },
    },
  });
  const believed = await createTokenVerifier(createLocalJWKSet(await publishedKeys()))(internal);
  expect(believed.actor).toMatchObject({ userId: person.id, level: 100 }); // so it is as good as one from inside
  for (const credential of [
    internal,
    person.refreshToken,
    SECRETS.SERVICE_TOKEN,
    key.slice('sk-hub-'.length),
  ])
    await expectShut(credential);
  const refresh = { method: 'POST', headers: { 'content-type': 'application/json' } };
  for (const refreshToken of [person.accessToken, key, internal].map((token) => token.slice(0, 200))) {
    const body = JSON.stringify({ refreshToken });
    const answer = await fetch(`${platform.url}/api/v1/auth/refresh`, { ...refresh, body });
    await expectRefusal(answer, 'invalid-refresh-token');
  }
});

/** Asks who one is, by these header lines and no others of ours. */
const ask = (...lines: string[]) =>
  sendRaw(platform.url, ['GET /api/v1/auth/me HTTP/1.1', 'host: hub', ...lines, 'connection: close']);

describe('lesson 12: an Authorization header', () => {
  test.each([
    ["' OR '1'='1", 401],
    ["sk-hub-' OR 1=1 --", 401],
    ["sk-hub-'; DROP TABLE auth.api_keys; --", 401],
    [`sk-hub-${"'".repeat(43)}`, 401],
    [`sk-hub-${'%'.repeat(43)}`, 401],
    ['sk-hub-\\x00', 401],
    ['{"$gt":""}', 401],
    ['../../internal/identify', 401],
    ['ก', 401],
    ['x\0y', 400],
    ['x'.repeat(8_192), 401],
    ['x'.repeat(8_193), 401],
    ['x'.repeat(15_000), 401],
    ['x'.repeat(20_000), 431],
  ])('with %s finds nobody and breaks nothing', async (credential, status) => {
    expect(statusOf(await ask(`authorization: Bearer ${Buffer.from(credential).toString('latin1')}`))).toBe(
      status,
    );
    expect(await person.get('/api/v1/auth/me')).toMatchObject({ id: person.id });
    expect((await person.get('/api/v1/keys'))['items']).toHaveLength(1);
  });

  test('with a line break brings no identity of its own along', async () => {
    const injected = [`x-user-id: ${other.id}`, 'x-user-roles: superadmin', `x-actor: ${other.id}`];
    const own = await ask(`authorization: Bearer ${person.accessToken}`, ...injected);
    expect(own).toContain(person.id);
    expect(own).not.toContain(other.id);
    for (const end of ['\r\n', '\n', '\r']) {
      const answer = await ask(`authorization: Bearer nonsense${end}x-user-id: ${other.id}`);
      expect([400, 401]).toContain(statusOf(answer));
    }
    expect(statusOf(await ask('authorization: Bearer', ` ${person.accessToken}`))).toBe(400); // obs-fold
  });

  test('that comes twice counts as none, whichever of them is good', async () => {
    const [good, bad] = [`authorization: Bearer ${person.accessToken}`, 'Authorization: Bearer nonsense'];
    const another = `AUTHORIZATION: Bearer ${other.accessToken}`;
    for (const lines of [
      [good, bad],
      [bad, good],
      [good, another],
      [another, good],
      [good, good],
    ])
      expect(statusOf(await ask(...lines))).toBe(401);
    expect(statusOf(await ask(good))).toBe(200);
  });

  test('in another place is no credential', async () => {
    for (const line of [
      `x-authorization: Bearer ${person.accessToken}`,
      `proxy-authorization: Bearer ${person.accessToken}`,
      `cookie: authorization=${person.accessToken}; access_token=${person.accessToken}`,
      `x-key: ${key}`,
      `authorization : Bearer ${person.accessToken}`,
    ])
      expect([400, 401]).toContain(statusOf(await ask(line)));
    const query = await fetch(`${platform.url}/api/v1/auth/me?access_token=${person.accessToken}`);
    expect(query.status).toBe(401);
  });
});

describe('lesson 12: the host that a request names', () => {
  const lines = (first: string, ...more: string[]) => [
    first,
    ...more,
    `authorization: Bearer ${person.accessToken}`,
    'connection: close',
  ];
  /** What an answer says, without what is of its moment alone. */
  const said = (answer: string) =>
    answer.replace(/^(date|x-request-id|ratelimit): .*$/gim, '').replace(/"requestId":"[^"]*"/, '');
  const PATHS = [
    '/api/v1/auth/me',
    '/.well-known/jwks.json',
    '/api/v1/auth/setup',
    '/v1/models',
    '/nothing',
    '/',
  ];

  test.each([
    ['Host', [`host: ${EVIL}`]],
    ['Host with a path', [`host: ${EVIL}/api/../internal`]],
    ['Host with credentials', [`host: hub@${EVIL}:80`]],
    ['Host twice', ['host: hub', `host: ${EVIL}`]],
    ['X-Forwarded-Host', ['host: hub', `x-forwarded-host: ${EVIL}`, 'x-forwarded-proto: https']],
    ['Forwarded', ['host: hub', `forwarded: for=192.0.2.1;host=${EVIL};proto=https`]],
    ['X-Original-URL', ['host: hub', 'x-original-url: /internal/prices', 'x-rewrite-url: /internal/prices']],
  ])('by %s changes neither where it goes nor what it is told', async (_what, more) => {
    for (const path of PATHS) {
      const usual = await sendRaw(platform.url, lines(`GET ${path} HTTP/1.1`, 'host: hub'));
      const answer = await sendRaw(platform.url, lines(`GET ${path} HTTP/1.1`, ...more));
      expect(said(answer)).toBe(said(usual));
      expect(answer).not.toContain(EVIL);
    }
  });

  test('by a whole address changes neither', async () => {
    for (const path of PATHS) {
      const usual = await sendRaw(platform.url, lines(`GET ${path} HTTP/1.1`, 'host: hub'));
      for (const origin of [`http://${EVIL}`, `https://hub@${EVIL}:3002`, 'HTTP://127.0.0.1:3002']) {
        const answer = await sendRaw(platform.url, lines(`GET ${origin}${path} HTTP/1.1`, 'host: hub'));
        expect(said(answer)).toBe(said(usual));
      }
    }
  });

  test.each([
    `http://${EVIL}/internal/prices`,
    'http://127.0.0.1/internal/prices',
    `http://${EVIL}//internal/prices`,
    '//internal/prices',
    `//${EVIL}/internal/prices`,
    '/api/v1/credits/../../../internal/prices',
    '/api/v1/credits/%2e%2e/%2e%2e/%2e%2e/internal/prices',
    '/api/v1/credits/..;/internal/prices',
    '/v1/models#/internal/prices',
    '/internal%2fprices',
    '*',
  ])('reaches no route between services: %s', async (target) => {
    const answer = await sendRaw(platform.url, [
      ...[`GET ${target} HTTP/1.1`, 'host: core-service', 'connection: close'],
      `authorization: Bearer ${SECRETS.SERVICE_TOKEN}`,
    ]);
    expect([400, 401, 404]).toContain(statusOf(answer));
    expect(answer).not.toContain('inputMicroPerMillion');
  });
});

test('none of all this was a fault of ours', () => {
  expect(platform.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
});
