import { randomUUID } from 'node:crypto';
import {
  fakeProvider,
  type FakeProvider,
  plain,
  refuse,
  startStream,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';
import { callTool, modern, old, post } from './by-hand.fixture.ts';

let vendor: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  vendor = await fakeProvider();
  books = coreBooks();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['m', 'closed'] }];
  mcp = await startMcp({ books, providers, env: { PROVIDER_DRAIN_MS: '200' } });
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await vendor.close();
});

/** Somebody new, and what became of their credits. */
async function caller(limits?: object) {
  const userId = randomUUID();
  const person = limits ? { keyId: randomUUID(), claims: { limits } } : {};
  const door = { url: mcp.url, token: await mcp.issuer.token({ userId, ...person }) };
  const reserved = () => books.reservations.filter((item) => item.userId === userId);
  return {
    ...door,
    ask: (args: object, era = modern) =>
      callTool(door, 'chat', { model: 'm', prompt: 'hello', ...args }, era),
    reserved,
    settled: () => books.settlements.filter((item) => item.userId === userId),
    released: () => reserved().filter(({ holdId }) => books.released.includes(holdId)),
  };
}

describe('a chat', () => {
  test.each([
    ['of today', modern],
    ['of 2025', old],
  ])('is answered to a client %s, and charged as any other', async (_what, era) => {
    vendor.answerWith(plain('Hello from afar.'));
    const { ask, settled } = await caller();
    const { text, structured } = await ask({ system: 'be kind', maxTokens: 30, temperature: 0.5 }, era);
    expect(text).toBe('Hello from afar.');
    expect(structured).toEqual({
      text,
      finishReason: 'stop',
      usage: { promptTokens: 100, completionTokens: 20 },
    });
    expect(vendor.asked.at(-1)?.body).toMatchObject({
      model: 'm',
      temperature: 0.5,
      max_tokens: 30,
      messages: [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: 'hello' },
      ],
    });
    await expect.poll(settled).toMatchObject([
      {
        service: 'chat',
        model: 'm',
        chargeMicro: 100 + 2 * 20,
        tokenSource: 'reported',
        status: 'ok',
        priceId: PRICE.id,
      },
    ]);
  });

  test('is answered from the cache to a key that wants it', async () => {
    vendor.answerWith(plain('one'), plain('two'));
    const userId = randomUUID();
    const token = await mcp.issuer.token({ userId, keyId: randomUUID(), claims: { cacheAnswers: true } });
    const ask = () => callTool({ url: mcp.url, token }, 'chat', { model: 'm', prompt: 'again?' }, modern);
    const first = await ask();
    expect(await ask()).toEqual(first);
    const charged = () =>
      books.settlements.filter((item) => item.userId === userId).map(({ chargeMicro }) => chargeMicro);
    await expect.poll(charged).toEqual([140, 0]);
  });

  test('tells how far it is to a client that asks, and keeps the stream open for it', async () => {
    vendor.answerWith(plain('one two three'));
    const { url, token } = await caller();
    const said = await modern({ url, token }, 'tools/call', {
      name: 'chat',
      arguments: { model: 'm', prompt: 'count' },
      _meta: { progressToken: 'p-1' },
    });
    expect(said.headers.get('content-type')).toContain('text/event-stream');
    expect(said.headers.get('x-accel-buffering')).toBe('no');
    expect(said.messages.slice(0, -1)).toMatchObject(
      ['one', ' two', ' three'].map((message, index) => ({
        method: 'notifications/progress',
        params: { progressToken: 'p-1', progress: index + 1, message },
      })),
    );
    expect(said.result).toMatchObject({ structuredContent: { text: 'one two three' } });
  });

  test('that a vendor refuses is told in the vendor’s words, and costs nothing', async () => {
    vendor.answerWith(refuse(400, 'temperature must be at most 1'));
    const { ask, settled, released } = await caller();
    const { text, isError } = await ask({ temperature: 2 });
    expect([isError, text]).toEqual([true, expect.stringContaining('temperature must be at most 1')]);
    await expect.poll(released).toHaveLength(1);
    expect(settled()).toEqual([]);
  });

  test('that breaks off is an error, and what was said is paid', async () => {
    vendor.answerWith((response) => {
      startStream(response);
      response.write(textEvent('the first word'), () => response.destroy());
    });
    const { ask, settled } = await caller();
    const { text, isError } = await ask({});
    expect([isError, text]).toEqual([true, expect.stringContaining('provider-failed: ')]);
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'provider-error' }]);
  });

  test('whose caller goes away ends at the provider too, and what was said is paid', async () => {
    const gone = new AbortController();
    vendor.answerWith((response) => {
      startStream(response);
      response.write(textEvent('the first word'));
    });
    const asked = vendor.asked.length;
    const { url, token, settled } = await caller();
    const params = { name: 'chat', arguments: { model: 'm', prompt: 'hello' } };
    const call = post(
      { url, token },
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
      {},
      gone.signal,
    );
    await expect.poll(() => vendor.asked.length).toBe(asked + 1);
    gone.abort();
    await expect(call).rejects.toThrow();
    await vendor.asked.at(-1)?.aborted;
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'client-closed' }]);
  });

  test('keeps to the models, the balance and the limits of the key', async () => {
    vendor.answerWith(plain());
    const narrow = await caller({ models: ['m'] });
    const closed = await narrow.ask({ model: 'closed' });
    expect([closed.isError, closed.text]).toEqual([true, expect.stringContaining('model-not-found: ')]);
    expect((await narrow.ask({})).isError).toBe(false);

    const limited = await caller({ tokensPerMinute: 100, monthlyMicro: 700 });
    expect((await limited.ask({})).isError).toBe(false);
    expect(limited.reserved()).toMatchObject([{ limits: [{ monthlyMicro: 700 }] }]);
    await expect.poll(limited.settled).toHaveLength(1);
    expect((await limited.ask({})).text).toContain('rate-limited: this key may use 100 tokens a minute');

    const { available } = books;
    books.available = 1;
    const poor = await caller();
    expect((await poor.ask({})).text).toContain('insufficient-credits: ');
    books.available = available;
  });

  test.each([
    [{ model: '' }],
    [{ prompt: '' }],
    [{ prompt: 7 }],
    [{ temperature: 3 }],
    [{ maxTokens: 0 }],
    [{ stream: true }],
  ])('with %j asks nobody', async (wrong) => {
    const { ask, reserved } = await caller();
    expect((await ask(wrong)).isError).toBe(true);
    expect(reserved()).toEqual([]);
  });
});

test('models are listed with their prices, those that the key may use', async () => {
  const { url, token } = await caller({ models: ['m'] });
  expect((await callTool({ url, token }, 'list_models')).structured).toEqual({
    items: [
      { id: 'm', provider: 'vendor', inputMicroPerMillion: 1_000_000, outputMicroPerMillion: 2_000_000 },
    ],
  });
});

test('nothing of what was said stands in the log', () => {
  expect(mcp.log.text()).not.toMatch(/Hello from afar|be kind|the first word/);
});
