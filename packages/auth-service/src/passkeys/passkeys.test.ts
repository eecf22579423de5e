import { generateKeyPairSync } from 'node:crypto';
import { passkeysContract, sessionsContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { type Auth, letProofAge } from '../second-factor/person.fixture.ts';
import { softwareAuthenticator } from './authenticator.fixture.ts';
import { relyingPartyOf } from './relying-party.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const PASSKEYS = '/api/v1/auth/passkeys';
const optionsFor = async (token: string) => (await auth.ask('POST', `${PASSKEYS}/options`, { token })).body;
const add = (token: string, passkey: object, name = 'laptop') =>
  auth.post(PASSKEYS, { name, passkey }, { token });
const signInOptions = async () => (await auth.ask('POST', `${PASSKEYS}/sign-in/options`)).body;
const signIn = (passkey: object) => auth.post(`${PASSKEYS}/sign-in`, { passkey, delivery: 'body' });
const list = async (token: string) => {
  const { body } = await auth.ask('GET', PASSKEYS, { token });
  return passkeysContract.listPasskeys.success.schema.parse(body).items;
};

/** Somebody with a passkey, and the device that has it. */
async function passkeyPerson() {
  const person = await auth.person();
  const device = softwareAuthenticator();
  const added = await add(person.accessToken, device.create(await optionsFor(person.accessToken)));
  expect(added.status).toBe(201);
  return { ...person, device };
}

const INVALID = { status: 401, body: { code: 'invalid-passkey' } };

test('a browser is asked for a passkey that it finds by itself and uses only after a check of its person', async () => {
  const { accessToken, email, user, device } = await passkeyPerson();
  expect(await optionsFor(accessToken)).toMatchObject({
    rp: { id: 'localhost', name: 'Smart AI Hub' },
    user: { id: Buffer.from(user.id).toString('base64url'), name: email },
    challenge: expect.stringMatching(/^[\w-]{43}$/),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [{ id: device.id, type: 'public-key', transports: ['internal'] }],
    attestation: 'none',
  });
  expect(await signInOptions()).toMatchObject({
    ...{ rpId: 'localhost', allowCredentials: [], userVerification: 'required' },
  });
});

test('a passkey signs in without a name and without a password, and counts as both factors', async () => {
  const { device, email } = await passkeyPerson();
  const answer = await signIn(device.get(await signInOptions()));
  expect(answer).toMatchObject({ status: 200, body: { user: { email } } });
  const token = String(answer.body['accessToken']);
  const { body } = await auth.ask('GET', '/api/v1/auth/sessions', { token });
  const { items } = sessionsContract.listSessions.success.schema.parse(body);
  expect(items.find(({ current }) => current)).toMatchObject({ signedInBy: 'passkey' });
  expect((await list(token))[0]?.lastUsedAt).not.toBeNull();
});

test('the same answer signs in once, whether again or at the same time', async () => {
  const { device } = await passkeyPerson();
  const given = device.get(await signInOptions());
  const answers = await Promise.all([signIn(given), signIn(given), signIn(given)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await signIn(given)).toMatchObject(INVALID);
});

describe('is refused when signing in:', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  test.each([
    ['another site’s page', { origin: 'https://hub.example.evil' }],
    ['the same name at another port', { origin: 'http://localhost:3001' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another key', { key: stranger }],
    ['nobody’s fingerprint, face or PIN', { unverified: true as const }],
    ['an answer to a registration', { type: 'webauthn.create' }],
    ['somebody else’s handle', { userHandle: Buffer.from('somebody').toString('base64url') }],
  ])('%s', async (_, quirks) => {
    const { device } = await passkeyPerson();
    expect(await signIn(device.get(await signInOptions(), quirks))).toMatchObject(INVALID);
    expect((await signIn(device.get(await signInOptions()))).status).toBe(200);
  });

  test('a challenge that was not given, or was given for something else', async () => {
    const { device, accessToken: token } = await passkeyPerson();
    expect(await signIn(device.get({ challenge: 'A'.repeat(43) }))).toMatchObject(INVALID);
    const stepUp = await auth.ask('POST', '/api/v1/auth/step-up/options', { token });
    expect(await signIn(device.get(stepUp.body))).toMatchObject(INVALID);
    expect(await signIn(device.get(await optionsFor(token)))).toMatchObject(INVALID);
  });

  test('a counter that went back or stood still: there is a copy of that passkey', async () => {
    const { device } = await passkeyPerson();
    expect((await signIn(device.get(await signInOptions(), { counter: 7 }))).status).toBe(200);
    for (const counter of [7, 6, 0]) {
      expect(await signIn(device.get(await signInOptions(), { counter }))).toMatchObject(INVALID);
    }
    expect((await signIn(device.get(await signInOptions(), { counter: 8 }))).status).toBe(200);
    const twins = [await signInOptions(), await signInOptions()].map((o) => device.get(o, { counter: 9 }));
    const answers = await Promise.all(twins.map(signIn));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('a passkey that nobody has', async () => {
    expect(await signIn(softwareAuthenticator().get(await signInOptions()))).toMatchObject(INVALID);
  });

  test('a closed account', async () => {
    const { device, user } = await passkeyPerson();
    await auth.database.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    const answer = await signIn(device.get(await signInOptions()));
    expect(answer).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
  });
});

test('a passkey that always counts 0 is good: many do not count', async () => {
  const { device } = await passkeyPerson();
  for (let i = 0; i < 2; i++) {
    expect((await signIn(device.get(await signInOptions(), { counter: 0 }))).status).toBe(200);
  }
});

describe('a passkey is not kept:', () => {
  test.each([
    ['made at another page', { origin: 'https://hub.example.evil' }],
    ['made for another relying party', { rpId: 'evil.example' }],
    ['made without fingerprint, face or PIN', { unverified: true as const }],
    ['an answer to a sign-in', { type: 'webauthn.get' }],
  ])('%s', async (_, quirks) => {
    const { accessToken: token } = await auth.person();
    const made = softwareAuthenticator().create(await optionsFor(token), quirks);
    expect(await add(token, made)).toMatchObject(INVALID);
    expect(await list(token)).toEqual([]);
  });

  test('with the challenge of somebody else, of a sign-in, or twice', async () => {
    const [one, other] = [await auth.person(), await auth.person()];
    const options = await optionsFor(one.accessToken);
    const user = { id: 'AAAA' };
    expect(await add(other.accessToken, softwareAuthenticator().create(options))).toMatchObject(INVALID);
    const forSignIn = { ...(await signInOptions()), user };
    expect(await add(other.accessToken, softwareAuthenticator().create(forSignIn))).toMatchObject(INVALID);
    expect((await add(one.accessToken, softwareAuthenticator().create(options))).status).toBe(201);
    expect(await add(one.accessToken, softwareAuthenticator().create(options))).toMatchObject(INVALID);
  });

  test('that somebody has already', async () => {
    const { device } = await passkeyPerson();
    const { accessToken: token } = await auth.person();
    expect(await add(token, device.create(await optionsFor(token)))).toMatchObject(INVALID);
  });
});

test('passkeys are listed, renamed and removed by their person alone, and that is remembered', async () => {
  const { accessToken: token, device, user } = await passkeyPerson();
  const stranger = (await auth.person()).accessToken;
  const path = `${PASSKEYS}/${device.id}`;
  const rename = (by: string, name: string) => auth.ask('PATCH', path, { token: by, body: { name } });

  expect(await list(token)).toMatchObject([
    { id: device.id, name: 'laptop', backedUp: false, lastUsedAt: null },
  ]);
  expect(await list(stranger)).toEqual([]);
  expect((await rename(stranger, 'mine')).status).toBe(404);
  expect((await auth.ask('DELETE', path, { token: stranger })).status).toBe(404);
  expect(await rename(token, ' phone ')).toMatchObject({ status: 200, body: { name: 'phone' } });
  expect((await rename(token, 'a\nb')).status).toBe(400);
  expect((await auth.ask('DELETE', path, { token })).status).toBe(204);
  expect(await list(token)).toEqual([]);
  expect(await signIn(device.get(await signInOptions()))).toMatchObject(INVALID);
  expect(await auth.audited(device.id)).toMatchObject([
    { action: 'passkey.added', actorId: user.id, after: { name: 'laptop' } },
    { action: 'passkey.renamed', before: { name: 'laptop' }, after: { name: 'phone' } },
    { action: 'passkey.removed', before: { name: 'phone' } },
  ]);
});

test('the last way to sign in stays, also a passkey, whatever is tried at the same moment', async () => {
  const { accessToken, user, device } = await passkeyPerson();
  const second = softwareAuthenticator();
  await add(accessToken, second.create(await optionsFor(accessToken)));
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { passwordHash: null } });
  const remove = (id: string) => auth.ask('DELETE', `${PASSKEYS}/${id}`, { token: accessToken });
  const answers = await Promise.all([device.id, second.id].map(remove));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  const [left] = await list(accessToken);
  expect((await remove(left?.id ?? '')).body).toMatchObject({ code: 'last-sign-in' });
});

test('a session that proved nothing lately neither makes nor removes a passkey', async () => {
  const { accessToken: token, user, device } = await passkeyPerson();
  await letProofAge(auth, user.id);
  const refused = { status: 403, body: { code: 'step-up-required' } };
  expect(await auth.ask('POST', `${PASSKEYS}/options`, { token })).toMatchObject(refused);
  expect(await auth.ask('DELETE', `${PASSKEYS}/${device.id}`, { token })).toMatchObject(refused);
});

test.each([
  ['http://127.0.0.1:3000', 'localhost', 'http://localhost:3000'],
  ['http://[::1]:3000', 'localhost', 'http://localhost:3000'],
  ['https://hub.example', 'hub.example', 'https://hub.example'],
  ['https://hub.example:8443/', 'hub.example', 'https://hub.example:8443'],
])('the hub at %s is %s for passkeys, at %s', (publicUrl, id, origin) => {
  expect(relyingPartyOf(publicUrl)).toMatchObject({ id, origin });
});
