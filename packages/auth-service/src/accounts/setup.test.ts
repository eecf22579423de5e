import { randomUUID } from 'node:crypto';
import { openDatabase } from '@smart-ai-hub/database';
import { freshDatabase } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';
import { accessFor, PASSWORD, startAuth } from '../auth.fixture.ts';
import { hashToken } from '../sessions/opaque-token.ts';
import { issueSetupToken } from './setup.ts';

const account = () => ({ email: `${randomUUID()}@test.example`, password: PASSWORD });

/** A service whose set-up token the test knows, and what it asked core-service. */
async function withToken() {
  const asked: { path: string; body: unknown }[] = [];
  const auth = await startAuth({
    core: ({ path, body }) => {
      asked.push({ path, body });
      return Promise.resolve({ status: 200, body: accessFor('superadmin', 'user') });
    },
  });
  const token = 'setup-known-to-this-test';
  await auth.database.prisma.setupToken.updateMany({ data: { hash: hashToken(token) } });
  return { auth, token, asked };
}

test('the set-up token makes one superadmin, once, whoever tries at the same moment', async () => {
  const { auth, token, asked } = await withToken();
  await using _service = auth;
  expect((await auth.ask('GET', '/api/v1/auth/setup')).body).toEqual({ open: true });
  const tries = await Promise.all(
    Array.from({ length: 5 }, () => auth.post('/api/v1/auth/setup', { token, ...account() })),
  );
  expect(tries.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  expect(asked).toContainEqual({
    path: '/internal/accounts',
    body: expect.objectContaining({ role: 'superadmin' }) as unknown,
  });
  expect((await auth.ask('GET', '/api/v1/auth/setup')).body).toEqual({ open: false });
});

test('a wrong token makes nobody and spends nothing', async () => {
  const { auth, token } = await withToken();
  await using _service = auth;
  const wrong = await auth.post('/api/v1/auth/setup', { token: 'setup-guess', ...account() });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid-setup-token' } });
  expect((await auth.post('/api/v1/auth/setup', { token, ...account() })).status).toBe(201);
});

test('a weak password or a taken address does not spend the token', async () => {
  const { auth, token } = await withToken();
  await using _service = auth;
  const { email } = await auth.person();
  expect((await auth.post('/api/v1/auth/setup', { token, email, password: PASSWORD })).status).toBe(409);
  expect((await auth.post('/api/v1/auth/setup', { token, ...account(), password: 'password' })).status).toBe(
    422,
  );
  expect((await auth.post('/api/v1/auth/setup', { token, ...account() })).status).toBe(201);
});

test('one of several starting processes says the token; a later start says a new one until it was used', async () => {
  await using fresh = await freshDatabase(inject('postgres'));
  const database = openDatabase({ url: fresh.authUrl });
  const issued = await Promise.all(Array.from({ length: 4 }, () => issueSetupToken(database)));
  expect(issued.filter((token) => token !== undefined)).toHaveLength(1);
  await database.prisma.setupToken.updateMany({ data: { createdAt: new Date(Date.now() - 120_000) } });
  expect(await issueSetupToken(database)).toBeDefined();
  await database.prisma.setupToken.updateMany({ data: { createdAt: new Date(0), usedAt: new Date() } });
  expect(await issueSetupToken(database)).toBeUndefined();
  await database.close();
});
