import { CLIENT_SCOPES, clientGrant } from '@smart-ai-hub/shared/contracts';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { Browser, interactionPath, PUBLIC_URL } from './oauth-browser.ts';
import { oauthErrorOf, reach, REDIRECT_URI, StandardClient } from './oauth-client.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let hub: TestPlatform;
let person: Person;
beforeAll(async () => {
  hub = await startPlatform(inject('postgres'), { ...NO_LIMITS, PUBLIC_URL });
  person = await signUp(hub.url);
});
afterAll(() => hub[Symbol.asyncDispose]());

test('a client of the standards finds the hub, asks a person, and uses what it was lent', async () => {
  const client = await StandardClient.introduce(hub.url);
  const request = await client.request({ scope: 'openid email services:use', nonce: 'n-0S6_WzA2Mj' });
  const browser = new Browser(hub.url);
  const path = interactionPath(await browser.open(request.address));
  expect((await browser.ask('GET', path, person)).body).toEqual({
    client: { name: 'A tool of the tests', publisher: null },
    destination: { kind: 'website', name: 'client.example' },
    resources: ['/v1'],
    scopes: ['openid', 'email', 'services:use'],
  });

  const answer = await browser.consent(request.address, person);
  expect(answer.href.startsWith(`${REDIRECT_URI}?`)).toBe(true);
  expect(answer.searchParams.get('iss')).toBe(PUBLIC_URL);
  const tokens = await client.redeem(answer, request, {
    expectedNonce: 'n-0S6_WzA2Mj',
    requireIdToken: true,
  });
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
    sub: person.id,
    email: person.email,
    email_verified: false,
  });
  expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'services:use' });

  const models = await client.call(tokens.access_token, '/v1/models');
  expect(await models.json()).toMatchObject({ object: 'list' });
});

test('OpenID discovery says the same as RFC 8414, and only what there is', async () => {
  const read = async (kind: 'oidc' | 'oauth2') =>
    oauth.processDiscoveryResponse(
      new URL(PUBLIC_URL),
      await oauth.discoveryRequest(new URL(PUBLIC_URL), {
        [oauth.customFetch]: reach(hub.url),
        algorithm: kind,
      }),
    );
  const server = await read('oidc');
  expect(await read('oauth2')).toEqual(server);
  expect(server).toMatchObject({
    issuer: PUBLIC_URL,
    jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    id_token_signing_alg_values_supported: ['EdDSA'],
    authorization_response_iss_parameter_supported: true,
  });
  expect(server.grant_types_supported).toEqual([
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ]);
  const closed = ['introspection_endpoint', 'userinfo_endpoint', 'end_session_endpoint'] as const;
  for (const name of closed) expect(server[name]).toBeUndefined();
});

test('who comes without a token is told where to get one, at the resource that they asked for', async () => {
  for (const [path, resource] of [
    ['/v1/models', '/v1'],
    ['/mcp', '/mcp'],
  ] as const) {
    const metadata = `${PUBLIC_URL}/.well-known/oauth-protected-resource${resource}`;
    const there = `scope="${CLIENT_SCOPES.join(' ')}", resource_metadata="${metadata}"`;
    const answer = await fetch(hub.url + path);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, `Bearer ${there}`]);
    const refused = await fetch(hub.url + path, { headers: { authorization: 'Bearer nonsense' } });
    expect(refused.headers.get('www-authenticate')).toBe(`Bearer error="invalid_token", ${there}`);
  }
});

test('a client that names no scope asks for what the resource has, and gets a token for it alone', async () => {
  const client = await StandardClient.introduce(hub.url, { resource: '/mcp' });
  const request = await client.request({ resource: `${PUBLIC_URL}/mcp` });
  const browser = new Browser(hub.url);
  const path = interactionPath(await browser.open(request.address));
  expect((await browser.ask('GET', path, person)).body).toMatchObject({
    resources: ['/mcp'],
    scopes: CLIENT_SCOPES,
  });
  const { access } = await client.connect(person, { resource: `${PUBLIC_URL}/mcp` });
  await expect(client.call(access, '/v1/models')).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
  await expect(client.call(access, '/api/v1/credits/balance')).rejects.toThrow();
  // the door is open; what is behind it is another service's word
  const headers = { authorization: `Bearer ${access}` };
  expect((await fetch(`${hub.url}/mcp`, { headers })).status).not.toBe(401);
});

test('a refresh token works once; used again, it ends everything that came of it', async () => {
  const client = await StandardClient.introduce(hub.url);
  const first = await client.connect(person, { scope: 'services:use' });
  const second = await client.refresh(first.refresh);
  expect((await client.call(second.access, '/v1/models')).status).toBe(200);

  expect(await oauthErrorOf(client.refresh(first.refresh))).toBe('invalid_grant');
  expect(await oauthErrorOf(client.refresh(second.refresh))).toBe('invalid_grant');
  for (const { access } of [first, second]) {
    await expect(client.call(access, '/v1/models')).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
  }
});

test('of refreshes at the same moment exactly one wins', async () => {
  const client = await StandardClient.introduce(hub.url);
  const { refresh } = await client.connect(person, { scope: 'services:use' });
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => client.refresh(refresh)));
  const winners = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(winners).toHaveLength(1);
  // one of the two has stolen it, and nobody knows who
  await expect(client.call(winners[0]?.access ?? '', '/v1/models')).rejects.toThrow();
});

test('a program on the person’s computer comes back to whatever port it got', async () => {
  const client = await StandardClient.introduce(hub.url, {
    metadata: { redirect_uris: ['http://127.0.0.1/callback'] },
  });
  const tokens = await client.connect(person, { redirect_uri: 'http://127.0.0.1:49152/callback' });
  expect((await client.call(tokens.access, '/v1/models')).status).toBe(200);
});

test('a person who declines sends the client away with that word, and with our name', async () => {
  const client = await StandardClient.introduce(hub.url);
  const request = await client.request();
  const answer = await new Browser(hub.url).consent(request.address, person, false);
  expect(await oauthErrorOf(client.redeem(answer, request))).toBe('access_denied');
  expect(answer.searchParams.get('iss')).toBe(PUBLIC_URL);
  const lying = new URL(answer);
  lying.searchParams.set('iss', 'https://other.example');
  await expect(client.redeem(lying, request)).rejects.toThrow(/iss/);
});

test('what was lent is listed, and gone everywhere as soon as it is taken back', async () => {
  const somebody = await signUp(hub.url);
  const client = await StandardClient.introduce(hub.url);
  const { access, refresh } = await client.connect(somebody, { scope: 'openid credits:read' });
  expect((await client.call(access, '/api/v1/credits/balance')).status).toBe(200);
  const { items } = z
    .object({ items: z.array(clientGrant) })
    .parse(await somebody.get('/api/v1/auth/grants'));
  expect(items).toMatchObject([
    { client: { name: 'A tool of the tests' }, scopes: ['openid', 'credits:read'], resources: ['/v1'] },
  ]);
  const take = (who: Person) =>
    fetch(`${hub.url}/api/v1/auth/grants/${items[0]?.id ?? ''}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${who.accessToken}` },
    });
  expect((await take(person)).status, 'of somebody else').toBe(404);
  expect((await take(somebody)).status).toBe(204);
  await expect(client.call(access, '/api/v1/credits/balance')).rejects.toThrow();
  expect(await oauthErrorOf(client.refresh(refresh))).toBe('invalid_grant');
  expect(await somebody.get('/api/v1/auth/grants')).toEqual({ items: [] });
});

test('a client that gives its token back ends what it was lent', async () => {
  const client = await StandardClient.introduce(hub.url);
  const { access, refresh } = await client.connect(person, { scope: 'services:use' });
  await client.revoke(refresh);
  await expect(client.call(access, '/v1/models')).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
});

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const deviceClient = () =>
  StandardClient.introduce(hub.url, {
    metadata: { grant_types: [DEVICE, 'refresh_token'], redirect_uris: [], client_name: 'A terminal' },
  });

test('a terminal shows a code, its person types it in, and the terminal works', async () => {
  const client = await deviceClient();
  const asked = { scope: 'services:use usage:read', resource: `${PUBLIC_URL}/v1` };
  const begun = await client.beginDevice(asked);
  expect(begun.verification_uri).toBe(`${PUBLIC_URL}/device`);
  expect(begun.verification_uri_complete).toBe(`${PUBLIC_URL}/device#${begun.user_code}`);
  expect(await oauthErrorOf(client.pollDevice(begun.device_code))).toBe('authorization_pending');

  const typed = begun.user_code.toLowerCase().replace('-', ' ');
  expect(await person.post('/api/v1/auth/device/lookup', { userCode: typed })).toEqual({
    client: { name: 'A terminal', publisher: null },
    scopes: ['services:use', 'usage:read'],
    resources: ['/v1'],
  });
  const agree = () => person.post('/api/v1/auth/device', { userCode: typed, approve: true });
  await agree();
  await expect(agree(), 'a code is answered once').rejects.toThrow(/invalid-code/);
  const tokens = await client.pollDevice(begun.device_code);
  expect((await client.call(tokens.access, '/v1/models')).status).toBe(200);
  expect((await client.refresh(tokens.refresh)).access).not.toBe(tokens.access);
  expect(await oauthErrorOf(client.pollDevice(begun.device_code)), 'nor is it used twice').toBe(
    'invalid_grant',
  );
});

test('a terminal that nobody wants hears it', async () => {
  const client = await deviceClient();
  const begun = await client.beginDevice({ resource: `${PUBLIC_URL}/v1` });
  await person.post('/api/v1/auth/device', { userCode: begun.user_code, approve: false });
  expect(await oauthErrorOf(client.pollDevice(begun.device_code))).toBe('access_denied');
});

test('codes of terminals cannot be guessed', async () => {
  const guesser = await signUp(hub.url);
  const guess = () => guesser.post('/api/v1/auth/device/lookup', { userCode: 'BCDF-GHJK' });
  for (let tries = 0; tries < 10; tries += 1) await expect(guess()).rejects.toThrow(/invalid-code/);
  await expect(guess()).rejects.toThrow(/too-many-attempts/);
});
