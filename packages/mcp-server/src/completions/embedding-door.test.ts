import { randomUUID } from 'node:crypto';
import { type Answer, type FakeProvider, fakeProvider, garbage, refuse } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

let vendor: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  vendor = await fakeProvider();
  books = coreBooks();
  mcp = await startMcp({
    books,
    providers: [
      { name: 'vendor', baseUrl: vendor.url, models: [{ id: 'embed', upstreamId: 'text-embedding' }] },
      { name: 'other', format: 'anthropic', baseUrl: vendor.url, models: ['claude'] },
    ],
  });
});
beforeEach(() => {
  vendor.asked.length = 0;
  vendor.answerWith(vectors());
  books.available = 1_000_000;
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await vendor.close();
});

const VECTOR = { object: 'embedding', index: 0, embedding: [0.1, -0.2] };

/** In the vendor's documented format. */
const vectors =
  (usage: object | null = { prompt_tokens: 7, total_tokens: 7 }): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ object: 'list', model: 'text-embedding', data: [VECTOR], ...(usage && { usage }) }),
    );
  };

async function somebody() {
  const userId = randomUUID();
  const headers = mcp.headers(await mcp.issuer.token({ userId }));
  const ask = (body: object) =>
    fetch(`${mcp.url}/v1/embeddings`, { method: 'POST', headers, body: JSON.stringify(body) });
  const reserved = () => books.reservations.filter((item) => item.userId === userId);
  const settled = () => books.settlements.filter((item) => item.userId === userId);
  return { ask, reserved, settled };
}

test('vectors come back as they are, and cost what the provider reports', async () => {
  const { ask, settled } = await somebody();
  const answer = await ask({ model: 'embed', input: ['hello', 'world'], dimensions: 2, vendor_field: 1 });
  expect(await answer.json()).toMatchObject({ object: 'list', data: [VECTOR] });
  expect(vendor.asked).toMatchObject([
    {
      path: '/v1/embeddings',
      body: { model: 'text-embedding', input: ['hello', 'world'], dimensions: 2, vendor_field: 1 },
    },
  ]);
  await expect
    .poll(settled)
    .toMatchObject([
      { service: 'embedding', promptTokens: 7, completionTokens: 0, chargeMicro: 7, tokenSource: 'reported' },
    ]);
});

test.each([
  ['hello world', 2],
  [['hello', 'world'], 2],
  [[1, 2, 3], 3],
  [[[1, 2], [3]], 3],
])(
  'of %j the price is held before it is asked for, and counted where nothing is reported',
  async (input, tokens) => {
    const { ask, reserved, settled } = await somebody();
    vendor.answerWith(vectors(null));
    expect((await ask({ model: 'embed', input })).status).toBe(200);
    expect(reserved()).toMatchObject([{ minMicro: tokens, maxMicro: tokens }]);
    await expect.poll(settled).toMatchObject([{ promptTokens: tokens, tokenSource: 'counted' }]);
  },
);

test('what a balance does not cover is asked of nobody', async () => {
  const { ask } = await somebody();
  books.available = 1;
  expect((await ask({ model: 'embed', input: 'hello world' })).status).toBe(402);
  expect(vendor.asked).toEqual([]);
});

test('a refusal of the provider, and what are no vectors, cost nothing', async () => {
  const { ask, settled } = await somebody();
  vendor.answerWith(refuse(400, 'too long'), garbage('{"data":"none"}'));
  const refused = await ask({ model: 'embed', input: 'x' });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { message: 'too long' } }]);
  expect((await ask({ model: 'embed', input: 'x' })).status).toBe(502);
  expect(settled()).toEqual([]);
});

test.each([
  [{ model: 'embed' }, 400],
  [{ model: 'embed', input: '' }, 400],
  [{ model: 'embed', input: [] }, 400],
  [{ model: 'embed', input: [[]] }, 400],
  [{ model: 'embed', input: [-1] }, 400],
  [{ model: 'embed', input: ['a', 1] }, 400],
  [{ model: 'embed', input: { text: 'a' } }, 400],
  [{ model: 'nobody', input: 'a' }, 404],
  [{ model: 'claude', input: 'a' }, 400],
])('%j is refused with %i', async (body, status) => {
  const { ask } = await somebody();
  expect((await ask(body)).status).toBe(status);
});
