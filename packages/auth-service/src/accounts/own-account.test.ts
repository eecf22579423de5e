import { randomBytes, randomUUID } from 'node:crypto';
import { createClient, internalContract, type Transport } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor, PASSWORD, startAuth } from '../auth.fixture.ts';
import { codeIn, type SmtpSink, startSmtp, tokenIn } from '../mail/smtp-server.fixture.ts';
import { letProofAge } from '../second-factor/person.fixture.ts';
import { purgeJob } from './purge.ts';

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

const core: Transport = () => Promise.resolve({ status: 204, body: undefined });
const purge = () => purgeJob({ database: auth.database, core: createClient(internalContract, core) }).run({});
const someone = () => `${randomUUID()}@test.example`;
const login = (email: string) => auth.post('/api/v1/auth/login', { email, password: PASSWORD });
const me = (token: string) => auth.ask('GET', '/api/v1/auth/me', { token });
const changeEmail = (token: string, email: string) =>
  auth.post('/api/v1/auth/change-email', { email }, { token });
const confirm = (token: string, code: string) => auth.post('/api/v1/auth/confirm-email', { code }, { token });
const remove = (token: string) => auth.ask('DELETE', '/api/v1/auth/me', { token });
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000);

describe('a new address', () => {
  test('is taken with the code that was mailed to it; the old one is told first', async () => {
    const { email: old, accessToken: token, user } = await auth.person();
    const next = someone();
    expect((await changeEmail(token, next)).status).toBe(204);
    const code = codeIn(await smtp.mail(next));
    const told = smtp.to(old).at(0);
    expect(told?.text).toContain(next);
    expect(told?.text).not.toContain(code);
    expect((await me(token)).body).toMatchObject({ email: old });
    expect(await confirm(token, code)).toMatchObject({ status: 200, body: { email: next, verified: true } });
    expect((await login(old)).status).toBe(401);
    expect((await login(next)).status).toBe(200);
    const changed = (await auth.audited(user.id)).find(({ action }) => action === 'email.changed');
    expect(changed).toMatchObject({
      before: { email: `${old.charAt(0)}***@test.example` },
      after: { email: `${next.charAt(0)}***@test.example` },
    });
  });

  test('needs a recent proof of who asks, and a code that was mailed for it', async () => {
    const { accessToken: token, user } = await auth.person();
    const next = someone();
    await letProofAge(auth, user.id);
    expect((await changeEmail(token, next)).body).toMatchObject({ code: 'step-up-required' });
    await auth.post('/api/v1/auth/step-up', { password: PASSWORD }, { token });
    expect(await confirm(token, '000000')).toMatchObject({ status: 401, body: { code: 'invalid-code' } });
    await changeEmail(token, next);
    const code = codeIn(await smtp.mail(next));
    expect((await auth.post('/api/v1/auth/verify-email', { code }, { token })).status).toBe(401);
  });

  test('lesson 10: that somebody else has it shows to nobody but its reader', async () => {
    const [mine, other] = [await auth.person(), await auth.person()];
    expect((await changeEmail(mine.accessToken, other.email)).status).toBe(204);
    const code = codeIn(await smtp.mail(other.email));
    expect(await confirm(mine.accessToken, code)).toMatchObject({
      status: 409,
      body: { code: 'email-taken' },
    });
    expect((await me(mine.accessToken)).body).toMatchObject({ email: mine.email });
  });

  test('makes what was mailed to the old one worthless', async () => {
    const { email: old, accessToken: token } = await auth.person();
    await auth.post('/api/v1/auth/forgot-password', { email: old });
    const link = tokenIn(await smtp.mail(old));
    const next = someone();
    await changeEmail(token, next);
    await confirm(token, codeIn(await smtp.mail(next)));
    const reset = await auth.post('/api/v1/auth/reset-password', { token: link, password: randomUUID() });
    expect(reset).toMatchObject({ status: 401, body: { code: 'invalid-reset-link' } });
  });

  test('is asked for three times an hour, so that nobody is flooded with mail', async () => {
    const { accessToken: token } = await auth.person();
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await changeEmail(token, someone())).status);
    expect(statuses).toEqual([204, 204, 204, 429]);
  });
});

test('the language of mails is chosen, and nothing else is', async () => {
  const { accessToken: token, email } = await auth.person();
  const patch = (body: object) => auth.ask('PATCH', '/api/v1/auth/me', { token, body });
  expect(await patch({ locale: 'th' })).toMatchObject({ status: 200, body: { locale: 'th' } });
  for (const body of [{ locale: 'de' }, { locale: 'en', verified: true }, { roles: ['superadmin'] }, {}]) {
    expect((await patch(body)).status).toBe(400);
  }
  await auth.post('/api/v1/auth/forgot-password', { email });
  expect((await smtp.mail(email)).subject).toBe('ตั้งรหัสผ่านใหม่');
});

describe('an account that its person deletes', () => {
  test('is closed at once, with its sessions and keys, and comes back by signing in', async () => {
    const { email, accessToken: token, refreshToken, user } = await auth.person();
    const key = String((await auth.post('/api/v1/keys', { name: 'k' }, { token })).body['key']);
    const answer = await remove(token);
    expect(answer).toMatchObject({ status: 204, cookies: [{ name: 'hub_refresh', value: '' }] });
    expect((await me(token)).status).toBe(401);
    expect((await auth.identify(key)).status).toBe(401);
    expect((await auth.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await smtp.mail(email)).subject).toBe('Your account was deleted');

    expect(await login(email)).toMatchObject({ status: 200, body: { user: { id: user.id } } });
    expect((await auth.identify(key)).status).toBe(200);
    expect((await me(token)).status).toBe(401);
    expect((await auth.audited(user.id)).map(({ action }) => action)).toEqual([
      'account.created',
      'account.deleted',
      'account.restored',
    ]);
  });

  test('stays where nobody proved lately who asks', async () => {
    const { accessToken: token, user } = await auth.person();
    await letProofAge(auth, user.id);
    expect((await remove(token)).body).toMatchObject({ code: 'step-up-required' });
    expect((await me(token)).status).toBe(200);
  });

  test('is never the one of a superadmin', async () => {
    const core = () => Promise.resolve({ status: 200, body: accessFor('superadmin', 'user') });
    await using hub = await startAuth({ core });
    const { accessToken: token } = await hub.person();
    const answer = await hub.ask('DELETE', '/api/v1/auth/me', { token });
    expect(answer).toMatchObject({ status: 409, body: { code: 'last-superadmin' } });
  });

  test('is gone for good after thirty days, with everything of it, and not before', async () => {
    const [gone, waiting, here] = [await auth.person(), await auth.person(), await auth.person()];
    await auth.post('/api/v1/keys', { name: 'k' }, { token: gone.accessToken });
    const { prisma } = auth.database;
    await prisma.user.update({ where: { id: gone.user.id }, data: { deletedAt: daysAgo(30.01) } });
    await prisma.user.update({ where: { id: waiting.user.id }, data: { deletedAt: daysAgo(29.99) } });
    await purge();
    await purge();
    const left = await prisma.user.findMany({
      where: { id: { in: [gone.user.id, waiting.user.id, here.user.id] } },
    });
    expect(left.map(({ id }) => id).sort()).toEqual([waiting.user.id, here.user.id].sort());
    expect(await prisma.apiKey.count({ where: { userId: gone.user.id } })).toBe(0);
    const events = await auth.audited(gone.user.id);
    expect(events.filter(({ action }) => action === 'account.purged')).toHaveLength(1);
    expect(
      JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toContain(gone.email);
    expect((await auth.post('/api/v1/auth/register', { email: gone.email, password: PASSWORD })).status).toBe(
      201,
    );
  });

  test('stays until core-service has forgotten what its person wrote', async () => {
    let answers = false;
    const forgotten: unknown[] = [];
    const core: Transport = ({ path, body }) => {
      if (path !== '/internal/people/forget')
        return Promise.resolve({ status: 200, body: accessFor('user') });
      if (!answers) throw new Error('away');
      forgotten.push(body);
      return Promise.resolve({ status: 204, body: undefined });
    };
    await using hub = await startAuth({ core });
    const { user } = await hub.person();
    const { prisma } = hub.database;
    await prisma.user.update({ where: { id: user.id }, data: { deletedAt: daysAgo(31) } });
    const job = purgeJob({ database: hub.database, core: createClient(internalContract, core) });
    await expect(job.run({})).rejects.toThrow('away');
    expect(await prisma.user.count({ where: { id: user.id } })).toBe(1);
    answers = true;
    await job.run({});
    expect(await prisma.user.count({ where: { id: user.id } })).toBe(0);
    expect(forgotten).toEqual([{ userIds: [user.id] }]);
  });

  test('takes what was mailed with it; old mails of others go a day after they ended', async () => {
    const { email, user } = await auth.person();
    await auth.post('/api/v1/auth/forgot-password', { email });
    await smtp.mail(email);
    await purge();
    const { verificationToken } = auth.database.prisma;
    expect(await verificationToken.count({ where: { userId: user.id } })).toBe(1);
    await verificationToken.updateMany({
      where: { userId: user.id },
      data: { expiresAt: daysAgo(1.01), createdAt: daysAgo(2) },
    });
    await purge();
    expect(await verificationToken.count({ where: { userId: user.id } })).toBe(0);
  });
});

describe('the export', () => {
  test('has everything that is held on a person, and no secret', async () => {
    const { email, accessToken: token, user } = await auth.person();
    const key = String((await auth.post('/api/v1/keys', { name: 'laptop' }, { token })).body['key']);
    await auth.post('/api/v1/auth/forgot-password', { email });
    const link = tokenIn(await smtp.mail(email));
    const secret = randomBytes(32);
    const { prisma } = auth.database;
    await prisma.passkey.create({
      data: { id: 'credential', userId: user.id, name: 'phone', publicKey: secret },
    });
    await prisma.totpSecret.create({ data: { userId: user.id, sealed: secret } });
    await prisma.recoveryCode.create({ data: { userId: user.id, hash: secret } });
    await prisma.partnerSession.create({
      data: {
        id: randomUUID(),
        userId: user.id,
        prefix: 'VERIFIED-abc',
        hash: secret,
        expiresAt: new Date(),
      },
    });
    await prisma.identity.create({
      data: { id: randomUUID(), userId: user.id, provider: 'google', subject: '117', email },
    });
    await prisma.oauthRecord.create({
      data: { kind: 'Grant', id: 'grant-of-this-test', userId: user.id, payload: { jti: 'hidden' } },
    });
    await prisma.team.create({ data: { id: randomUUID(), name: `team ${user.id}`, managerId: user.id } });

    const { status, body } = await auth.ask('GET', '/api/v1/auth/me/export', { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: { id: user.id, email, roles: ['user'], hasPassword: true },
      sessions: [{ address: '203.0.113.1', method: 'password' }],
      apiKeys: [{ name: 'laptop', prefix: key.slice(0, 12) }],
      partnerSessions: [{ prefix: 'VERIFIED-abc' }],
      identities: [{ provider: 'google', subject: '117', email }],
      secondFactor: { recoveryCodesLeft: 1, passkeys: [{ name: 'phone' }] },
      mails: [{ purpose: 'reset-password', email }],
      teams: [{ name: `team ${user.id}`, manager: true }],
      connectedPrograms: [{ kind: 'Grant' }],
    });
    const text = JSON.stringify(body);
    const row = await prisma.user.findUniqueOrThrow({ where: { id: user.id } });
    const secrets = [key.slice(12), link, String(row.passwordHash), 'hidden', 'argon2', '"hash"', 'grant-of'];
    for (const one of [...secrets, secret.toString('base64'), secret.toString('hex')]) {
      expect(text).not.toContain(one);
    }
  });

  test('leaves out no table that has people', async () => {
    const tables = await auth.database.prisma.$queryRaw<{ name: string }[]>`
      SELECT DISTINCT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'auth' AND column_name IN ('user_id', 'manager_id') ORDER BY 1`;
    expect(tables.map(({ name }) => name)).toEqual([
      ...['api_keys', 'former_passwords', 'identities', 'oauth_records', 'partner_sessions', 'passkeys'],
      ...['recovery_codes', 'sessions', 'team_members', 'teams', 'totp_secrets', 'verification_tokens'],
    ]);
  });

  test('is of oneself alone', async () => {
    const [mine, other] = [await auth.person(), await auth.person()];
    const { body } = await auth.ask('GET', '/api/v1/auth/me/export', { token: mine.accessToken });
    expect(JSON.stringify(body)).not.toContain(other.email);
    expect((await auth.ask('GET', '/api/v1/auth/me/export')).status).toBe(401);
  });
});
