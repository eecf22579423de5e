import { randomUUID } from 'node:crypto';
import { oidcContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { CLIENT, outsideProvider, type OutsideProvider } from './outside-provider.fixture.ts';

const HUB = 'http://127.0.0.1:3000';
const OIDC = '/api/v1/auth/oidc';
const IDENTITIES = '/api/v1/auth/identities';

let outside: OutsideProvider;
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  outside = await outsideProvider({ redirectUris: [`${HUB}${OIDC}/outside/callback`] });
  const { issuer } = outside;
  const config = { id: 'outside', name: 'Outside', issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret };
  auth = await startAuth({ env: { OIDC_PROVIDERS: JSON.stringify([config]) } });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await outside[Symbol.asyncDispose]();
});

const start = (token: string) => auth.ask('POST', `${OIDC}/outside/link`, { token });

/** Up to where the provider leads back. */
async function goThere(token: string) {
  const { body, cookies } = await start(token);
  const back = await outside.visit(String(body['url']), HUB);
  return { callback: back.slice(HUB.length), secret: cookies[0]?.value ?? '' };
}

async function comeBack({ callback, secret }: { callback: string; secret: string }) {
  const { headers, cookies } = await auth.ask('GET', callback, { headers: { cookie: `hub_oidc=${secret}` } });
  return { place: headers.location, opened: cookies.some(({ name }) => name === 'hub_refresh') };
}

const link = async (token: string) => comeBack(await goThere(token));
const list = async (token: string) => {
  const { body } = await auth.ask('GET', IDENTITIES, { token });
  return oidcContract.listIdentities.success.schema.parse(body).items;
};
const unlink = (token: string, id: string) => auth.ask('DELETE', `${IDENTITIES}/${id}`, { token });
const account = () => ({ subject: randomUUID(), email: `${randomUUID()}@elsewhere.example` });

const LINKED = { place: '/linked-accounts', opened: false };
const FAILED = { place: '/sign-in?problem=sign-in-failed', opened: false };

test('somebody who is signed in links an account of any address, sees it, and signs in by it', async () => {
  const { accessToken, user } = await auth.person();
  const there = account();
  outside.is({ ...there, emailVerified: false });
  expect(await link(accessToken)).toEqual(LINKED);
  const [identity] = await list(accessToken);
  expect(identity).toMatchObject({ provider: 'outside', providerName: 'Outside', email: there.email });
  expect(await auth.audited(identity?.id ?? '')).toMatchObject([
    { action: 'identity.linked', actorId: user.id, after: { provider: 'outside' } },
  ]);
  const begun = await auth.ask('GET', `${OIDC}/outside`);
  const back = await outside.visit(String(begun.headers.location), HUB);
  const entered = await comeBack({ callback: back.slice(HUB.length), secret: begun.cookies[0]?.value ?? '' });
  expect(entered).toEqual({ place: '/', opened: true });
  expect(await auth.database.prisma.session.count({ where: { userId: user.id, method: 'oidc' } })).toBe(1);
});

test('linking twice is linking once; an account of somebody else is not taken over', async () => {
  const [mine, other] = [await auth.person(), await auth.person()];
  outside.is(account());
  expect(await link(mine.accessToken)).toEqual(LINKED);
  expect(await link(mine.accessToken)).toEqual(LINKED);
  expect(await link(other.accessToken)).toEqual(FAILED);
  expect(await list(mine.accessToken)).toHaveLength(1);
  expect(await list(other.accessToken)).toEqual([]);
});

test('a link that was begun in one browser is not finished in another, nor after its session has ended', async () => {
  const { accessToken, user } = await auth.person();
  outside.is(account());
  const begun = await goThere(accessToken);
  expect(await comeBack({ ...begun, secret: 'A'.repeat(43) })).toEqual(FAILED);
  await auth.ask('POST', '/api/v1/auth/logout', { token: accessToken });
  expect(await comeBack(begun)).toEqual(FAILED);
  expect(await auth.database.prisma.identity.count({ where: { userId: user.id } })).toBe(0);
});

test('only a person who has just proven who they are begins to link or unlinks', async () => {
  const { accessToken, user } = await auth.person();
  outside.is(account());
  await link(accessToken);
  const [identity] = await list(accessToken);
  const { body } = await auth.post('/api/v1/keys', { name: 'k' }, { token: accessToken });
  const key = String(body['key']);
  expect(await start(key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect((await unlink(key, identity?.id ?? '')).status).toBe(403);
  const longAgo = new Date(Date.now() - 11 * 60_000);
  await auth.database.prisma.session.updateMany({
    where: { userId: user.id },
    data: { authenticatedAt: longAgo },
  });
  expect((await start(accessToken)).body).toMatchObject({ code: 'step-up-required' });
  expect((await unlink(accessToken, identity?.id ?? '')).body).toMatchObject({ code: 'step-up-required' });
  expect((await auth.ask('POST', `${OIDC}/outside/link`)).status).toBe(401);
  expect(await list(accessToken)).toHaveLength(1);
});

test('an account is unlinked by its person alone, and signs nobody in any more', async () => {
  const [mine, other] = [await auth.person(), await auth.person()];
  outside.is(account());
  await link(mine.accessToken);
  const [identity] = await list(mine.accessToken);
  const id = identity?.id ?? '';
  expect((await unlink(other.accessToken, id)).status).toBe(404);
  expect((await unlink(mine.accessToken, id)).status).toBe(204);
  expect((await unlink(mine.accessToken, id)).status).toBe(404);
  expect(await list(mine.accessToken)).toEqual([]);
  expect(await auth.audited(id)).toMatchObject([
    { action: 'identity.linked' },
    { action: 'identity.unlinked', actorId: mine.user.id, before: { provider: 'outside' } },
  ]);
});

test('the last way to sign in stays, whatever is tried at the same moment', async () => {
  const { accessToken, user } = await auth.person();
  for (let count = 0; count < 3; count++) {
    outside.is(account());
    await link(accessToken);
  }
  const { prisma } = auth.database;
  await prisma.user.update({ where: { id: user.id }, data: { passwordHash: null } });
  const ids = (await list(accessToken)).map(({ id }) => id);
  const answers = await Promise.all(ids.map((id) => unlink(accessToken, id)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 409]);
  const [left] = await list(accessToken);
  expect((await unlink(accessToken, left?.id ?? '')).body).toMatchObject({ code: 'last-sign-in' });
  const passkey = { id: randomUUID(), userId: user.id, name: 'laptop', publicKey: new Uint8Array([1]) };
  await prisma.passkey.create({ data: passkey });
  expect((await unlink(accessToken, left?.id ?? '')).status).toBe(204);
});

test.each([
  ['no JSON', '{'],
  ['no list', '{}'],
  [
    'an id that is none',
    JSON.stringify([{ id: 'A B', name: 'x', issuer: 'https://a.example', clientId: 'x' }]),
  ],
  [
    'an issuer that is no address',
    JSON.stringify([{ id: 'a', name: 'x', issuer: 'a.example', clientId: 'x' }]),
  ],
  [
    'a setting nobody knows',
    JSON.stringify([{ id: 'a', name: 'x', issuer: 'https://a.example', clientId: 'x', secret: 's' }]),
  ],
  [
    'scopes without openid',
    JSON.stringify([{ id: 'a', name: 'x', issuer: 'https://a.example', clientId: 'x', scopes: ['email'] }]),
  ],
  [
    'an id twice',
    JSON.stringify(Array(2).fill({ id: 'a', name: 'x', issuer: 'https://a.example', clientId: 'x' })),
  ],
])('a configuration with %s does not start', async (_what, OIDC_PROVIDERS) => {
  await expect(startAuth({ env: { OIDC_PROVIDERS } })).rejects.toThrow('OIDC_PROVIDERS');
});
