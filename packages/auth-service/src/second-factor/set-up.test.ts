import { createSealer, Secret } from '@smart-ai-hub/shared/service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { type Auth, codeOf, forgetSteps, letProofAge, protectedPerson, wrongCode } from './person.fixture.ts';
import { totpStep } from './totp.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const TOTP = '/api/v1/auth/totp';
const start = (token: string) => auth.ask('POST', TOTP, { token });
const confirm = (token: string, code: string) => auth.post(`${TOTP}/confirm`, { code }, { token });
const factors = async (token: string) => (await auth.ask('GET', '/api/v1/auth/factors', { token })).body;

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])(
  'RFC 6238, appendix B: at %i seconds the code is %s, and counts one step earlier and later',
  (seconds, code) => {
    const sealer = createSealer(new Secret('q0Zk1sT8vXoY3nB5mR7uL2wE9cH4jG6dFaKxPiVyNtU'));
    const row = { userId: 'a', sealed: sealer.seal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'totp:a') };
    const stepAt = (offset: number) => totpStep({ sealer }, row, code, (seconds + offset) * 1000);
    const step = Math.floor(seconds / 30);
    expect([-30, 0, 30].map(stepAt)).toEqual([step, step, step]);
    expect([-60, 60].filter((offset) => seconds + offset >= 0).map(stepAt)).not.toContain(step);
  },
);

test('the second factor is on once a first code was confirmed, and not before', async () => {
  const { accessToken: token, email, user } = await auth.person();
  const started = await start(token);
  expect(started).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^[A-Z2-7]{32}$/) } });
  const secret = String(started.body['secret']);
  const uri = new URL(String(started.body['uri']));
  expect(uri.href).toMatch(/^otpauth:\/\/totp\//);
  expect(decodeURIComponent(uri.pathname)).toContain(email);
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(uri.searchParams.get('issuer')).toBe('Smart AI Hub');
  expect(await factors(token)).toMatchObject({ totp: false, recoveryCodesLeft: 0, stepUpBy: ['password'] });

  expect((await confirm(token, wrongCode(secret))).body).toMatchObject({ code: 'invalid-code' });
  const confirmed = await confirm(token, codeOf(secret).replace(/^.../, '$& '));
  expect(confirmed.status).toBe(200);
  expect(new Set(confirmed.body['recoveryCodes'] as string[]).size).toBe(10);
  expect(await factors(token)).toMatchObject({ totp: true, recoveryCodesLeft: 10, stepUpBy: ['totp'] });
  expect((await auth.audited(user.id)).map(({ action }) => action)).toContain('totp.enabled');
});

test('what is stored gives away neither the secret nor a recovery code', async () => {
  const { secret, recoveryCodes, user } = await protectedPerson(auth);
  const row = await auth.database.prisma.totpSecret.findUniqueOrThrow({ where: { userId: user.id } });
  expect(Buffer.from(row.sealed).includes(secret)).toBe(false);
  const hashes = await auth.database.prisma.recoveryCode.findMany({ where: { userId: user.id } });
  expect(hashes).toHaveLength(10);
  for (const { hash } of hashes) expect(hash).toHaveLength(32);
  for (const code of recoveryCodes)
    expect(code).toMatch(/^[0-9a-hj-km-np-tv-z]{4}(-[0-9a-hj-km-np-tv-z]{4}){3}$/);
  const said = JSON.stringify([auth.log.lines(), await auth.audited(user.id)], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  for (const hidden of [secret, ...recoveryCodes]) expect(said).not.toContain(hidden);
});

test('a secret copied to somebody else’s row opens nothing', async () => {
  const thief = await protectedPerson(auth);
  const victim = await protectedPerson(auth);
  const { sealed } = await auth.database.prisma.totpSecret.findUniqueOrThrow({
    where: { userId: thief.user.id },
  });
  await auth.database.prisma.totpSecret.update({ where: { userId: victim.user.id }, data: { sealed } });
  const code = codeOf(thief.secret);
  const answer = await auth.post('/api/v1/auth/step-up', { code }, { token: victim.accessToken });
  expect(answer.status).toBe(500);
});

test('a set-up that was begun again counts with its last secret alone', async () => {
  const { accessToken: token } = await auth.person();
  const [first, second] = [await start(token), await start(token)];
  expect((await confirm(token, codeOf(String(first.body['secret'])))).status).toBe(401);
  expect((await confirm(token, codeOf(String(second.body['secret'])))).status).toBe(200);
});

test('what is on is not set up a second time, nor replaced', async () => {
  const { accessToken: token, secret } = await protectedPerson(auth);
  expect((await start(token)).body).toMatchObject({ code: 'already-set-up' });
  expect((await confirm(token, codeOf(secret))).body).toMatchObject({ code: 'already-set-up' });
});

test('of parallel confirmations one gets the recovery codes, and those work', async () => {
  const { accessToken: token, user } = await auth.person();
  const code = codeOf(String((await start(token)).body['secret']));
  const answers = await Promise.all([confirm(token, code), confirm(token, code), confirm(token, code)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await auth.database.prisma.recoveryCode.count({ where: { userId: user.id } })).toBe(10);
});

test('five wrong codes lock the set-up, also for the right code and in parallel', async () => {
  const { accessToken: token } = await auth.person();
  const secret = String((await start(token)).body['secret']);
  const guesses = await Promise.all(Array.from({ length: 9 }, () => confirm(token, wrongCode(secret))));
  expect(guesses.filter(({ body }) => body['code'] === 'invalid-code')).toHaveLength(5);
  expect(await confirm(token, codeOf(secret))).toMatchObject({
    status: 429,
    body: { code: 'too-many-attempts', retryAfter: 900 },
  });
});

test('it is turned off with everything that belongs to it', async () => {
  const { accessToken: token, user } = await protectedPerson(auth);
  expect((await auth.ask('DELETE', TOTP, { token })).status).toBe(204);
  expect(await factors(token)).toMatchObject({ totp: false, recoveryCodesLeft: 0 });
  expect((await auth.ask('DELETE', TOTP, { token })).body).toMatchObject({ code: 'not-found' });
  expect((await auth.audited(user.id)).map(({ action }) => action)).toContain('totp.disabled');
});

test('new recovery codes replace those before, and there are none without a second factor', async () => {
  const { accessToken: token, recoveryCodes, user } = await protectedPerson(auth);
  const renewed = await auth.ask('POST', `${TOTP}/recovery-codes`, { token });
  expect(renewed.status).toBe(200);
  expect(renewed.body['recoveryCodes']).toHaveLength(10);
  for (const code of recoveryCodes) expect(renewed.body['recoveryCodes']).not.toContain(code);
  expect(await auth.database.prisma.recoveryCode.count({ where: { userId: user.id } })).toBe(10);
  const plain = await auth.person();
  const refused = await auth.ask('POST', `${TOTP}/recovery-codes`, { token: plain.accessToken });
  expect(refused.body).toMatchObject({ code: 'not-found' });
});

test('a session that proved nothing lately starts, renews and turns off nothing', async () => {
  const person = await protectedPerson(auth);
  const token = person.accessToken;
  await letProofAge(auth, person.user.id);
  for (const answer of [
    await start(token),
    await auth.ask('DELETE', TOTP, { token }),
    await auth.ask('POST', `${TOTP}/recovery-codes`, { token }),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { code: 'step-up-required' } });
  }
  await forgetSteps(auth, person.user.id);
  expect((await auth.post('/api/v1/auth/step-up', { code: codeOf(person.secret) }, { token })).status).toBe(
    204,
  );
  expect((await auth.ask('DELETE', TOTP, { token })).status).toBe(204);
});

test('an API key has nothing to do with any of it', async () => {
  const { accessToken } = await auth.person();
  const { body } = await auth.post('/api/v1/keys', { name: 'k' }, { token: accessToken });
  const token = String(body['key']);
  for (const answer of [
    await start(token),
    await confirm(token, '123456'),
    await auth.ask('DELETE', TOTP, { token }),
    await auth.ask('POST', `${TOTP}/recovery-codes`, { token }),
    await auth.ask('GET', '/api/v1/auth/factors', { token }),
  ]) {
    expect(answer.body).toMatchObject({ code: 'forbidden' });
  }
});
