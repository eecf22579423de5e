import { sessionsContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const SESSIONS = '/api/v1/auth/sessions';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

const list = async (token: string) => {
  const { body } = await auth.ask('GET', SESSIONS, { token });
  return sessionsContract.listSessions.success.schema.parse(body).items;
};

/** The same person, signed in on another device. */
const onAnotherDevice = async (email: string, headers = { 'user-agent': FIREFOX }) => {
  const login = { email, password: PASSWORD, delivery: 'body' };
  const { body } = await auth.post('/api/v1/auth/login', login, { headers, address: '8.8.8.8' });
  return { accessToken: String(body['accessToken']), refreshToken: String(body['refreshToken']) };
};

const isIn = async (token: string) => (await auth.ask('GET', '/api/v1/auth/me', { token })).status === 200;

test('a person sees where they are signed in: device, address, way, times, and which one asks', async () => {
  const { email, accessToken } = await auth.person();
  await onAnotherDevice(email);
  const sessions = await list(accessToken);
  expect(sessions).toHaveLength(2);
  expect(sessions.find(({ current }) => !current)).toMatchObject({
    ...{ browser: 'Firefox', system: 'Windows', address: '8.8.8.8', country: 'US' },
    signedInBy: 'password',
  });
  expect(sessions.find(({ current }) => current)).toMatchObject({ system: null, address: '203.0.113.1' });
});

test('sessions of others and those that are over are not listed', async () => {
  const { email, accessToken, user } = await auth.person();
  await onAnotherDevice((await auth.person()).email);
  const out = await onAnotherDevice(email);
  await auth.ask('POST', '/api/v1/auth/logout', { token: out.accessToken });
  await onAnotherDevice(email);
  await auth.database.prisma.session.updateMany({
    where: { userId: user.id, userAgent: FIREFOX },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await list(accessToken)).toMatchObject([{ current: true }]);
});

test('a person ends one device: at once, with its refresh token, and it is remembered who did', async () => {
  const { email, accessToken, user } = await auth.person();
  const other = await onAnotherDevice(email);
  const id = (await list(accessToken)).find(({ current }) => !current)?.id ?? '';
  expect(await isIn(other.accessToken)).toBe(true);
  expect((await auth.ask('DELETE', `${SESSIONS}/${id}`, { token: accessToken })).status).toBe(204);
  expect(await isIn(other.accessToken)).toBe(false);
  const { refreshToken } = other;
  expect((await auth.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
  expect(await isIn(accessToken)).toBe(true);
  expect((await auth.ask('DELETE', `${SESSIONS}/${id}`, { token: accessToken })).status).toBe(404);
  expect(await auth.audited(id)).toMatchObject([
    { action: 'session.opened' },
    { action: 'session.ended', actorId: user.id },
  ]);
});

test('nobody ends a device of somebody else', async () => {
  const mine = await auth.person();
  const theirs = await auth.person();
  const [session] = await list(theirs.accessToken);
  const answer = await auth.ask('DELETE', `${SESSIONS}/${session?.id ?? ''}`, { token: mine.accessToken });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  expect(await isIn(theirs.accessToken)).toBe(true);
});

test('whoever ends the session that asks is signed out, and its cookie is gone', async () => {
  const { accessToken } = await auth.person();
  const [session] = await list(accessToken);
  const answer = await auth.ask('DELETE', `${SESSIONS}/${session?.id ?? ''}`, { token: accessToken });
  expect(answer).toMatchObject({ status: 204, cookies: [{ name: 'hub_refresh', value: '' }] });
  expect(await isIn(accessToken)).toBe(false);
});

test('a person ends all other devices, and stays', async () => {
  const { email, accessToken } = await auth.person();
  const others = [await onAnotherDevice(email), await onAnotherDevice(email)];
  const stranger = await auth.person();
  const answer = await auth.ask('DELETE', SESSIONS, { token: accessToken });
  expect(answer).toMatchObject({ status: 200, body: { ended: 2 } });
  for (const other of others) expect(await isIn(other.accessToken)).toBe(false);
  expect(await isIn(accessToken)).toBe(true);
  expect(await isIn(stranger.accessToken)).toBe(true);
});

test('an API key sees and ends no session', async () => {
  const { accessToken } = await auth.person();
  const { body } = await auth.post('/api/v1/keys', { name: 'k' }, { token: accessToken });
  const token = String(body['key']);
  const [session] = await list(accessToken);
  expect((await auth.ask('GET', SESSIONS, { token })).body).toMatchObject({ code: 'forbidden' });
  expect((await auth.ask('DELETE', SESSIONS, { token })).status).toBe(403);
  expect((await auth.ask('DELETE', `${SESSIONS}/${session?.id ?? ''}`, { token })).status).toBe(403);
  expect(await isIn(accessToken)).toBe(true);
});

test('session fixation: whatever cookie is there before, signing in makes a session and a token of its own', async () => {
  const attacker = await auth.person();
  const victim = await auth.person();
  const cookie = `hub_refresh=${attacker.refreshToken}`;
  const signIn = () =>
    auth.post('/api/v1/auth/login', { email: victim.email, password: PASSWORD }, { headers: { cookie } });
  const [first, second] = [await signIn(), await signIn()];
  const planted = [attacker.refreshToken, victim.refreshToken];
  expect(planted).not.toContain(first.cookies[0]?.value);
  expect(first.cookies[0]?.value).not.toBe(second.cookies[0]?.value);
  expect(await list(victim.accessToken)).toHaveLength(3);
  const still = await auth.post('/api/v1/auth/refresh', { refreshToken: attacker.refreshToken });
  expect(still.body).toMatchObject({ user: { id: attacker.user.id } });
});
