import { randomUUID } from 'node:crypto';
import {
  createClient,
  DomainError,
  internalContract,
  type OpenedProvider,
  PROVIDERS_CHANGED,
} from '@smart-ai-hub/shared/contracts';
import { memoryStore, openAccessChanges } from '@smart-ai-hub/shared/service';
import { type FakeProvider, fakeProvider, plain, testLog } from '@smart-ai-hub/shared/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { coreBooks, startMcp } from '../mcp.fixture.ts';
import { openKeptProviders } from './kept-providers.ts';
import type { Provider, Source } from './provider.ts';

const patience = {
  ...{ connectTimeout: 500, firstByteTimeout: 500, idleTimeout: 500, answerTimeout: 5_000 },
  ...{ queueTimeout: 500, breakerPercent: 0 },
};
const question = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };

let vendor: FakeProvider;
beforeEach(async () => {
  vendor = await fakeProvider();
});
afterEach(async () => {
  vi.useRealTimers();
  await vendor.close();
});

const kept = (more: Partial<OpenedProvider> = {}): OpenedProvider => ({
  ...{ id: randomUUID(), name: 'kept', format: 'openai', baseUrl: vendor.url, apiKeys: ['key-1'] },
  ...{ models: [{ id: 'm' }], outputLimitField: 'max_tokens', maxConcurrent: 8, active: true },
  mayBeLocal: true,
  ...more,
});

/** What is heard of a list that core-service answers, or not. */
async function following(list: OpenedProvider[], grace = 0) {
  const core = { list, asked: 0, isAway: false };
  const changes = openAccessChanges(memoryStore().keyValue);
  const taken: Source[][] = [];
  const log = testLog('mcp-server');
  const transport = () => {
    core.asked += 1;
    if (core.isAway) return Promise.reject(new DomainError('service-unavailable'));
    return Promise.resolve({ status: 200, body: { items: core.list } });
  };
  const { close } = await openKeptProviders({
    core: createClient(internalContract, transport),
    ...{ changes, patience, grace, logger: log.logger },
    take: (sources) => taken.push([...sources]),
  });
  return {
    core,
    log,
    announce: () => changes.announce(PROVIDERS_CHANGED),
    /** The providers of now. */
    now: () => taken.at(-1)?.map(({ provider }) => provider) ?? [],
    taken,
    [Symbol.asyncDispose]: close,
  };
}

/** The vendor answers each call when it is told to. */
function held(content?: string) {
  const waiting: (() => void)[] = [];
  vendor.answerWith(async (response, asked) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    await plain(content)(response, asked);
  });
  return waiting;
}

const signal = new AbortController().signal;

/** What a provider answers to the question. */
async function ask(provider: Provider | undefined): Promise<string> {
  if (!provider) throw new Error('there is no provider');
  const { body } = await provider.chat(question, signal);
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('providers of the database', () => {
  test('are there from the start, in their order, and change when core-service says so', async () => {
    await using hub = await following([kept({ name: 'a' }), kept({ name: 'b' })]);
    expect(hub.now().map(({ name }) => name)).toEqual(['a', 'b']);
    hub.core.list = hub.core.list.toReversed();
    await hub.announce();
    await expect.poll(() => hub.now().map(({ name }) => name)).toEqual(['b', 'a']);
  });

  test('are looked at every half minute, and again soon while core-service is away', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using hub = await following([kept()]);
    await hub.announce();
    await vi.advanceTimersByTimeAsync(0);
    const { asked } = hub.core;
    await vi.advanceTimersByTimeAsync(29_000);
    expect(hub.core.asked).toBe(asked);
    hub.core.isAway = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.core.asked).toBe(asked + 1);
    expect(hub.now()).toHaveLength(1); // the last known stay
    hub.core.isAway = false;
    hub.core.list = [];
    await vi.advanceTimersByTimeAsync(2_000);
    expect(hub.now()).toEqual([]);
  });

  test('that are as they were keep their connections, whatever becomes of the others', async () => {
    const stays = kept({ name: 'stays' });
    await using hub = await following([stays, kept({ name: 'changes' })]);
    const [first, second] = hub.now();
    hub.core.list = [{ ...stays }, kept({ name: 'changes', apiKeys: ['key-2'] })];
    const count = hub.taken.length;
    await hub.announce();
    await expect.poll(() => hub.taken.length).toBeGreaterThan(count);
    expect(hub.now()[0]).toBe(first);
    expect(hub.now()[1]).not.toBe(second);
  });

  test('that are taken away end their calls, and take no others', async () => {
    const waiting = held('late');
    await using hub = await following([kept()]);
    const [provider] = hub.now();
    const call = ask(provider);
    await expect.poll(() => vendor.asked.length).toBe(1);
    hub.core.list = [];
    await hub.announce();
    await expect
      .poll(() => provider?.chat({ ...question, stream: true }, signal).catch((error: unknown) => error))
      .toMatchObject({ code: 'provider-failed' });
    waiting[0]?.();
    expect(await call).toContain('late');
  });

  test('are asked by each of their keys in turn', async () => {
    await using hub = await following([kept({ apiKeys: ['a', 'b', 'c'] })]);
    const [provider] = hub.now();
    for (let call = 0; call < 4; call += 1) await ask(provider);
    expect(vendor.asked.map(({ headers }) => headers.authorization)).toEqual(
      ['a', 'b', 'c', 'a'].map((key) => `Bearer ${key}`),
    );
  });

  test('are asked by as many calls at once as they may be', async () => {
    const waiting = held();
    await using hub = await following([kept({ maxConcurrent: 2 })]);
    const [provider] = hub.now();
    const calls = [1, 2, 3].map(() => ask(provider));
    await expect.poll(() => waiting.length).toBe(2);
    waiting[0]?.();
    await expect.poll(() => waiting.length).toBe(3);
    for (const each of waiting) each();
    await Promise.all(calls);
  });

  test('lesson 12: of an address that may not be called are left out, and of a name that leads there not reached', async () => {
    const port = new URL(vendor.url).port;
    await using hub = await following([
      kept({ name: 'literal', mayBeLocal: false }),
      kept({ name: 'mapped', baseUrl: 'https://[::ffff:7f00:1]/v1', mayBeLocal: false }),
      kept({ name: 'named', baseUrl: `https://localhost:${port}/v1`, mayBeLocal: false }),
      kept({ name: 'fine' }),
    ]);
    expect(hub.now().map(({ name }) => name)).toEqual(['named', 'fine']);
    const failure = await hub
      .now()[0]
      ?.chat(question, signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'provider-failed',
      cause: { code: 'egress-refused' },
    });
    expect(vendor.asked).toEqual([]);
  });

  test('stand in no line of the log', async () => {
    const apiKeys = ['sk-secret-of-this-test'];
    await using hub = await following([kept({ apiKeys, mayBeLocal: false })]);
    hub.core.isAway = true;
    await hub.announce();
    await expect.poll(() => hub.log.text()).toContain('could not be asked for');
    expect(hub.log.text()).toContain('is not asked');
    expect(hub.log.text()).not.toContain('secret-of-this-test');
  });
});

describe('the catalogue', () => {
  const models = async (mcp: Awaited<ReturnType<typeof startMcp>>) => {
    const answer = await fetch(`${mcp.url}/v1/models`, { headers: mcp.headers(mcp.token) });
    const { data }: { data: { id: string; owned_by: string }[] } = JSON.parse(await answer.text());
    return data.map((model) => `${model.owned_by} ${model.id}`);
  };

  test('has the models of the environment first, and those of the database behind them', async () => {
    const books = coreBooks();
    const id = 'hub/echo';
    books.providers = [kept({ models: [{ id: 'm' }, { id: 'n', upstreamId: 'nn' }, { id }] })];
    const providers = [{ name: 'fixed', baseUrl: vendor.url, models: ['m'] }];
    await using mcp = await startMcp({ books, providers });
    expect(await models(mcp)).toEqual(['hub hub/echo', 'fixed m', 'kept n']);
    expect((await mcp.send({ ...question, model: 'n' })).status).toBe(200);
    expect(vendor.asked[0]).toMatchObject({
      body: { model: 'nn' },
      headers: { authorization: 'Bearer key-1' },
    });
  });

  test('starts without core-service, by what the environment names', async () => {
    const books = coreBooks();
    const { transport } = books;
    books.transport = (request) =>
      request.path === '/internal/providers'
        ? Promise.reject(new DomainError('service-unavailable'))
        : transport(request);
    const providers = [{ name: 'fixed', baseUrl: vendor.url, models: ['m'] }];
    await using mcp = await startMcp({ books, providers });
    expect(await models(mcp)).toEqual(['hub hub/echo', 'fixed m']);
  });
});

test('administrators see what the environment names, without its keys', async () => {
  const providers = [
    {
      ...{ name: 'fixed', baseUrl: 'https://me:secret-1@vendor.example/v1?key=secret-2', apiKey: 'secret-3' },
      models: ['a', { id: 'b', openToGuests: true }],
    },
  ];
  await using mcp = await startMcp({ providers });
  const see = async (grants: object) => {
    const token = await mcp.issuer.token({ userId: randomUUID(), roles: [], grants });
    const answer = await fetch(`${mcp.url}/api/v1/providers/environment`, { headers: mcp.headers(token) });
    return { status: answer.status, text: await answer.text() };
  };
  expect(await see({ 'services:use': 'any', 'services:read': 'any' })).toMatchObject({ status: 403 });
  const { text } = await see({ 'services:configure': 'any' });
  expect(text).not.toContain('secret');
  expect(JSON.parse(text)).toEqual({
    items: [
      {
        ...{
          name: 'fixed',
          format: 'openai',
          baseUrl: 'https://vendor.example/v1',
          active: true,
          keyCount: 1,
        },
        ...{ outputLimitField: 'max_tokens', maxConcurrent: 256 },
        models: [{ id: 'a' }, { id: 'b', openToGuests: true }],
      },
    ],
  });
});
