import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { codeIn, type SmtpSink, startSmtp } from '../mail/smtp-server.fixture.ts';

let smtp: SmtpSink;
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  smtp = await startSmtp();
  auth = await startAuth({ env: { SMTP_URL: smtp.url } });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

/** Somebody who has just registered, with the code that was mailed. */
async function newcomer() {
  const person = await auth.person();
  return { ...person, code: codeIn(await smtp.mail(person.email)) };
}
const verify = (token: string, code: string) => auth.post('/api/v1/auth/verify-email', { code }, { token });
const resend = (token: string) => auth.ask('POST', '/api/v1/auth/resend-verification', { token });
const makeKey = (token: string) => auth.post('/api/v1/keys', { name: 'k' }, { token });
/** A code that is not this one. */
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('the mailed code verifies the address, and opens what waited for it at the next request', async () => {
  const { accessToken: token, code, user } = await newcomer();
  expect(code).toMatch(/^\d{6}$/);
  expect((await auth.ask('GET', '/api/v1/auth/me', { token })).body).toMatchObject({
    verified: false,
    mustVerify: true,
  });
  expect(await makeKey(token)).toMatchObject({ status: 403, body: { code: 'email-not-verified' } });
  const answer = await verify(token, `${code.slice(0, 3)} ${code.slice(3)}`);
  expect(answer).toMatchObject({ status: 200, body: { verified: true, mustVerify: false } });
  expect((await makeKey(token)).status).toBe(201);
  const actions = (await auth.audited(user.id)).map(({ action }) => action);
  expect(actions).toEqual(['account.created', 'email.verified']);
});

test('a code works once, also when it is typed twice at the same moment', async () => {
  const { accessToken, code } = await newcomer();
  const answers = await Promise.all([1, 2, 3].map(() => verify(accessToken, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  expect((await verify(accessToken, code)).status).toBe(401);
});

test('after five wrong tries, also in parallel, the right code opens nothing', async () => {
  const { accessToken, code } = await newcomer();
  const wrong = await Promise.all(
    Array.from({ length: 5 }, (_, index) => verify(accessToken, other(String(Number(code) + index)))),
  );
  for (const answer of wrong) expect(answer).toMatchObject({ status: 401, body: { code: 'invalid-code' } });
  expect((await verify(accessToken, code)).status).toBe(401);
});

test('a new mail brings a new code with tries of its own; the one before is over', async () => {
  const { accessToken, email, code } = await newcomer();
  for (let i = 0; i < 5; i += 1) await verify(accessToken, other(code));
  expect((await resend(accessToken)).status).toBe(204);
  const next = codeIn(await smtp.mail(email, 2));
  if (next !== code) expect((await verify(accessToken, code)).status).toBe(401);
  expect((await verify(accessToken, next)).status).toBe(200);
});

test('three mails an hour, however many are asked for at once', async () => {
  const { accessToken, email } = await newcomer();
  const answers = await Promise.all(Array.from({ length: 6 }, () => resend(accessToken)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 429, 429, 429, 429]);
  await smtp.mail(email, 3);
  expect(await auth.database.prisma.verificationToken.count({ where: { email } })).toBe(3);
});

test('a code ends after 15 minutes', async () => {
  const { accessToken, user, code } = await newcomer();
  const [row] = await auth.database.prisma.verificationToken.findMany({ where: { userId: user.id } });
  const left = Number(row?.expiresAt) - Date.now();
  expect(left).toBeGreaterThan(14 * 60_000);
  expect(left).toBeLessThanOrEqual(15 * 60_000);
  await auth.database.prisma.verificationToken.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date() },
  });
  expect((await verify(accessToken, code)).status).toBe(401);
});

test('nobody verifies with the code of another', async () => {
  const [one, two] = [await newcomer(), await newcomer()];
  if (one.code !== two.code) expect((await verify(one.accessToken, two.code)).status).toBe(401);
  expect((await verify(one.accessToken, one.code)).status).toBe(200);
});

test('whoever is verified gets no more mail', async () => {
  const { accessToken, email, code } = await newcomer();
  await verify(accessToken, code);
  expect((await resend(accessToken)).status).toBe(204);
  const marker = await newcomer();
  await smtp.mail(marker.email);
  expect(smtp.to(email)).toHaveLength(1);
});

test('neither code nor address is in the database’s jobs or in the log', async () => {
  const { code, email, user } = await newcomer();
  const [row] = await auth.database.prisma.verificationToken.findMany({ where: { userId: user.id } });
  expect(Buffer.from(row?.hash ?? []).toString('latin1')).not.toContain(code);
  expect(row?.hash).toHaveLength(32);
  expect(auth.log.text()).not.toContain(email);
  expect(auth.log.text()).not.toContain(`"${code}"`);
});

test.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '12345\n67'])('%j is no code', async (code) => {
  const { accessToken } = await auth.person();
  expect(await verify(accessToken, code)).toMatchObject({ status: 400 });
});

describe('a key', () => {
  test('verifies nothing and changes nothing of its account', async () => {
    const { accessToken: token, code, email } = await newcomer();
    await verify(token, code);
    const key = String((await makeKey(token)).body['key']);
    const tries = await Promise.all([
      verify(key, code),
      resend(key),
      auth.post('/api/v1/auth/change-password', { password: 'x', newPassword: randomUUID() }, { token: key }),
      auth.post('/api/v1/auth/change-email', { email }, { token: key }),
      auth.post('/api/v1/auth/confirm-email', { code }, { token: key }),
      auth.ask('PATCH', '/api/v1/auth/me', { token: key, body: { locale: 'th' } }),
      auth.ask('DELETE', '/api/v1/auth/me', { token: key }),
      auth.ask('GET', '/api/v1/auth/me/export', { token: key }),
    ]);
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 403));
  });
});
