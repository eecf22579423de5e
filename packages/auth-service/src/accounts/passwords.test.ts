import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, startAuth } from '../auth.fixture.ts';
import { type SmtpSink, startSmtp, tokenIn } from '../mail/smtp-server.fixture.ts';

let smtp: SmtpSink;
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  smtp = await startSmtp();
  auth = await startAuth({ env: { SMTP_URL: smtp.url, REQUIRE_VERIFIED_EMAIL: 'false' } });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

const NEXT = 'another long and unusual passphrase';

const login = (email: string, password = PASSWORD) =>
  auth.post('/api/v1/auth/login', { email, password, delivery: 'body' });
const forgot = (email: string, address?: string) =>
  auth.post('/api/v1/auth/forgot-password', { email }, address === undefined ? {} : { address });
const reset = (token: string, password = NEXT) =>
  auth.post('/api/v1/auth/reset-password', { token, password });
const change = (token: string, password = PASSWORD, newPassword = NEXT) =>
  auth.post('/api/v1/auth/change-password', { password, newPassword }, { token });
const me = (token: string) => auth.ask('GET', '/api/v1/auth/me', { token });

/** The token of the nth link that was mailed. */
const mailedToken = async (email: string, nth = 1) => tokenIn(await smtp.mail(email, nth));

describe('a mailed link', () => {
  test('sets a new password once, and ends every session at once', async () => {
    const { email, accessToken, refreshToken, user } = await auth.person();
    const other = await login(email);
    expect((await forgot(email.toUpperCase())).status).toBe(204);
    const token = await mailedToken(email);
    expect((await reset(token)).status).toBe(204);
    expect((await me(accessToken)).status).toBe(401);
    expect((await me(String(other.body['accessToken']))).status).toBe(401);
    expect((await auth.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, NEXT)).status).toBe(200);
    expect(await reset(token, randomUUID())).toMatchObject({
      status: 401,
      body: { code: 'invalid-reset-link' },
    });
    expect((await auth.audited(user.id)).map(({ action }) => action)).toEqual([
      'account.created',
      'password.reset',
      'login.failed',
    ]);
    expect((await smtp.mail(email, 2)).subject).toBe('Your password was changed');
  });

  test('keeps its token in the fragment, which no server sees', async () => {
    const { email } = await auth.person();
    await forgot(email);
    const { text = '' } = await smtp.mail(email);
    expect(/https?:\S+/.exec(text)?.[0]).toMatch(
      /^http:\/\/127\.0\.0\.1:3000\/reset#token=[0-9a-f-]{36}\.[\w-]{43}$/,
    );
  });

  test('sets one password when it is opened several times at once', async () => {
    const { email } = await auth.person();
    await forgot(email);
    const token = await mailedToken(email);
    const answers = await Promise.all([1, 2, 3].map((n) => reset(token, `${NEXT} ${n}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401]);
  });

  test('ends after an hour', async () => {
    const { email, user } = await auth.person();
    await forgot(email);
    const token = await mailedToken(email);
    const [row] = await auth.database.prisma.verificationToken.findMany({ where: { userId: user.id } });
    const left = Number(row?.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(59 * 60_000);
    expect(left).toBeLessThanOrEqual(60 * 60_000);
    await auth.database.prisma.verificationToken.updateMany({
      where: { userId: user.id },
      data: { expiresAt: new Date() },
    });
    expect((await reset(token)).status).toBe(401);
  });

  test('ends with the use of another one', async () => {
    const { email } = await auth.person();
    await forgot(email);
    await forgot(email);
    await smtp.mail(email, 2);
    const [one = '', two = ''] = smtp.to(email).map(tokenIn);
    expect((await reset(two)).status).toBe(204);
    expect((await reset(one, `${NEXT} again`)).status).toBe(401);
  });

  test('survives a password that is refused', async () => {
    const { email } = await auth.person();
    await forgot(email);
    const token = await mailedToken(email);
    expect(await reset(token, 'password1')).toMatchObject({ status: 422, body: { code: 'weak-password' } });
    expect(await reset(token, PASSWORD)).toMatchObject({ status: 422, body: { code: 'password-reused' } });
    expect((await reset(token)).status).toBe(204);
  });

  test('is mailed three times an hour at most, with the same answer ever after', async () => {
    const { email } = await auth.person();
    const answers = await Promise.all(Array.from({ length: 5 }, () => forgot(email)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    await smtp.mail(email, 3);
    expect(await auth.database.prisma.verificationToken.count({ where: { email } })).toBe(3);
  });

  test('is not guessed, nor made from what the database holds', async () => {
    const { email } = await auth.person();
    await forgot(email);
    const token = await mailedToken(email);
    const [row] = await auth.database.prisma.verificationToken.findMany({ where: { email } });
    const id = String(row?.id);
    const guesses = [
      '',
      id,
      `${id}.`,
      `${id}.${randomBytes(32).toString('base64url')}`,
      `${id}.${Buffer.from(row?.hash ?? []).toString('base64url')}`,
      `${randomUUID()}.${token.split('.')[1]}`,
      `${token}x`,
      "' OR 1=1 --",
    ];
    for (const guess of guesses) {
      expect(await reset(guess)).toMatchObject({ status: 401, body: { code: 'invalid-reset-link' } });
    }
    expect((await reset(token)).status).toBe(204);
  });

  test('verifies the address, and lets nothing in that somebody had left there before', async () => {
    const { email, accessToken: token, user } = await auth.person();
    const key = String((await auth.post('/api/v1/keys', { name: 'k' }, { token })).body['key']);
    const { prisma } = auth.database;
    const userId = user.id;
    const secret = randomBytes(32);
    await prisma.passkey.create({ data: { id: randomUUID(), userId, name: 'left', publicKey: secret } });
    await prisma.totpSecret.create({ data: { userId, sealed: secret, confirmedAt: new Date() } });
    await prisma.recoveryCode.create({ data: { userId, hash: secret } });
    await prisma.identity.create({
      data: { id: randomUUID(), userId, provider: 'google', subject: randomUUID(), email },
    });
    await forgot(email);
    expect((await reset(await mailedToken(email))).status).toBe(204);
    expect((await auth.identify(key)).status).toBe(401);
    const { body } = await login(email, NEXT);
    expect(body).toMatchObject({ user: { email, verified: true } });
    expect(
      await prisma.user.findUnique({
        where: { id: userId },
        select: { totpSecret: true, _count: { select: { passkeys: true, identities: true } } },
      }),
    ).toEqual({ totpSecret: null, _count: { passkeys: 0, identities: 0 } });
    expect(await prisma.recoveryCode.count({ where: { userId } })).toBe(0);
  });

  test('leaves what somebody with a verified address has set up', async () => {
    const { email, accessToken: token, user } = await auth.person();
    await auth.database.prisma.user.update({ where: { id: user.id }, data: { verified: true } });
    const key = String((await auth.post('/api/v1/keys', { name: 'k' }, { token })).body['key']);
    await forgot(email);
    expect((await reset(await mailedToken(email))).status).toBe(204);
    expect((await auth.identify(key)).status).toBe(200);
  });

  test('does not open a disabled account, and is not mailed to one', async () => {
    const { email, user } = await auth.person();
    await forgot(email);
    const token = await mailedToken(email);
    await auth.database.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    expect((await reset(token)).status).toBe(401);
    expect((await forgot(email)).status).toBe(204);
    expect(await auth.database.prisma.verificationToken.count({ where: { email } })).toBe(1);
  });
});

test('lesson 10: nobody learns whether an account exists, by answer or by count', async () => {
  const { email } = await auth.person();
  for (let i = 0; i < 5; i += 1) {
    const known = await forgot(email);
    const unknown = await forgot(`${randomUUID()}@test.example`);
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    const names = ({ headers }: typeof known) => Object.keys(headers).sort();
    expect(names(known)).toEqual(names(unknown));
  }
});

describe('a password that is changed', () => {
  test('ends every other session at once, and keeps this one', async () => {
    const { email, accessToken, refreshToken, user } = await auth.person();
    const other = await login(email);
    expect((await change(accessToken)).status).toBe(204);
    expect((await me(accessToken)).status).toBe(200);
    expect((await auth.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await me(String(other.body['accessToken']))).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, NEXT)).status).toBe(200);
    expect((await auth.audited(user.id)).at(1)).toMatchObject({
      action: 'password.changed',
      actorId: user.id,
      address: '203.0.113.1',
    });
    expect((await smtp.mail(email)).subject).toBe('Your password was changed');
  });

  test('ends the sessions that partners hold', async () => {
    const { accessToken, user } = await auth.person();
    const id = randomUUID();
    await auth.database.prisma.partnerSession.create({
      data: {
        id,
        userId: user.id,
        prefix: 'p',
        hash: randomBytes(32),
        expiresAt: new Date(Date.now() + 1e6),
      },
    });
    await change(accessToken);
    const row = await auth.database.prisma.partnerSession.findUniqueOrThrow({ where: { id } });
    expect(row.endedAt).not.toBeNull();
  });

  test('needs the present one, which is not guessed in an open session', async () => {
    const { accessToken } = await auth.person();
    const guesses = await Promise.all(Array.from({ length: 8 }, () => change(accessToken, 'a wrong guess')));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(await change(accessToken)).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
  });

  test('is none of the last five', async () => {
    const { email, accessToken, user } = await auth.person();
    const names = [PASSWORD, ...[1, 2, 3, 4, 5].map((n) => `passphrase number ${n} of many`)];
    for (const [index, name] of names.slice(1).entries()) {
      expect((await change(accessToken, names[index], name)).status).toBe(204);
    }
    const present = names.at(-1) ?? '';
    for (const name of names.slice(1)) {
      expect(await change(accessToken, present, name)).toMatchObject({
        status: 422,
        body: { code: 'password-reused' },
      });
    }
    expect(await auth.database.prisma.formerPassword.count({ where: { userId: user.id } })).toBe(4);
    expect((await change(accessToken, present, PASSWORD)).status).toBe(204);
    expect((await login(email)).status).toBe(200);
  });

  test.each(['short', 'password1', 'x'.repeat(201)])('is not %s', async (password) => {
    const { accessToken } = await auth.person();
    expect([400, 422]).toContain((await change(accessToken, PASSWORD, password)).status);
  });
});
