import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { Browser, interactionPath, type Page, PUBLIC_URL } from './oauth-browser.ts';
import { oauthErrorOf, REDIRECT_URI, StandardClient } from './oauth-client.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let hub: TestPlatform;
let person: Person;
let client: StandardClient;
beforeAll(async () => {
  hub = await startPlatform(inject('postgres'), { ...NO_LIMITS, PUBLIC_URL });
  person = await signUp(hub.url);
  client = await StandardClient.introduce(hub.url, {
    metadata: { redirect_uris: [REDIRECT_URI, 'http://127.0.0.1:8000/callback'] },
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const open = async (more: Record<string, string>, without: string[] = []): Promise<Page> => {
  const { address } = await client.request(more);
  for (const name of without) address.searchParams.delete(name);
  return new Browser(hub.url).open(address);
};

/** Nothing is sent anywhere but to our own page that says what is wrong. */
const expectStayed = (page: Page, error: string) => {
  expect(page.location?.href).toBe(`${PUBLIC_URL}/consent/problem#${error}`);
};

describe('a redirect goes only where the client said before', () => {
  test.each([
    ['a longer path', 'https://client.example/callback/more'],
    ['another path', 'https://client.example/'],
    ['a path that climbs', 'https://client.example/callback/../steal'],
    ['a query', 'https://client.example/callback?next=https://evil.example'],
    ['a fragment', 'https://client.example/callback#x'],
    ['a host that begins alike', 'https://client.example.evil.example/callback'],
    ['a user name that looks like the host', 'https://client.example@evil.example/callback'],
    ['a user name before the host', 'https://evil.example@client.example/callback'],
    ['a backslash', 'https://evil.example\\@client.example/callback'],
    ['letters that look alike', 'https://cliеnt.example/callback'],
    ['the same in punycode', 'https://xn--clint-3of.example/callback'],
    ['another case of the host', 'https://CLIENT.example/callback'],
    ['another case of the path', 'https://client.example/Callback'],
    ['another case of the scheme', 'HTTPS://client.example/callback'],
    ['an added port', 'https://client.example:444/callback'],
    ['the usual port, said', 'https://client.example:443/callback'],
    ['a trailing dot', 'https://client.example./callback'],
    ['less security', 'http://client.example/callback'],
    ['an encoded letter', 'https://client.example/%63allback'],
    ['another loopback', 'http://localhost:8000/callback'],
    ['another path on the loopback', 'http://127.0.0.1:8000/other'],
    ['a loopback only by its user name', 'http://127.0.0.1:8000@evil.example/callback'],
    ['a script', 'javascript:alert(1)'],
    ['nothing', ''],
  ])('not to %s', async (_what, redirectUri) => {
    const page = await open({ redirect_uri: redirectUri });
    expect(page.location?.origin).toBe(PUBLIC_URL);
    expectStayed(page, redirectUri === '' ? 'invalid_request' : 'invalid_redirect_uri');
  });

  test('nor where an unknown client says, whatever else is wrong', async () => {
    expectStayed(
      await open({ client_id: 'nobody', redirect_uri: 'https://evil.example/' }),
      'invalid_client',
    );
    const twice = await client.request({});
    twice.address.searchParams.append('redirect_uri', 'https://evil.example/');
    expectStayed(await new Browser(hub.url).open(twice.address), 'invalid_request');
    const wrong = await open({ redirect_uri: 'https://evil.example/', response_type: 'token' });
    expectStayed(wrong, 'invalid_redirect_uri');
  });
});

describe('what a client must send', () => {
  test.each([
    ['no PKCE', {}, ['code_challenge', 'code_challenge_method'], 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, [], 'invalid_request'],
    ['a challenge without its method', {}, ['code_challenge_method'], 'invalid_request'],
    ['a token in the front', { response_type: 'token' }, [], 'unsupported_response_type'],
    [
      'an ID token in the front',
      { response_type: 'code id_token', nonce: 'n' },
      [],
      'unsupported_response_type',
    ],
    ['a form in place of a redirect', { response_mode: 'form_post' }, [], 'unsupported_response_mode'],
    ['another resource', { resource: 'https://other.example/v1' }, [], 'invalid_target'],
    ['a part of a resource', { resource: `${PUBLIC_URL}/v1/models` }, [], 'invalid_target'],
    ['the whole hub', { resource: PUBLIC_URL }, [], 'invalid_target'],
    ['no question to the person', { prompt: 'none' }, [], 'login_required'],
  ])('%s is refused at the client’s own address', async (_what, more, without, error) => {
    const { location } = await open(more, without);
    expect(location?.origin).toBe('https://client.example');
    const said = new URLSearchParams(location?.search === '' ? location.hash.slice(1) : location?.search);
    expect([said.get('error'), said.get('iss'), said.get('code')]).toEqual([error, PUBLIC_URL, null]);
  });
});

describe('a code', () => {
  const agreed = async () => {
    const request = await client.request({ scope: 'services:use' });
    return { request, answer: await new Browser(hub.url).consent(request.address, person) };
  };

  test('works once; shown again it ends what came of it', async () => {
    const { request, answer } = await agreed();
    const tokens = await client.redeem(answer, request);
    expect((await client.call(tokens.access_token, '/v1/models')).status).toBe(200);
    expect(await oauthErrorOf(client.redeem(answer, request))).toBe('invalid_grant');
    await expect(client.call(tokens.access_token, '/v1/models')).rejects.toThrow();
    expect(await oauthErrorOf(client.refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
  });

  test('is traded by exactly one of those who try at once', async () => {
    const { request, answer } = await agreed();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => client.redeem(answer, request)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is worth nothing without its verifier, at another address, or to another client', async () => {
    const { request, answer } = await agreed();
    const { verifier } = await client.request();
    expect(await oauthErrorOf(client.redeem(answer, { ...request, verifier }))).toBe('invalid_grant');
    const elsewhere = { ...request, redirectUri: `${REDIRECT_URI}/` };
    expect(await oauthErrorOf(client.redeem(answer, elsewhere))).toBe('invalid_grant');
    const other = await StandardClient.introduce(hub.url);
    expect(await oauthErrorOf(other.redeem(answer, request))).toBe('invalid_grant');
    const { refresh } = await client.connect(person);
    expect(await oauthErrorOf(other.refresh(refresh))).toBe('invalid_grant');
  });
});

describe('consent', () => {
  test('is given only in the browser that began', async () => {
    const { address } = await client.request();
    const attacker = new Browser(hub.url);
    const path = interactionPath(await attacker.open(address));
    const victim = new Browser(hub.url);
    expect((await victim.ask('GET', path, person)).status).toBe(404);
    expect((await victim.ask('POST', path, person, { approve: true })).status).toBe(404);
    // nor does the cookie of a request of one's own help with another's
    const own = interactionPath(await victim.open((await client.request()).address));
    const [cookie] = [...victim.cookies.values()].filter((one) => one.path === own);
    for (const name of ['hub_interaction', 'hub_interaction.sig']) {
      const value = [...victim.cookies.values()].find((one) => one.name === name && one.path === own)?.value;
      victim.cookies.set(name + path, {
        name,
        value: value ?? '',
        path,
        attributes: cookie?.attributes ?? '',
      });
    }
    expect((await victim.ask('POST', path, person, { approve: true })).status).toBe(404);
  });

  test('ends only in the browser that began', async () => {
    const { address } = await client.request();
    const browser = new Browser(hub.url);
    const path = interactionPath(await browser.open(address));
    const { body } = await browser.ask('POST', path, person, { approve: true });
    const { redirectTo } = z.object({ redirectTo: z.string() }).parse(body);
    expectStayed(await new Browser(hub.url).open(redirectTo), 'invalid_request');
    expect((await browser.open(redirectTo)).location?.searchParams.has('code')).toBe(true);
    expectStayed(await browser.open(redirectTo), 'invalid_request');
  });

  test('cannot be forged by a cookie that we did not sign', async () => {
    const { address } = await client.request();
    const path = interactionPath(await new Browser(hub.url).open(address));
    const forger = new Browser(hub.url);
    const value = path.split('/').at(-1) ?? '';
    forger.cookies.set('forged', { name: 'hub_interaction', value, path, attributes: '' });
    expect((await forger.ask('POST', path, person, { approve: true })).status).toBe(404);
  });

  test('is of the person who is signed in when they agree, whoever was before', async () => {
    const browser = new Browser(hub.url);
    const other = await signUp(hub.url);
    for (const who of [person, other]) {
      const request = await client.request({ scope: 'openid' });
      const tokens = await client.redeem(await browser.consent(request.address, who), request);
      const [, payload = ''] = tokens.access_token.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: who.id });
    }
  });

  test('is given by nobody’s key, and by no client to itself', async () => {
    const key = await person.makeKey();
    const { access } = await client.connect(person);
    const path = interactionPath(await new Browser(hub.url).open((await client.request()).address));
    for (const [accessToken, status] of [
      [key, 404],
      [access, 401],
    ] as const) {
      const thief = { ...person, accessToken };
      const browser = new Browser(hub.url);
      const own = interactionPath(await browser.open((await client.request()).address));
      expect((await browser.ask('POST', own, thief, { approve: true })).status).toBe(
        status === 404 ? 403 : 401,
      );
      expect((await browser.ask('POST', path, thief, { approve: true })).status).toBe(status);
      expect((await browser.ask('GET', '/api/v1/auth/grants', thief)).status).toBe(
        status === 404 ? 403 : 401,
      );
    }
  });

  test('uses cookies that scripts, other sites and plain http do not see', async () => {
    const browser = new Browser(hub.url);
    interactionPath(await browser.open((await client.request()).address));
    expect(browser.cookies.size).toBeGreaterThan(0);
    for (const { name, attributes } of browser.cookies.values()) {
      expect(attributes, name).toMatch(/httponly/i);
      expect(attributes, name).toMatch(/samesite=(lax|strict)/i);
      expect(attributes, name).toMatch(/secure/i);
    }
  });

  test('is asked for again, where the client wants a fresh proof of who it is', async () => {
    const browser = new Browser(hub.url);
    const path = interactionPath(
      await browser.open((await client.request({ scope: 'openid', prompt: 'login' })).address),
    );
    const { status, body } = await browser.ask('POST', path, person, { approve: true });
    expect([status, body]).toMatchObject([403, { code: 'step-up-required' }]);
  });
});

test('the host that a request names is nobody’s word', async () => {
  const { address } = await client.request();
  const path = address.pathname + address.search;
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
  const page = await new Browser(hub.url).open(path, { headers });
  expect(page.location?.origin).toBe(PUBLIC_URL);
  const discovery = await fetch(`${hub.url}/.well-known/openid-configuration`, { headers });
  expect(await discovery.text()).not.toContain('evil.example');
});
