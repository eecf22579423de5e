import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Answer, PASSWORD, startAuth } from '../auth.fixture.ts';
import {
  CLIENT,
  type Forgery,
  outsideProvider,
  type OutsideOptions,
  type OutsideProvider,
} from './outside-provider.fixture.ts';

const HUB = 'http://127.0.0.1:3000';
const OIDC = '/api/v1/auth/oidc';

/** One provider and one service for the file; every test has people of its own. */
let outside: OutsideProvider;
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  outside = await provider();
  auth = await startAuth({ env: { OIDC_PROVIDERS: configOf(outside) } });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await outside[Symbol.asyncDispose]();
});
beforeEach(() => outside.forge(undefined));

const provider = (options: Partial<OutsideOptions> = {}) =>
  outsideProvider({ redirectUris: [`${HUB}${OIDC}/outside/callback`], ...options });

const configOf = ({ issuer }: { issuer: string }, more = {}) =>
  JSON.stringify([
    {
      ...{ id: 'outside', name: 'Outside', issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
      ...{ scopes: ['openid', 'email', 'profile'], ...more },
    },
    { id: 'public', name: 'Another', issuer: 'https://accounts.another.example', clientId: 'x' },
  ]);

const someone = () => `${randomUUID()}@test.example`;
const somebody = (more = {}) => ({ subject: randomUUID(), email: someone(), ...more });

const cookieOf = ({ cookies }: Answer, name = 'hub_oidc') =>
  cookies.find((one) => one.name === name)?.value ?? '';
const withCookie = (secret: string) => ({ headers: { cookie: `hub_oidc=${secret}` } });
const placeOf = ({ status, headers }: Answer) => [status, headers.location];
const FAILED = [303, '/sign-in?problem=sign-in-failed'];

/** Up to where the provider leads back: the path for this hub, and the secret of the browser. */
async function goThere({ at = outside, service = auth, next = '' } = {}) {
  const query = next && `?next=${encodeURIComponent(next)}`;
  const start = await service.ask('GET', `${OIDC}/outside${query}`);
  expect(start.status).toBe(303);
  const back = await at.visit(String(start.headers.location), HUB);
  return { callback: back.slice(HUB.length), secret: cookieOf(start), start };
}

async function signIn(options: Parameters<typeof goThere>[0] = {}) {
  const { callback, secret } = await goThere(options);
  return (options.service ?? auth).ask('GET', callback, withCookie(secret));
}

/** The person whose session a sign-in has opened. */
async function personOf(answer: Answer) {
  const headers = { cookie: `hub_refresh=${cookieOf(answer, 'hub_refresh')}` };
  const refreshed = await auth.post('/api/v1/auth/refresh', {}, { headers });
  const body = z.object({ accessToken: z.string(), user: z.object({ id: z.string(), email: z.string() }) });
  return body.parse(refreshed.body);
}

test('the sign-in page learns the names of the providers, and nothing else of them', async () => {
  const { body } = await auth.ask('GET', OIDC);
  expect(body).toEqual({
    items: [
      { id: 'outside', name: 'Outside' },
      { id: 'public', name: 'Another' },
    ],
  });
});

test('somebody is sent away with PKCE, state and nonce, and a cookie that no script reads', async () => {
  const { start } = await goThere();
  const { origin, pathname, searchParams } = new URL(String(start.headers.location));
  expect(origin + pathname).toBe(`${outside.issuer}/auth`);
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: CLIENT.id,
    redirect_uri: `${HUB}${OIDC}/outside/callback`,
    response_type: 'code',
    scope: 'openid email profile',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(start.cookies).toMatchObject([
    { name: 'hub_oidc', httpOnly: true, sameSite: 'Lax', path: OIDC, maxAge: 600 },
  ]);
  const secret = cookieOf(start);
  expect(start.headers.location).not.toContain(secret);
});

test('somebody new gets an account, verified, without a password, with the sign-up credit once, and a session', async () => {
  const opened: unknown[] = [];
  const core = ({ path, body }: { path: string; body: unknown }) => {
    if (path === '/internal/accounts') opened.push(body);
    return Promise.resolve({ status: 200, body: { roles: ['user'], level: 40, grants: {} } });
  };
  await using service = await startAuth({ env: { OIDC_PROVIDERS: configOf(outside) }, core });
  const person = somebody({ locale: 'th-TH' });
  outside.is({ ...person, email: person.email.toUpperCase() });
  const answer = await signIn({ service, next: '/keys?x=1' });
  expect(placeOf(answer)).toEqual([303, '/keys?x=1']);
  expect(answer.cookies).toMatchObject([
    { name: 'hub_oidc', value: '' },
    { name: 'hub_refresh', httpOnly: true, sameSite: 'Strict' },
  ]);
  const [user] = await service.database.prisma.user.findMany({
    include: { identities: true, sessions: true },
  });
  expect(user).toMatchObject({
    ...{ email: person.email, verified: true, passwordHash: null, locale: 'th' },
    identities: [{ provider: 'outside', subject: person.subject, email: person.email }],
    sessions: [{ method: 'oidc' }],
  });
  expect(placeOf(await signIn({ service }))).toEqual([303, '/']);
  expect(await service.database.prisma.user.count()).toBe(1);
  expect(opened).toEqual([{ userId: user?.id, role: 'user' }]);
  expect(await service.audited(user?.identities[0]?.id ?? '')).toMatchObject([
    { action: 'identity.linked', actorId: user?.id, after: { provider: 'outside' } },
  ]);
});

test('an account elsewhere stays the same person when its address changes there', async () => {
  const person = somebody();
  outside.is(person);
  const { user } = await personOf(await signIn());
  outside.is({ ...person, email: someone(), emailVerified: false });
  expect((await personOf(await signIn())).user.id).toBe(user.id);
  outside.is({ subject: person.subject });
  expect((await personOf(await signIn())).user).toEqual(user);
});

test('the same address is the same person where both sides have verified it', async () => {
  const { email, user } = await auth.person();
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { verified: true } });
  outside.is(somebody({ email }));
  expect((await personOf(await signIn())).user.id).toBe(user.id);
  expect(await auth.database.prisma.identity.count({ where: { userId: user.id } })).toBe(1);
});

test('pre-hijacking: an address that nobody verified here is not taken for the one verified there', async () => {
  const { email, user } = await auth.person();
  outside.is(somebody({ email }));
  expect(placeOf(await signIn())).toEqual(FAILED);
  expect(await auth.database.prisma.identity.count({ where: { userId: user.id } })).toBe(0);
});

test.each([false, undefined, 'true', 1])(
  'an address that the provider says is verified with %j links and makes nobody',
  async (emailVerified) => {
    const { email, user } = await auth.person();
    await auth.database.prisma.user.update({ where: { id: user.id }, data: { verified: true } });
    outside.forge({ claims: (right) => ({ ...right, email_verified: emailVerified }) });
    outside.is(somebody({ email }));
    expect(placeOf(await signIn())).toEqual(FAILED);
    outside.is(somebody());
    const before = await auth.database.prisma.user.count();
    expect(placeOf(await signIn())).toEqual(FAILED);
    expect(await auth.database.prisma.user.count()).toBe(before);
  },
);

test('an address that is told only when asked for is asked for, over TLS or where an administrator said so', async () => {
  await using shy = await provider({ addressInToken: false });
  await using service = await startAuth({ env: { OIDC_PROVIDERS: configOf(shy) } });
  shy.is(somebody());
  expect(placeOf(await signIn({ at: shy, service }))).toEqual([303, '/']);
  expect(shy.asked).toContain('GET /me');
});

test.each([
  ['/usage', '/usage'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://127.0.0.1:3000.evil.example/', '/'],
  ['https://127.0.0.1:3000@evil.example/', '/'],
  ['https://xn--127-0-0-1.example', '/'],
  ['javascript:alert(1)', '/'],
])('open redirect: after signing in, %s leads to %s', async (next, path) => {
  outside.is(somebody());
  expect(placeOf(await signIn({ next }))).toEqual([303, path]);
});

const forgeries: [string, Forgery][] = [
  ['a wrong nonce', { claims: (right) => ({ ...right, nonce: 'another' }) }],
  ['no nonce', { claims: ({ nonce: _nonce, ...right }) => right }],
  ['a signature of another key', { otherKey: true }],
  ['another issuer', { claims: (right) => ({ ...right, iss: 'https://evil.example' }) }],
  ['another audience', { claims: (right) => ({ ...right, aud: 'another-client' }) }],
  ['an end an hour ago', { claims: (right) => ({ ...right, exp: Math.floor(Date.now() / 1000) - 3600 }) }],
  ['no subject', { claims: ({ sub: _sub, ...right }) => right }],
];

test.each(forgeries)('an ID token with %s signs nobody in', async (_what, forgery) => {
  outside.is(somebody());
  outside.forge(forgery);
  const before = await auth.database.prisma.user.count();
  const answer = await signIn();
  expect(placeOf(answer)).toEqual(FAILED);
  expect(cookieOf(answer, 'hub_refresh')).toBe('');
  expect(await auth.database.prisma.user.count()).toBe(before);
});

/** The callback with one parameter changed, or gone. */
function changed(callback: string, name: string, value?: string) {
  const url = new URL(callback, HUB);
  if (value === undefined) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.pathname + url.search;
}

test.each([
  ['another state', 'state', 'A'.repeat(43)],
  ['no state', 'state', undefined],
  ['another code', 'code', 'A'.repeat(43)],
  ['no code', 'code', undefined],
  ['another issuer (RFC 9207)', 'iss', 'https://evil.example'],
  ['no issuer, where the provider says that it names itself', 'iss', undefined],
  ['a refusal', 'error', 'access_denied'],
])('a callback with %s signs nobody in', async (_what, name, value) => {
  outside.is(somebody());
  const { callback, secret } = await goThere();
  expect(placeOf(await auth.ask('GET', changed(callback, name, value), withCookie(secret)))).toEqual(FAILED);
});

test('a callback with a parameter twice signs nobody in', async () => {
  outside.is(somebody());
  const { callback, secret } = await goThere();
  expect(placeOf(await auth.ask('GET', `${callback}&iss=x&code=y`, withCookie(secret)))).toEqual(FAILED);
});

test('a callback works once, also when it comes several times at the same moment', async () => {
  outside.is(somebody());
  const { callback, secret } = await goThere();
  const tries = Array.from({ length: 5 }, () => auth.ask('GET', callback, withCookie(secret)));
  const places = (await Promise.all(tries)).map(placeOf);
  expect(places.filter(([, place]) => place === '/')).toHaveLength(1);
  expect(placeOf(await auth.ask('GET', callback, withCookie(secret)))).toEqual(FAILED);
});

test('login CSRF: a callback of another browser signs nobody in, and uses up nothing', async () => {
  outside.is(somebody());
  const { callback, secret } = await goThere();
  const other = cookieOf(await auth.ask('GET', `${OIDC}/outside`));
  expect(placeOf(await auth.ask('GET', callback))).toEqual(FAILED);
  expect(placeOf(await auth.ask('GET', callback, withCookie(other)))).toEqual(FAILED);
  expect(placeOf(await auth.ask('GET', callback, withCookie('')))).toEqual(FAILED);
  expect(placeOf(await auth.ask('GET', callback, withCookie(secret)))).toEqual([303, '/']);
});

test('mix-up: what was begun with one provider is not finished by another', async () => {
  outside.is(somebody());
  const { callback, secret } = await goThere();
  const elsewhere = callback.replace('/outside/', '/public/');
  expect(placeOf(await auth.ask('GET', elsewhere, withCookie(secret)))).toEqual(FAILED);
});

test('nothing that is secret reaches the log, and it says why somebody was not signed in', async () => {
  const person = somebody();
  outside.is(person);
  outside.forge({ otherKey: true });
  const { callback, secret } = await goThere();
  await auth.ask('GET', callback, withCookie(secret));
  const { searchParams } = new URL(callback, HUB);
  const text = auth.log.text();
  for (const hidden of [
    secret,
    searchParams.get('code'),
    searchParams.get('state'),
    CLIENT.secret,
    person.email,
  ]) {
    expect(text).not.toContain(hidden);
  }
  const line = auth.log.lines().findLast(({ message }) => message === 'signing in by a provider failed');
  expect(line).toMatchObject({ level: 'warn', code: 'sign-in-failed', reason: expect.arrayContaining([]) });
  expect(JSON.stringify(line?.['reason'])).toContain('signature');
});

test('what is stored meanwhile opens nothing', async () => {
  const kept: string[] = [];
  const store = memoryStore();
  const { set } = store.keyValue;
  store.keyValue.set = (key, value, ttl) => {
    kept.push(key, value);
    return set(key, value, ttl);
  };
  await using service = await startAuth({ env: { OIDC_PROVIDERS: configOf(outside) }, store });
  outside.is(somebody());
  const { callback, secret, start } = await goThere({ service });
  const state = new URL(callback, HUB).searchParams.get('state') ?? '';
  const nonce = new URL(String(start.headers.location)).searchParams.get('nonce') ?? '';
  expect(kept.length).toBeGreaterThan(0);
  for (const proof of [secret, state, nonce]) expect(kept.join(' ')).not.toContain(proof);
});

test('a disabled person is not let in by an account elsewhere; a deleted one comes back by it, for a month', async () => {
  outside.is(somebody());
  const { user } = await personOf(await signIn());
  const set = (data: object) => auth.database.prisma.user.update({ where: { id: user.id }, data });
  await set({ disabledAt: new Date() });
  expect(placeOf(await signIn())).toEqual([303, '/sign-in?problem=account-disabled']);
  const DAY = 24 * 3600 * 1000;
  await set({ disabledAt: null, deletedAt: new Date(Date.now() - 31 * DAY) });
  expect(placeOf(await signIn())).toEqual(FAILED);
  await set({ deletedAt: new Date(Date.now() - 29 * DAY) });
  expect(placeOf(await signIn())).toEqual([303, '/']);
  expect((await auth.database.prisma.user.findUnique({ where: { id: user.id } }))?.deletedAt).toBeNull();
});

test('an account elsewhere is no way around a second factor', async () => {
  outside.is(somebody());
  const { user } = await personOf(await signIn());
  const secret = { userId: user.id, sealed: new Uint8Array([1]) };
  await auth.database.prisma.totpSecret.create({ data: secret });
  expect(placeOf(await signIn())).toEqual([303, '/']);
  await auth.database.prisma.totpSecret.update({
    where: { userId: user.id },
    data: { confirmedAt: new Date() },
  });
  const answer = await signIn();
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toMatch(/^\/sign-in\?next=%2F#challenge=sf-[\w-]{43}&method=totp$/);
  expect(cookieOf(answer, 'hub_refresh')).toBe('');
});

test('lesson 10: with an account that has no password, every password is wrong, with the same words', async () => {
  const person = somebody();
  outside.is(person);
  await signIn();
  const login = async (email: string) => {
    const { status, body } = await auth.post('/api/v1/auth/login', { email, password: PASSWORD });
    const { requestId: _id, ...rest } = body;
    return { status, rest };
  };
  const answer = await login(person.email);
  expect(answer).toMatchObject({ status: 401, rest: { code: 'invalid-credentials' } });
  expect(await login(someone())).toEqual(answer);
});

test('a provider that is not configured is not found; one that cannot be reached says so at the sign-in page', async () => {
  for (const path of ['nobody', 'nobody/callback']) {
    expect(await auth.ask('GET', `${OIDC}/${path}`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  }
  expect(placeOf(await auth.ask('GET', `${OIDC}/public`))).toEqual([303, '/sign-in?problem=egress-failed']);
});

test('lesson 12: a provider cannot lead the hub into its own network', async () => {
  const inner = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const address = inner.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const asked: string[] = [];
  inner.on('request', ({ url = '' }) => asked.push(url));
  const evil = createServer((request, response) => {
    const issuer = `http://127.0.0.1:${String(request.socket.localPort)}`;
    const inside = `http://127.0.0.1:${port}`;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${inside}/token`,
        jwks_uri: `${inside}/jwks`,
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  const at = evil.address();
  const issuer = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`;
  await using service = await startAuth({ env: { OIDC_PROVIDERS: configOf({ issuer }) } });
  const start = await service.ask('GET', `${OIDC}/outside`);
  const state = new URL(String(start.headers.location)).searchParams.get('state') ?? '';
  const callback = `${OIDC}/outside/callback?code=x&state=${state}`;
  const answer = await service.ask('GET', callback, withCookie(cookieOf(start)));
  expect(placeOf(answer)).toEqual([303, '/sign-in?problem=egress-refused']);
  expect(asked).toEqual([]);
  inner.close();
  evil.close();
});
