import { randomUUID } from 'node:crypto';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, startAuth } from '../auth.fixture.ts';
import { hashPassword } from './password.ts';

const store = memoryStore();
let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth({ env: { TRIES_PER_NETWORK: '20' }, store });
});
afterAll(() => auth[Symbol.asyncDispose]());

let networks = 0;
/** A network that no other test comes from. */
const elsewhere = () => {
  networks += 1;
  return `198.18.${networks >> 8}.${networks & 255}`;
};
const someone = () => `${randomUUID()}@test.example`;

describe('one network', () => {
  test(
    'makes twenty accounts an hour, however many it asks for at once; others go on',
    { timeout: 60_000 },
    async () => {
      const address = elsewhere();
      const register = (from: string) =>
        auth.post('/api/v1/auth/register', { email: someone(), password: PASSWORD }, { address: from });
      const statuses: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => register(address)));
        statuses.push(...answers.map(({ status }) => status));
      }
      expect(statuses.filter((status) => status === 201)).toHaveLength(20);
      expect(statuses.filter((status) => status === 429)).toHaveLength(980);
      const last = await register(address);
      expect(last).toMatchObject({ status: 429, body: { code: 'rate-limited', retryAfter: 3600 } });
      expect((await register(elsewhere())).status).toBe(201);
    },
  );

  test('is a whole /64 of IPv6', async () => {
    const forgot = (tail: number) =>
      auth.post(
        '/api/v1/auth/forgot-password',
        { email: someone() },
        { address: `2001:db8:7:7::${tail.toString(16)}` },
      );
    const answers = await Promise.all(Array.from({ length: 25 }, (_, index) => forgot(index + 1)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(20);
  });

  test('tries twenty reset links an hour', async () => {
    const address = elsewhere();
    const guess = () =>
      auth.post('/api/v1/auth/reset-password', { token: randomUUID(), password: PASSWORD }, { address });
    const answers = await Promise.all(Array.from({ length: 30 }, guess));
    expect(answers.map(({ status }) => status).filter((status) => status === 401)).toHaveLength(20);
    expect((await guess()).body).toMatchObject({ code: 'rate-limited' });
  });

  test('fills the audit log with a hundred failed sign-ins an hour, and no more', async () => {
    const address = elsewhere();
    await store.keyValue.set(`network:failed-login:${address}`, '97', 3600);
    const guess = () => auth.post('/api/v1/auth/login', { email: someone(), password: 'x' }, { address });
    await Promise.all(Array.from({ length: 10 }, guess));
    const events = await auth.audited('unknown');
    expect(events.filter((event) => event.address === address)).toHaveLength(3);
  });
});

describe('an address that looks like another', () => {
  test.each([
    ['а@test.example', 'a Cyrillic letter'],
    ['\u212Aim@test.example', 'the Kelvin sign, whose lower case is a k'],
    ['ｋim@test.example', 'a full-width letter'],
    ['kım@test.example', 'a letter without its dot'],
    ['KİM@test.example', 'a capital with a dot'],
    ['kim@tеst.example', 'a Cyrillic letter in the domain'],
    ['kim@test。example', 'an ideographic full stop'],
    ['ki\u200dm@test.example', 'a joiner that nobody sees'],
    ['kim@test.example\u202e', 'a mark that turns the direction'],
    ['"kim"@test.example', 'quotes'],
    ['kim@[127.0.0.1]', 'a number for a host'],
    ['kim@localhost', 'a host without a domain'],
  ])('is refused: %j has %s', async (email) => {
    const answer = await auth.post(
      '/api/v1/auth/register',
      { email, password: PASSWORD },
      { address: elsewhere() },
    );
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test.each(['kim@xn--bcher-kva.example', 'kim@test.xn--p1ai'])(
    'is welcome in its ASCII form: %s',
    async (email) => {
      const answer = await auth.post(
        '/api/v1/auth/register',
        { email, password: PASSWORD },
        { address: elsewhere() },
      );
      expect(answer.status).toBe(201);
    },
  );
});

test.each([
  'a@test.example\r\nBcc: b@test.example',
  'a@test.example\nSubject: hello',
  'a@test.example,b@test.example',
  'a@test.example>, <b@test.example',
  'Name <a@test.example>',
  'a@test.example\0',
  'a@test.example%0d%0abcc:b@test.example',
  "'; DROP TABLE auth.users; --@test.example",
])('a header or a statement in an address is no address: %j', async (email) => {
  const paths = ['register', 'login', 'forgot-password'];
  for (const path of paths) {
    const answer = await auth.post(
      `/api/v1/auth/${path}`,
      { email, password: PASSWORD },
      { address: elsewhere() },
    );
    expect(answer.status).toBe(400);
  }
});

test('only the right password learns that an account was disabled', async () => {
  const { email, user } = await auth.person();
  await auth.database.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  const login = (password: string) => auth.post('/api/v1/auth/login', { email, password });
  expect(await login('a wrong guess')).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
  expect(await login(PASSWORD)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
});

test('who signed in, and who tried to, is in the audit log', async () => {
  const { email, user } = await auth.person();
  await auth.post('/api/v1/auth/login', { email, password: 'a wrong guess' });
  const login = await auth.post(
    '/api/v1/auth/login',
    { email, password: PASSWORD },
    { headers: { 'user-agent': 'agent of this test', 'x-request-id': 'request-of-this-test' } },
  );
  expect((await auth.audited(user.id)).at(-1)).toMatchObject({ action: 'login.failed', actorId: null });
  const session = await auth.database.prisma.session.findFirstOrThrow({
    where: { userId: user.id, userAgent: 'agent of this test' },
  });
  expect(login.status).toBe(200);
  expect(await auth.audited(session.id)).toMatchObject([
    { action: 'session.opened', actorId: user.id, requestId: 'request-of-this-test' },
  ]);
});

const TRIES = 60;
/** How far apart two medians may be: what separates them is far less than what a hash or a mail takes. */
const RATIO = 1.35;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds of one call. */
async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

describe('lesson 10: time says nothing of whether an account exists', () => {
  const people = Array.from({ length: TRIES }, someone);
  beforeAll(async () => {
    const passwordHash = await hashPassword(PASSWORD);
    await auth.database.prisma.user.createMany({
      data: people.map((email) => ({ id: randomUUID(), email, passwordHash })),
    });
  });

  test.each([
    ['login', (email: string) => ({ email, password: 'a wrong guess' })],
    ['forgot-password', (email: string) => ({ email })],
  ])('%s, over sixty tries of each in turn', { timeout: 60_000 }, async (path, bodyFor) => {
    const ask = (email: string) => {
      const address = elsewhere();
      return timed(() => auth.post(`/api/v1/auth/${path}`, bodyFor(email), { address }));
    };
    for (let i = 0; i < 5; i += 1) await ask(someone());
    const known: number[] = [];
    const unknown: number[] = [];
    for (const [index, email] of people.entries()) {
      const turns: [number[], string][] = [
        [known, email],
        [unknown, someone()],
      ];
      for (const [times, address] of index % 2 ? turns.reverse() : turns) times.push(await ask(address));
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeGreaterThan(1 / RATIO);
    expect(ratio).toBeLessThan(RATIO);
  });
});
