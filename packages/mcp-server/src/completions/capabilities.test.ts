import { type FakeProvider, fakeProvider, refuse } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

let able: FakeProvider;
let unable: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
const CANNOT = { vision: false, tools: false, json: false, embeddings: false };
beforeAll(async () => {
  [able, unable] = await Promise.all([fakeProvider(), fakeProvider()]);
  books = coreBooks();
  const vectors = { id: 'vectors', contextTokens: 8000, capabilities: { embeddings: true } };
  mcp = await startMcp({
    books,
    providers: [
      {
        ...{ name: 'unable', baseUrl: unable.url },
        models: [{ id: 'plain', capabilities: CANNOT }, { id: 'both', capabilities: CANNOT }, vectors],
      },
      { name: 'able', baseUrl: able.url, models: ['both'] },
    ],
  });
});
beforeEach(() => {
  for (const list of [able.asked, unable.asked, books.reservations]) list.length = 0;
  able.answerWith(refuse(400, 'asked'));
  unable.answerWith(refuse(400, 'asked'));
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await able.close();
  await unable.close();
});

const ask = async (path: string, body: object) => {
  const init = { method: 'POST', headers: mcp.headers(mcp.token), body: JSON.stringify(body) };
  const answer = await fetch(mcp.url + path, init);
  return { status: answer.status, body: await answer.json() };
};

const PIXEL = 'data:image/png;base64,AAAA';
const chat = (content: unknown) => ({ max_tokens: 5, messages: [{ role: 'user', content }] });
const parameters = { type: 'object', properties: {} };
const tool = { type: 'function', function: { name: 'f', parameters } };
const format = { type: 'json_schema', schema: parameters };
const source = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
const image = { type: 'image', source };

const WISHES: [string, string, object, string][] = [
  [
    'an image',
    '/v1/chat/completions',
    chat([{ type: 'image_url', image_url: { url: PIXEL } }]),
    'sees no images',
  ],
  ['tools', '/v1/chat/completions', { ...chat('x'), tools: [tool] }, 'calls no tools'],
  ['JSON', '/v1/chat/completions', { ...chat('x'), response_format: { type: 'json_object' } }, 'JSON'],
  ['an image', '/v1/messages', chat([image]), 'sees no images'],
  [
    'an image of a tool',
    '/v1/messages',
    chat([{ type: 'tool_result', tool_use_id: 't', content: [image] }]),
    'sees no images',
  ],
  [
    'tools',
    '/v1/messages',
    { ...chat('x'), tools: [{ name: 'f', input_schema: parameters }] },
    'calls no tools',
  ],
  ['JSON', '/v1/messages', { ...chat('x'), output_config: { format } }, 'JSON'],
  [
    'an image',
    '/v1/responses',
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: PIXEL }] }] },
    'sees no images',
  ],
  [
    'tools',
    '/v1/responses',
    { input: 'x', tools: [{ type: 'function', name: 'f', parameters }] },
    'calls no tools',
  ],
  ['JSON', '/v1/responses', { input: 'x', text: { format: { type: 'json_object' } } }, 'JSON'],
  ['vectors', '/v1/embeddings', { input: 'x' }, 'makes no embeddings'],
];

describe.each(WISHES)('%s at %s', (_what, path, wish, words) => {
  test('is refused in words before anything is held, where the model cannot do it', async () => {
    const { status, body } = await ask(path, { ...wish, model: 'plain' });
    expect([status, body]).toMatchObject([
      400,
      { error: { message: expect.stringMatching(new RegExp(`^plain .*${words}`)) } },
    ]);
    expect([books.reservations, unable.asked]).toEqual([[], []]);
  });

  test('is asked of the provider who may do it', async () => {
    await ask(path, { ...wish, model: 'both' });
    expect([unable.asked.length, able.asked.length]).toEqual([0, 1]);
  });
});

test.each([
  ['/v1/chat/completions', chat('x')],
  ['/v1/messages', chat('x')],
  ['/v1/responses', { input: 'x' }],
])('at %s a model for vectors does not chat', async (path, body) => {
  const answer = await ask(path, { ...body, model: 'vectors' });
  expect(answer).toMatchObject({ status: 400, body: { error: { message: 'vectors does not chat' } } });
});

test('who needs nothing of it is served by a model that cannot do much', async () => {
  await ask('/v1/chat/completions', {
    ...chat('x'),
    model: 'plain',
    tools: [],
    response_format: { type: 'text' },
  });
  expect(unable.asked).toHaveLength(1);
});

test('the list tells what each model can do, how much it holds, and what it costs', async () => {
  const answer = await fetch(`${mcp.url}/v1/models`, { headers: mcp.headers(mcp.token) });
  expect(await answer.json()).toMatchObject({
    data: [
      { id: 'hub/echo' },
      { id: 'plain', context_length: null, capabilities: CANNOT },
      { id: 'both', owned_by: 'unable', capabilities: CANNOT },
      {
        ...{
          id: 'vectors',
          context_length: 8000,
          max_output_tokens: 4096,
          capabilities: { embeddings: true },
        },
        price: { input_micro_per_million: 1_000_000, output_micro_per_million: 2_000_000, unit_micro: 0 },
      },
    ],
  });
});
