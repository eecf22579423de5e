import { openAccessChanges, memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, startAuth } from '../auth.fixture.ts';
import { softwareAuthenticator } from '../passkeys/authenticator.fixture.ts';
import {
  type Auth,
  codeOf,
  letProofAge,
  protectedPerson,
  wrongCode,
} from '../second-factor/person.fixture.ts';

let auth: Auth;
const store = memoryStore();
const announced: string[] = [];
beforeAll(async () => {
  auth = await startAuth({ store });
  await openAccessChanges(store.keyValue).follow(
    (subject) => announced.push(subject),
    () => undefined,
  );
});
afterAll(() => auth[Symbol.asyncDispose]());

const stepUp = (token: string, proof: object) => auth.post('/api/v1/auth/step-up', proof, { token });
/** What needs a recent proof. */
const sensitive = (token: string) => auth.ask('POST', '/api/v1/auth/passkeys/options', { token });
const sessionOf = async (userId: string) =>
  (await auth.database.prisma.session.findFirstOrThrow({ where: { userId } })).id;

test('signing in counts as a proof for ten minutes', async () => {
  const { accessToken, user } = await auth.person();
  const provedBefore = async (minutes: number) => {
    const authenticatedAt = new Date(Date.now() - minutes * 60_000);
    await auth.database.prisma.session.updateMany({ where: { userId: user.id }, data: { authenticatedAt } });
    return (await sensitive(accessToken)).body['code'];
  };
  expect((await sensitive(accessToken)).status).toBe(200);
  expect(await provedBefore(9)).toBeUndefined();
  expect(await provedBefore(11)).toBe('step-up-required');
});

test('the password confirms; every process hears, and it is remembered', async () => {
  const { accessToken, user } = await auth.person();
  await letProofAge(auth, user.id);
  expect((await sensitive(accessToken)).body).toMatchObject({ code: 'step-up-required' });
  expect((await stepUp(accessToken, { password: 'not the password' })).body).toMatchObject({
    code: 'invalid-credentials',
  });
  expect((await sensitive(accessToken)).status).toBe(403);
  expect((await stepUp(accessToken, { password: PASSWORD })).status).toBe(204);
  expect((await sensitive(accessToken)).status).toBe(200);
  const session = await sessionOf(user.id);
  expect(announced).toContain(`session:${session}`);
  expect(await auth.audited(session)).toMatchObject([
    { action: 'session.opened' },
    { action: 'session.confirmed', actorId: user.id, after: { by: 'password' } },
  ]);
});

test('it confirms this session and no other', async () => {
  const { accessToken, email, user } = await auth.person();
  const { body } = await auth.post('/api/v1/auth/login', { email, password: PASSWORD });
  await letProofAge(auth, user.id);
  expect((await stepUp(accessToken, { password: PASSWORD })).status).toBe(204);
  expect((await sensitive(String(body['accessToken']))).status).toBe(403);
});

test('whoever has a second factor confirms with it: the password alone does not', async () => {
  const { accessToken, secret, user } = await protectedPerson(auth);
  await letProofAge(auth, user.id);
  expect((await stepUp(accessToken, { password: PASSWORD })).status).toBe(401);
  expect((await stepUp(accessToken, { code: wrongCode(secret) })).body).toMatchObject({
    code: 'invalid-code',
  });
  const code = codeOf(secret);
  expect((await stepUp(accessToken, { code })).status).toBe(204);
  expect((await sensitive(accessToken)).status).toBe(200);
  expect((await stepUp(accessToken, { code })).status).toBe(401);
});

test('a passkey confirms, if it is one’s own, for this purpose, and once', async () => {
  const person = async () => {
    const { accessToken: token, user } = await auth.person();
    const device = softwareAuthenticator();
    const passkey = device.create((await sensitive(token)).body);
    expect((await auth.post('/api/v1/auth/passkeys', { name: 'd', passkey }, { token })).status).toBe(201);
    await letProofAge(auth, user.id);
    return { token, device };
  };
  const options = async (token: string) =>
    (await auth.ask('POST', '/api/v1/auth/step-up/options', { token })).body;
  const [one, other] = [await person(), await person()];
  expect(await options(one.token)).toMatchObject({ allowCredentials: [{ id: one.device.id }] });

  const refused = { status: 401, body: { code: 'invalid-passkey' } };
  const theirs = other.device.get(await options(one.token));
  expect(await stepUp(one.token, { passkey: theirs })).toMatchObject(refused);
  const forOther = one.device.get(await options(other.token));
  expect(await stepUp(one.token, { passkey: forOther })).toMatchObject(refused);
  const signIn = await auth.ask('POST', '/api/v1/auth/passkeys/sign-in/options');
  expect(await stepUp(one.token, { passkey: one.device.get(signIn.body) })).toMatchObject(refused);
  expect((await sensitive(one.token)).status).toBe(403);

  const passkey = one.device.get(await options(one.token));
  expect((await stepUp(one.token, { passkey })).status).toBe(204);
  expect((await sensitive(one.token)).status).toBe(200);
  expect(await stepUp(one.token, { passkey })).toMatchObject(refused);
});

test('five wrong guesses lock it, also for the right password and in parallel', async () => {
  const { accessToken } = await auth.person();
  const guess = () => stepUp(accessToken, { password: 'not the password' });
  const answers = await Promise.all(Array.from({ length: 9 }, guess));
  expect(answers.filter(({ body }) => body['code'] === 'invalid-credentials')).toHaveLength(5);
  expect(await stepUp(accessToken, { password: PASSWORD })).toMatchObject({
    status: 429,
    body: { code: 'too-many-attempts', retryAfter: 900 },
  });
});

test('an API key confirms nothing, and does nothing that needs it', async () => {
  const { accessToken } = await auth.person();
  const { body } = await auth.post('/api/v1/keys', { name: 'k' }, { token: accessToken });
  const token = String(body['key']);
  const refused = { status: 403, body: { code: 'forbidden' } };
  expect(await stepUp(token, { password: PASSWORD })).toMatchObject(refused);
  expect(await auth.ask('POST', '/api/v1/auth/step-up/options', { token })).toMatchObject(refused);
  expect(await sensitive(token)).toMatchObject(refused);
});

test.each([{}, { password: '' }, { code: '12345' }, { password: PASSWORD, code: '123456' }, { passkey: {} }])(
  'the body %o is not a proof',
  async (proof) => {
    const { accessToken } = await auth.person();
    expect((await stepUp(accessToken, proof)).body).toMatchObject({ code: 'invalid-request' });
  },
);
