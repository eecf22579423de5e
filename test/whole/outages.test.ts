import { fakeProvider, plain } from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal } from './answers.ts';
import { gate } from './gated-vendor.ts';
import { expectSettled, openLedgerCheck } from './ledger-check.ts';
import { type MortalPostgres, mortalPostgres, type MortalRedis, mortalRedis } from './own-servers.ts';
import { PASSWORD, signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let redis: MortalRedis;
let postgres: MortalPostgres;
let hub: Processes;
let url: string;

beforeAll(async () => {
  vendor = await fakeProvider();
  [redis, postgres] = await Promise.all([mortalRedis(), mortalPostgres()]);
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  hub = await startProcesses(
    { ...postgres, redisUrl: redis.url },
    { env: { PROVIDERS: JSON.stringify(providers) } },
  );
  url = hub.gateways[0]?.url ?? '';
}, 60_000);

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await Promise.all([redis[Symbol.asyncDispose](), postgres[Symbol.asyncDispose](), vendor.close()]);
});

const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Hello' }],
  max_completion_tokens: 20,
};
const clientOf = (apiKey: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });

/** Every question has its answer within this: nothing hangs, whatever is away. */
const ask = (path: string, token?: string, body?: unknown) =>
  fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(8_000),
  });

const login = (email: string) => ask('/api/v1/auth/login', undefined, { email, password: PASSWORD });

const expectUnavailable = async (answer: Response) => {
  await expectRefusal(answer, 'service-unavailable');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
};

const cacheOf = async (answer: Promise<{ response: Response }>) =>
  (await answer).response.headers.get('x-hub-cache');

const soon = { timeout: 15_000, interval: 100 };

describe('without Redis', () => {
  test('who is known goes on, what needs it is refused in words, and it all comes back by itself', async () => {
    vendor.answerWith(plain());
    const person = await signUp(url);
    const other = await signUp(url);
    const client = clientOf(await person.makeKey());
    await client.chat.completions.create(QUESTION);
    const { key } = await person.post('/api/v1/keys', { name: 'cached', cacheAnswers: true });
    const cached = () => clientOf(String(key)).chat.completions.create(QUESTION).withResponse();
    expect([await cacheOf(cached()), await cacheOf(cached())]).toEqual(['miss', 'hit']);
    const once = { headers: { 'Idempotency-Key': 'once' } };
    await client.chat.completions.create(QUESTION, once);
    await redis.kill();

    expect(await cacheOf(cached()), 'an answer that nobody finds is asked for').toBe('miss');
    await expect(
      client.chat.completions.create(QUESTION, once),
      'nobody can tell whether this was answered',
    ).rejects.toMatchObject({ status: 503, code: 'service-unavailable' });

    expect((await ask('/api/v1/credits/balance', person.accessToken)).status).toBe(200);
    await expect(client.chat.completions.create(QUESTION)).resolves.toBeDefined();
    await expectUnavailable(await login(person.email));
    expect((await ask('/api/v1/auth/logout', other.accessToken, {})).status).toBe(204);
    expect((await ask('/api/v1/auth/me', other.accessToken)).status).toBe(401);
    const ready = await ask('/ready');
    expect([ready.status, await ready.json()]).toMatchObject([503, { dependencies: { store: 'down' } }]);

    await redis.revive();
    await expect.poll(async () => (await login(person.email)).status, soon).toBe(200);
    await expect(client.chat.completions.create(QUESTION, once)).resolves.toBeDefined();
    await expect.poll(async () => (await ask('/ready')).status, soon).toBe(200);
    expect((await ask('/api/v1/auth/logout', person.accessToken, {})).status).toBe(204);
    await expect.poll(async () => (await ask('/api/v1/auth/me', person.accessToken)).status, soon).toBe(401);
  });
});

describe('without PostgreSQL', () => {
  test('nothing is answered that cannot be true, and no row of the ledger is lost', async () => {
    const held = gate();
    vendor.answerWith(held.answer);
    const person = await signUp(url);
    const client = clientOf(await person.makeKey());
    const underway = Promise.allSettled(
      Array.from({ length: 5 }, () => client.chat.completions.create(QUESTION)),
    );
    await expect.poll(held.waiting).toBe(5);
    await postgres.kill();

    await expectUnavailable(await ask('/api/v1/credits/balance', person.accessToken));
    await expectUnavailable(await ask('/api/v1/keys', person.accessToken));
    await expectUnavailable(await login(person.email));
    await expectUnavailable(await ask('/v1/chat/completions', person.accessToken, QUESTION));
    held.open();
    const served = (await underway).filter(({ status }) => status === 'fulfilled').length;
    expect(served, 'what was paid for in advance is delivered').toBe(5);

    await postgres.revive();
    await expect
      .poll(async () => (await ask('/api/v1/credits/balance', person.accessToken)).status, soon)
      .toBe(200);
    await expect.poll(async () => (await login(person.email)).status, soon).toBe(200);
    await using ledger = openLedgerCheck(postgres.ownerUrl);
    await expectSettled(ledger, 30_000);
    expect(await ledger.charges(person.id)).toEqual([120_000, 120_000, 120_000, 120_000, 120_000]);
    await expect(client.chat.completions.create(QUESTION)).resolves.toBeDefined();
  });
});

test('no process was started anew for that', () => {
  for (const { service, lines, noise } of hub.all()) {
    expect(
      lines.filter(({ message }) => message === 'listening'),
      service,
    ).toHaveLength(1);
    expect(
      noise()
        .replace(/^Make the first administrator.*$/m, '')
        .trim(),
      service,
    ).toBe('');
  }
});
