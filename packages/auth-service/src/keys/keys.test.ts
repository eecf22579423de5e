import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const make = (token: string, body: object = { name: 'laptop' }) => auth.post('/api/v1/keys', body, { token });
const exchange = (key: unknown) => auth.identify(String(key));

test('a key is shown once, listed by its prefix, and gone when revoked', async () => {
  const { accessToken: token } = await auth.person();
  const made = await make(token, { name: '  laptop  ' });
  expect(made).toMatchObject({ status: 201, body: { name: 'laptop', expiresAt: null, lastUsedAt: null } });
  const { key, ...shown } = made.body;
  expect(key).toMatch(/^sk-hub-[\w-]{43}$/);
  expect(String(key).startsWith(String(shown['prefix']))).toBe(true);
  expect((await auth.ask('GET', '/api/v1/keys', { token })).body).toEqual({ items: [shown] });
  expect((await auth.ask('DELETE', `/api/v1/keys/${String(shown['id'])}`, { token })).status).toBe(204);
  expect((await auth.ask('GET', '/api/v1/keys', { token })).body).toEqual({ items: [] });
  expect((await auth.ask('DELETE', `/api/v1/keys/${String(shown['id'])}`, { token })).status).toBe(404);
});

test('nobody lists or revokes the key of another person', async () => {
  const [mine, other] = [await auth.person(), await auth.person()];
  const { body } = await make(mine.accessToken);
  expect((await auth.ask('GET', '/api/v1/keys', { token: other.accessToken })).body).toEqual({ items: [] });
  expect(
    (await auth.ask('DELETE', `/api/v1/keys/${String(body['id'])}`, { token: other.accessToken })).status,
  ).toBe(404);
  expect((await exchange(body['key'])).status).toBe(200);
});

test('only the hash of a key is in the database', async () => {
  const { accessToken, user } = await auth.person();
  const { body } = await make(accessToken);
  const [row] = await auth.database.prisma.apiKey.findMany({ where: { userId: user.id } });
  expect(JSON.stringify(row)).not.toContain(String(body['key']).slice(12));
});

test('a key is turned into a token of its person that ends in 90 seconds', async () => {
  const { accessToken, user, email } = await auth.person();
  const { body } = await make(accessToken);
  const answer = await exchange(body['key']);
  expect(answer.body['expiresIn']).toBe(90);
  const token = String(answer.body['token']);
  expect(decodeJwt(token)).toMatchObject({
    sub: user.id,
    email,
    roles: ['user'],
    credential: { kind: 'key', id: body['id'] },
  });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', typ: 'int+jwt' });
  const { items } = (await auth.ask('GET', '/api/v1/keys', { token: accessToken })).body;
  expect(items).toMatchObject([{ lastUsedAt: expect.any(String) as unknown }]);
});

test('a key’s token does not outlive the key', async () => {
  const { accessToken } = await auth.person();
  const soon = new Date(Date.now() + 60_000).toISOString();
  const { body } = await make(accessToken, { name: 'short', expiresAt: soon });
  expect(Number((await exchange(body['key'])).body['expiresIn'])).toBeLessThanOrEqual(60);
});

test('revoked, expired, unknown and malformed keys open nothing', async () => {
  const { accessToken: token, user } = await auth.person();
  const revoked = (await make(token)).body;
  await auth.ask('DELETE', `/api/v1/keys/${String(revoked['id'])}`, { token });
  const expired = (await make(token)).body;
  await auth.database.prisma.apiKey.updateMany({
    where: { id: String(expired['id']), userId: user.id },
    data: { expiresAt: new Date(0) },
  });
  for (const key of [
    revoked['key'],
    expired['key'],
    `sk-hub-${'A'.repeat(43)}`,
    'sk-hub-x',
    '',
    "' OR 1=1 --",
  ]) {
    expect(await exchange(key)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  }
});

test('the key of a deleted person opens nothing', async () => {
  const { accessToken, user } = await auth.person();
  const { body } = await make(accessToken);
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { deletedAt: new Date() } });
  expect((await exchange(body['key'])).status).toBe(401);
});

test('keys are exchanged between services only', async () => {
  const { accessToken } = await auth.person();
  const { body } = await make(accessToken);
  for (const token of ['', 'wrong', accessToken]) {
    expect((await auth.post('/internal/identify', { credential: body['key'] }, { token })).status).toBe(401);
  }
});

test('a person has fifty keys at most, also when the last are asked for at once', async () => {
  const { accessToken, user } = await auth.person();
  const rows = Array.from({ length: 47 }, () => ({
    id: randomUUID(),
    userId: user.id,
    name: 'n',
    prefix: 'p',
    hash: Buffer.from(randomUUID()),
  }));
  await auth.database.prisma.apiKey.createMany({ data: rows });
  const answers = await Promise.all(Array.from({ length: 8 }, () => make(accessToken)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  expect(await make(accessToken)).toMatchObject({ status: 409, body: { code: 'too-many-keys' } });
});

test.each([
  {},
  { name: '' },
  { name: '   ' },
  { name: 'x'.repeat(81) },
  { name: 'n', expiresAt: 'tomorrow' },
  { name: 'n', userId: randomUUID() },
  { name: 'n', permissions: [] },
  { name: 'n', permissions: ['services:use', 'services:use'] },
  { name: 'n', permissions: ['everything:do'] },
  { name: 'n', models: [] },
  { name: 'n', models: ['*'] },
  { name: 'n', models: ['gpt*mini'] },
  { name: 'n', models: ['two words'] },
  { name: 'n', tools: Array.from({ length: 101 }, (_, i) => `tool-${i}`) },
  { name: 'n', monthlyLimitMicro: 0 },
  { name: 'n', monthlyLimitMicro: 2 ** 53 },
  { name: 'n', requestsPerMinute: 0 },
  { name: 'n', requestsPerMinute: 1.5 },
  { name: 'n', tokensPerMinute: 2 ** 31 },
])('a key asked for with %o is refused', async (body) => {
  const { accessToken } = await auth.person();
  expect((await make(accessToken, body)).status).toBe(400);
});

test('the public keys are there for everybody, and hold nothing private', async () => {
  const { body } = await auth.ask('GET', '/.well-known/jwks.json');
  expect(body).toMatchObject({ keys: [{ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' }] });
  expect(JSON.stringify(body)).not.toContain('"d"');
});
