import { randomUUID } from 'node:crypto';
import { askedProvidersContract, type ProviderHealth } from '@smart-ai-hub/shared/contracts';
import {
  deferred,
  type FakeProvider,
  fakeProvider,
  plain,
  refuse,
  startStream,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { question, stream } from '../completions/chat.fixture.ts';
import { deadPort, startMcp } from '../mcp.fixture.ts';

let vendor: FakeProvider;
beforeAll(async () => {
  vendor = await fakeProvider();
});
beforeEach(() => vendor.answerWith(plain('well')));
afterAll(() => vendor.close());

const named = (name: string, more: object = {}) => ({
  ...{ name, baseUrl: vendor.url, apiKeys: ['key-1', 'key-2'], models: ['m'] },
  ...more,
});

/** A service with these providers, and a look at how they answer. */
async function hub(providers: object[], env: Record<string, string> = {}) {
  const mcp = await startMcp({ providers, env });
  const { path, success } = askedProvidersContract.listProviderHealth;
  const look = async (grants: object = { 'services:read': 'any' }) => {
    const token = await mcp.issuer.token({ userId: randomUUID(), roles: [], grants });
    return fetch(mcp.url + path, { headers: mcp.headers(token) });
  };
  const health = async (): Promise<ProviderHealth[]> =>
    success.schema.parse(await (await look()).json()).items;
  return Object.assign(mcp, { look, health });
}

const FRESH = {
  ...{ state: 'unasked', since: null, lastFailure: null, answersInMs: null, calls: 0, failed: 0 },
  ...{ running: 0, waiting: 0, maxConcurrent: 256, keys: 2, restingKeys: 0, format: 'openai' },
};

test('nothing is known of a provider before it is asked, nor told to whoever may not read services', async () => {
  await using mcp = await hub([named('first'), named('second', { maxConcurrent: 3 })]);
  expect(await mcp.health()).toEqual([
    { ...FRESH, name: 'first' },
    { ...FRESH, name: 'second', maxConcurrent: 3 },
  ]);
  expect((await mcp.look({ 'services:use': 'any' })).status).toBe(403);
});

test('one that answers is up, with what it takes', async () => {
  await using mcp = await hub([named('first'), named('second')]);
  await (await mcp.send(question)).text();
  const [first, second] = await mcp.health();
  expect(first).toMatchObject({ state: 'up', calls: 1, failed: 0, lastFailure: null });
  expect(first?.since).not.toBeNull();
  expect(first?.answersInMs).toBeGreaterThanOrEqual(0);
  expect(second).toMatchObject({ state: 'unasked' });
});

test('one that fails is down, with its last failure, until it answers', async () => {
  const gone = `http://127.0.0.1:${await deadPort()}/v1`;
  await using mcp = await hub([named('gone', { baseUrl: gone }), named('shaky', { models: ['other'] })]);
  await mcp.send(question);
  vendor.answerWith(refuse(500));
  await mcp.send({ ...question, model: 'other' });
  expect(await mcp.health()).toMatchObject([
    { state: 'down', calls: 1, failed: 1, lastFailure: { code: 'provider-failed' } },
    { state: 'down', calls: 1, failed: 1, lastFailure: { code: 'provider-failed' } },
  ]);
  vendor.answerWith(plain('again'));
  await (await mcp.send({ ...question, model: 'other' })).text();
  expect((await mcp.health())[1]).toMatchObject({
    ...{ state: 'up', calls: 2, failed: 1, lastFailure: { code: 'provider-failed' } },
  });
});

test('one that asks to slow down is there, and its keys rest', async () => {
  vendor.answerWith(refuse(429));
  await using mcp = await hub([named('first')]);
  expect((await mcp.send(question)).status).toBe(429);
  expect(await mcp.health()).toMatchObject([
    { state: 'up', failed: 0, restingKeys: 2, lastFailure: { code: 'provider-rate-limited' } },
  ]);
});

test('one that failed again and again rests', async () => {
  vendor.answerWith(refuse(500));
  await using mcp = await hub([named('first')], { PROVIDER_BREAKER_PERCENT: '50' });
  for (let call = 0; call < 6; call++) await mcp.send(question);
  expect(await mcp.health()).toMatchObject([{ state: 'resting', calls: 5, failed: 5 }]);
});

test('a stream that breaks off is a failure', async () => {
  vendor.answerWith((response) => {
    startStream(response);
    response.write('data: {"choices":[{"delta":{"content":"half"}}]}\n\n', () => response.destroy());
  });
  await using mcp = await hub([named('first')]);
  await (await mcp.send(stream)).text().catch(() => ''); // it may break off here too
  await expect.poll(mcp.health).toMatchObject([{ state: 'down', failed: 1 }]);
});

test('what is under way and what waits is counted', async () => {
  const [asked, answered] = [deferred<undefined>(), deferred<undefined>()];
  vendor.answerWith(async (response, request) => {
    asked.resolve(undefined);
    await answered.promise;
    await plain('late')(response, request);
  });
  await using mcp = await hub([named('first', { maxConcurrent: 1 })]);
  const calls = [mcp.send(question), mcp.send(question)];
  await asked.promise;
  await expect.poll(mcp.health).toMatchObject([{ running: 1, waiting: 1, maxConcurrent: 1 }]);
  answered.resolve(undefined);
  for (const call of calls) await (await call).text();
  await expect.poll(mcp.health).toMatchObject([{ running: 0, waiting: 0 }]);
});
