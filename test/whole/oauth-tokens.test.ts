import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@smart-ai-hub/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { altered, decodePart, forge, unsigned } from './forged-tokens.ts';
import { Browser, interactionPath, PUBLIC_URL } from './oauth-browser.ts';
import { oauthErrorOf, StandardClient } from './oauth-client.ts';
import { PASSWORD, type Person, signUp } from './person.ts';
import { NO_LIMITS, SECRETS, startPlatform, type TestPlatform } from './platform.ts';

const OTHER_SEED = 'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs';

let hub: TestPlatform;
let person: Person;
let client: StandardClient;
let database: Database;
beforeAll(async () => {
  hub = await startPlatform(inject('postgres'), { ...NO_LIMITS, PUBLIC_URL });
  person = await signUp(hub.url);
  client = await StandardClient.introduce(hub.url);
  database = openDatabase({ url: hub.ownerUrl, poolMax: 2 });
});
afterAll(async () => {
  await database.close();
  await hub[Symbol.asyncDispose]();
});

const statusOf = async (token: string, path = '/v1/models', url = hub.url) =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status;

describe('an access token of a client is what we signed, whole, for here and now', () => {
  const now = Math.floor(Date.now() / 1000);
  const tampered: [string, (token: string) => string][] = [
    ['of another type', (token) => forge(token, SECRETS.SIGNING_SEED, { head: { typ: 'JWT' } })],
    [
      'of the type that services believe',
      (token) => forge(token, SECRETS.SIGNING_SEED, { head: { typ: 'int+jwt' } }),
    ],
    [
      'of another issuer',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { iss: 'https://evil.example' } }),
    ],
    [
      'for another hub',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { aud: 'https://other.example/v1' } }),
    ],
    [
      'for several audiences',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { aud: [`${PUBLIC_URL}/v1`, 'x'] } }),
    ],
    [
      'for a part of a resource',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { aud: `${PUBLIC_URL}/v1/` } }),
    ],
    ['of another person', (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { sub: randomUUID() } })],
    ['of another client', (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { client_id: 'other' } })],
    [
      'of a grant that is not',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { gid: 'x'.repeat(43) } }),
    ],
    ['without a grant', (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { gid: undefined } })],
    ['that has ended', (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { exp: now - 1 } })],
    [
      'from the future',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { iat: now + 3600, exp: now + 4000 } }),
    ],
    [
      'that lives too long',
      (token) => forge(token, SECRETS.SIGNING_SEED, { claims: { iat: now - 1000, exp: now + 4000 } }),
    ],
    ['signed by somebody else', (token) => forge(token, OTHER_SEED, {})],
    ['with another key id', (token) => forge(token, SECRETS.SIGNING_SEED, { head: { kid: 'other' } })],
    ['without a signature', unsigned],
    ['with a signature of something else', altered],
  ];
  test.each(tampered)('not one %s', async (_what, tamper) => {
    const { access } = await client.connect(person, { scope: 'services:use' });
    expect(await statusOf(access)).toBe(200);
    expect(await statusOf(tamper(access))).toBe(401);
  });

  test('nor is it a person’s, or a person’s a client’s', async () => {
    const { access } = await client.connect(person, { scope: 'services:use' });
    const claims = decodePart(person.accessToken, 1);
    expect(await statusOf(forge(access, SECRETS.SIGNING_SEED, { claims: { iss: claims['iss'] } }))).toBe(401);
    const asClient = { iss: PUBLIC_URL, aud: `${PUBLIC_URL}/v1` };
    expect(await statusOf(forge(person.accessToken, SECRETS.SIGNING_SEED, { claims: asClient }))).toBe(401);
    expect(decodePart(access, 0)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    expect(await oauthErrorOf(client.refresh(access))).toBe('invalid_grant');
  });
});

describe('a client may do', () => {
  test('what was lent to it, at the addresses of its resource, and nothing else', async () => {
    const { access } = await client.connect(person, { scope: 'credits:read offline_access' });
    expect(await statusOf(access, '/api/v1/credits/balance')).toBe(200);
    expect(await statusOf(access, '/v1/models'), 'not lent').toBe(403);
    expect(await statusOf(access, '/api/v1/usage/logs'), 'not lent').toBe(403);
    const headers = { authorization: `Bearer ${access}` };
    for (const [path, scope] of [
      ['/v1/models', 'services:use'],
      ['/api/v1/usage/logs', 'usage:read'],
    ] as const) {
      const challenge = (await fetch(hub.url + path, { headers })).headers.get('www-authenticate');
      expect(challenge, path).toContain(`Bearer error="insufficient_scope", scope="${scope}"`);
    }
    for (const path of [
      '/api/v1/auth/me',
      '/api/v1/auth/grants',
      '/api/v1/users',
      '/mcp',
      '/ws',
      '/api/v1/roles',
    ]) {
      expect(await statusOf(access, path), path).toBe(401);
    }
  });

  test('no more than its person may at this moment, and nothing once they are gone', async () => {
    const somebody = await signUp(hub.url);
    const { access, refresh } = await client.connect(somebody, { scope: 'services:use' });
    expect(await statusOf(access)).toBe(200);
    const fresh = await client.refresh(refresh);
    await database.prisma.user.update({ where: { id: somebody.id }, data: { disabledAt: new Date() } });
    expect(await statusOf(fresh.access)).toBe(401);
    expect(await oauthErrorOf(client.refresh(fresh.refresh))).toBe('invalid_grant');
  });

  test('nothing any more once its person has changed the password', async () => {
    const somebody = await signUp(hub.url);
    const { access, refresh } = await client.connect(somebody, { scope: 'services:use offline_access' });
    expect(await statusOf(access)).toBe(200);
    const newPassword = 'another long and unusual passphrase';
    await somebody.post('/api/v1/auth/change-password', { password: PASSWORD, newPassword });
    await expect.poll(() => statusOf(access)).toBe(401);
    expect(await oauthErrorOf(client.refresh(refresh))).toBe('invalid_grant');
    expect(await somebody.get('/api/v1/auth/grants')).toEqual({ items: [] });
  });
});

test('what lets somebody in is kept as a hash alone', async () => {
  const request = await client.request({ scope: 'services:use' });
  const browser = new Browser(hub.url);
  const uid =
    interactionPath(await browser.open(request.address))
      .split('/')
      .at(-1) ?? '';
  const answer = await browser.consent(request.address, person);
  const tokens = await client.redeem(answer, request);
  const terminal = await StandardClient.introduce(hub.url, {
    metadata: { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], redirect_uris: [] },
  });
  const device = await terminal.beginDevice({});
  const kept = JSON.stringify(await database.prisma.oauthRecord.findMany());
  const secrets = [
    ...[uid, answer.searchParams.get('code'), tokens.access_token, tokens.refresh_token],
    ...[device.device_code, device.user_code, device.user_code.replace('-', '')],
  ];
  for (const secret of secrets) {
    expect(secret).toMatch(/^.{8,}$/);
    expect(kept.includes(secret ?? ''), secret ?? '').toBe(false);
  }
});

test('keys are replaced while everybody goes on', async () => {
  const shared = { AUTH_DATABASE_URL: hub.ownerUrl, CORE_DATABASE_URL: hub.ownerUrl };
  const { access, refresh } = await client.connect(person, { scope: 'services:use' });
  const browser = new Browser(hub.url);
  const begun = await client.request({ scope: 'openid services:use' });
  const path = interactionPath(await browser.open(begun.address));

  await using next = await startPlatform(inject('postgres'), {
    ...{ ...NO_LIMITS, ...shared, PUBLIC_URL },
    ...{ SIGNING_SEED: OTHER_SEED, PREVIOUS_SIGNING_SEEDS: SECRETS.SIGNING_SEED },
  });
  expect(await statusOf(access, '/v1/models', next.url), 'a token of before').toBe(200);
  const moved = client.at(next.url);
  const fresh = await moved.refresh(refresh);
  expect(decodePart(fresh.access, 0)['kid']).not.toBe(decodePart(access, 0)['kid']);
  expect(await statusOf(fresh.access, '/v1/models', next.url)).toBe(200);

  // a consent that began before ends well after
  const later = browser.at(next.url);
  const { body } = await later.ask('POST', path, person, { approve: true });
  const { location } = await later.open(String(Reflect.get(Object(body), 'redirectTo')));
  const tokens = await moved.redeem(location ?? new URL(PUBLIC_URL), begun, { requireIdToken: true });
  expect(await statusOf(tokens.access_token, '/v1/models', next.url)).toBe(200);

  await using last = await startPlatform(inject('postgres'), {
    ...{ ...NO_LIMITS, ...shared, PUBLIC_URL },
    SIGNING_SEED: OTHER_SEED,
  });
  expect(await statusOf(access, '/v1/models', last.url), 'once the old key is given up').toBe(401);
  expect(await statusOf(fresh.access, '/v1/models', last.url)).toBe(200);
});
