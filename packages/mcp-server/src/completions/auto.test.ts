import { randomUUID } from 'node:crypto';
import type { Price } from '@smart-ai-hub/shared/contracts';
import {
  type FakeProvider,
  fakeProvider,
  garbage,
  generatedImage,
  pictured,
  plain,
  refuse,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';

let vendor: FakeProvider;
let broken: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
const costing = (model: string, micro: number, unitMicro = 0): Price => ({
  ...{ ...PRICE, id: randomUUID(), model, unitMicro },
  ...{ inputMicroPerMillion: micro * 1_000_000, outputMicroPerMillion: micro * 1_000_000 },
});
const PRICES = [
  costing('hub/echo', 0),
  ...[costing('cheap', 1), costing('cheap-too', 1), costing('sees', 5), costing('maybe', 3)],
  ...[costing('vectors', 1), costing('draws', 1, 7), costing('draws-cheaply', 1, 5), costing('failing', 0)],
];
const ALL = { vision: true, tools: true, json: true };
const NONE = { vision: false, tools: false, json: false, embeddings: false };
const MODELS = [
  { id: 'auto', capabilities: ALL },
  { id: 'unsold', capabilities: ALL },
  { id: 'sees', capabilities: ALL, openToGuests: true, contextTokens: 100_000 },
  { id: 'maybe' },
  { id: 'cheap-too', contextTokens: 1000, capabilities: NONE },
  { id: 'cheap', contextTokens: 1000, capabilities: NONE },
  { id: 'vectors', capabilities: { embeddings: true } },
  { id: 'draws', capabilities: { images: true } },
  { id: 'draws-cheaply', capabilities: { images: true } },
];
beforeAll(async () => {
  [vendor, broken] = await Promise.all([fakeProvider(), fakeProvider()]);
  broken.answerWith(refuse(500));
  books = coreBooks(1_000_000_000, [...PRICES]);
  mcp = await startMcp({
    books,
    providers: [
      { name: 'vendor', baseUrl: vendor.url, models: MODELS },
      { name: 'broken', baseUrl: broken.url, models: ['failing'] },
    ],
    env: { PROVIDER_BREAKER_PERCENT: '50' },
  });
  const failing = { model: 'failing', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] };
  for (let calls = 0; calls < 5; calls++) await mcp.send(failing); // until it is left alone
});
beforeEach(() => {
  vendor.asked.length = 0;
  vendor.answerWith(plain());
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await vendor.close();
  await broken.close();
});

async function ask(path: string, body: object, who: object = {}) {
  const userId = randomUUID();
  const headers = mcp.headers(await mcp.issuer.token({ userId, ...who }));
  const sent = { model: 'auto', ...body };
  const answer = await fetch(mcp.url + path, { method: 'POST', headers, body: JSON.stringify(sent) });
  const settled = () => books.settlements.filter((item) => item.userId === userId);
  return { answer, asked: vendor.asked.map((one) => one.body['model']), settled };
}

const keyFor = (...models: string[]) => ({ keyId: randomUUID(), claims: { limits: { models } } });

const CHAT = '/v1/chat/completions';
const said = (content: unknown = 'hello') => ({ max_tokens: 5, messages: [{ role: 'user', content }] });
const seen = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];

describe('the model auto', () => {
  test.each([
    ['words', CHAT, said()],
    ['words', '/v1/messages', said()],
    ['words', '/v1/responses', { input: 'hello' }],
  ])('is the cheapest for %s at %s, the first by name, and the usage names it', async (_what, path, body) => {
    const { answer, asked, settled } = await ask(path, body);
    expect([answer.status, asked]).toEqual([200, ['cheap']]);
    await expect.poll(settled).toMatchObject([{ model: 'cheap', priceId: PRICES[1]?.id, chargeMicro: 120 }]);
  });

  test.each([
    ['an image', said(seen), 'sees'],
    ['a tool', { ...said(), tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }, 'sees'],
    ['JSON', { ...said(), response_format: { type: 'json_object' } }, 'sees'],
    ['more than the cheapest hold', said('word '.repeat(2000)), 'maybe'],
    ['a longer answer than the cheapest hold', { ...said(), max_tokens: 2000 }, 'maybe'],
  ])('is for %s one that is said to do it', async (_what, body, model) => {
    expect((await ask(CHAT, body)).asked).toEqual([model]);
  });

  test('makes vectors and images, each by whom that can', async () => {
    vendor.answerWith(garbage('{"data":[],"usage":{"prompt_tokens":1}}'), pictured());
    expect((await ask('/v1/embeddings', { input: 'x' })).asked).toEqual(['vectors']);
    expect((await ask('/v1/images/generations', { prompt: 'x' })).asked.at(-1)).toBe('draws-cheaply');
  });

  test('is one that the key may use', async () => {
    expect((await ask(CHAT, said(), keyFor('maybe', 'sees'))).asked).toEqual(['maybe']);
  });

  test('is for guests one that is open to them', async () => {
    const guest = { roles: ['guest'], grants: { 'services:use': 'own' } };
    expect((await ask(CHAT, said(), guest)).asked).toEqual(['sees']);
  });

  test('is nobody whose provider is left alone while there is another, and that one where there is none', async () => {
    const before = broken.asked.length;
    const { answer } = await ask(CHAT, said(), keyFor('failing'));
    expect([answer.status, broken.asked.length]).toEqual([502, before]);
  });

  test('is none where none fits, and never the echo beside others', async () => {
    for (const models of [['hub/echo'], ['unsold'], ['cheap']]) {
      const { answer, settled } = await ask(CHAT, said(seen), keyFor(...models));
      expect([answer.status, await answer.json()]).toMatchObject([
        404,
        { error: { code: 'model-not-found' } },
      ]);
      expect(settled()).toEqual([]);
    }
  });

  test('has its tokens counted', async () => {
    const { answer } = await ask('/v1/messages/count_tokens', said());
    expect(await answer.json()).toEqual({ input_tokens: expect.any(Number) });
  });

  test('is the echo where the hub has nothing else', async () => {
    await using alone = await startMcp();
    const answer = await alone.send({ model: 'auto', ...said() });
    expect(await answer.json()).toMatchObject({ model: 'hub/echo' });
  });

  test('is named as itself in a translated answer', async () => {
    const providers = [
      {
        ...{ name: 'google', format: 'gemini', baseUrl: vendor.url },
        models: [{ id: 'banana', capabilities: { images: true } }, 'gemini'],
      },
    ];
    await using other = await startMcp({ providers });
    const part = { candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }] };
    vendor.answerWith(garbage(JSON.stringify(part)), generatedImage());
    expect(await (await other.send({ model: 'auto', ...said() })).json()).toMatchObject({ model: 'gemini' });
  });
});
