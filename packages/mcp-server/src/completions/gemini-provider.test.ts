import { randomUUID } from 'node:crypto';
import {
  type FakeProvider,
  fakeProvider,
  type Answer,
  GEMINI_USAGE,
  geminiAnswer,
  geminiEvent,
  generated,
  hangUp,
  refuseGenerated,
  startStream,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

let google: FakeProvider;
let claude: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  [google, claude] = await Promise.all([fakeProvider(), fakeProvider()]);
  books = coreBooks();
  mcp = await startMcp({
    books,
    providers: [
      {
        ...{ name: 'google', format: 'gemini', baseUrl: google.url, apiKey: 'vendor-key' },
        ...{ models: [{ id: 'g', upstreamId: 'gemini-3-pro' }], outputLimitField: 'max_completion_tokens' },
      },
      { name: 'claude', format: 'anthropic', baseUrl: claude.url, models: ['c'] },
      { name: 'openai', baseUrl: claude.url, models: ['o'] },
    ],
    env: { PROVIDER_IDLE_MS: '300', PROVIDER_DRAIN_MS: '200' },
  });
});
beforeEach(() => {
  google.asked.length = 0;
  claude.asked.length = 0;
  google.answerWith(generated());
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await google.close();
  await claude.close();
});

const QUESTION = { model: 'g', max_tokens: 50, messages: [{ role: 'user', content: 'hello world' }] };

/** Somebody new who asks; what they were charged. */
async function somebody() {
  const userId = randomUUID();
  const headers = mcp.headers(await mcp.issuer.token({ userId }));
  const ask = (path: string, body: object) =>
    fetch(mcp.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const settled = () => books.settlements.filter((item) => item.userId === userId);
  return { ask, settled };
}

const DOORS = ['/v1/chat/completions', '/v1/messages'];
const reported = { promptTokens: 100, completionTokens: 20, tokenSource: 'reported', status: 'ok' };
const errorOf = async (answer: Response): Promise<unknown> =>
  Reflect.get(Object(await answer.json()), 'error');

describe.each(DOORS)('%s before Gemini', (path) => {
  test('asks at the model’s address, with the key in a header alone, no further than was held', async () => {
    const { ask } = await somebody();
    expect((await ask(path, QUESTION)).status).toBe(200);
    expect(google.asked).toMatchObject([
      {
        path: '/v1beta/models/gemini-3-pro:generateContent',
        headers: { 'x-goog-api-key': 'vendor-key' },
        body: {
          contents: [{ role: 'user', parts: [{ text: 'hello world' }] }],
          generationConfig: { maxOutputTokens: 50 },
        },
      },
    ]);
    const [{ headers, body } = { headers: {}, body: {} }] = google.asked;
    expect(headers.authorization).toBeUndefined();
    expect(Object.keys(body).toSorted()).toEqual(['contents', 'generationConfig']);
  });

  test('answers, and costs what Google reports, thinking included', async () => {
    const { ask, settled } = await somebody();
    expect(await (await ask(path, QUESTION)).text()).toContain('Hello from the vendor.');
    await expect.poll(settled).toMatchObject([{ ...reported, model: 'g' }]);
  });

  test('streams word by word, and costs what the last event reports', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask(path, { ...QUESTION, stream: true });
    expect(google.asked[0]?.path).toBe('/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse');
    const text = await answer.text();
    for (const word of ['Hello', ' from', ' the', ' vendor.']) expect(text).toContain(`"${word}"`);
    expect(text).toMatch(/data: \[DONE\]\n\n$|"type":"message_stop"\}\n\n$/);
    await expect.poll(settled).toMatchObject([reported]);
  });

  test('passes Google’s words about the request on, in the shape of its callers', async () => {
    const { ask, settled } = await somebody();
    google.answerWith(refuseGenerated(400, 'contents: too many'));
    const answer = await ask(path, QUESTION);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({
      type: 'invalid_request_error',
      message: 'contents: too many',
    });
    expect(settled()).toEqual([]);
  });

  test('does not blame the caller for the hub’s key', async () => {
    const { ask } = await somebody();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    google.answerWith(refuseGenerated(400, 'API key not valid.', details));
    const answer = await ask(path, QUESTION);
    expect(answer.status).toBe(502);
    expect(JSON.stringify(await errorOf(answer))).not.toContain('API key');
  });

  test('says how long Google asks to wait', async () => {
    const { ask } = await somebody();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '6.5s' }];
    google.answerWith(refuseGenerated(429, 'quota', details));
    const answer = await ask(path, QUESTION);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  const broken: [string, Answer][] = [
    ['hangs up', hangUp],
    ['has no answer', generatedNothing],
  ];
  test.each(broken)('tells that Google %s', async (_, answer) => {
    const { ask, settled } = await somebody();
    google.answerWith(answer);
    expect((await ask(path, QUESTION)).status).toBe(502);
    expect(settled()).toEqual([]);
  });

  test('ends a stream that breaks off with an error, and charges what was delivered', async () => {
    const { ask, settled } = await somebody();
    const soFar = { usageMetadata: GEMINI_USAGE };
    google.answerWith((response) => {
      startStream(response);
      const half = geminiEvent(geminiAnswer([{ text: 'half an answer' }], soFar));
      response.write(half, () => response.destroy());
    });
    const text = await (await ask(path, { ...QUESTION, stream: true })).text();
    expect(text).toContain('half an answer');
    expect(text).toContain('"code":"provider-failed"');
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'provider-error' }]);
    expect(settled()[0]?.completionTokens).toBeGreaterThan(1);
  });
});

function generatedNothing(...[response]: Parameters<Answer>): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ usageMetadata: GEMINI_USAGE }));
}

describe('a call that Gemini signed', () => {
  const sealed = { type: 'redacted_thinking', data: 'google:c2ln' };
  const use = { type: 'tool_use', id: 'a', name: 'look', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'a', content: 'ok' };
  const messages = [
    ...QUESTION.messages,
    { role: 'assistant', content: [sealed, use] },
    { role: 'user', content: [result] },
  ];
  const ask = async (fields: object) =>
    (await somebody()).ask('/v1/messages', { ...QUESTION, messages, ...fields });

  test('comes back to it signed, with a setting of Anthropic’s that it has too', async () => {
    await ask({ top_k: 7 });
    expect(JSON.stringify(google.asked[0]?.body)).toContain('"thoughtSignature":"c2ln"');
    expect(google.asked[0]?.body).toMatchObject({ generationConfig: { topK: 7 } });
  });

  test.each(['c', 'o'])('goes to a provider of another format without that: %s', async (model) => {
    await ask({ model });
    expect(claude.asked).toHaveLength(1);
    expect(JSON.stringify(claude.asked[0]?.body)).not.toContain('c2ln');
  });
});

describe('embeddings of Gemini’s', () => {
  const vectors: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const usageMetadata = { promptTokenCount: 7 };
    response.end(JSON.stringify({ embeddings: [{ values: [0.5] }, { values: [1] }], usageMetadata }));
  };

  test('are asked for in a batch, and come in OpenAI’s shape', async () => {
    const { ask, settled } = await somebody();
    google.answerWith(vectors);
    const answer = await ask('/v1/embeddings', { model: 'g', input: ['a', 'b'], encoding_format: 'base64' });
    expect(await answer.json()).toEqual({
      object: 'list',
      data: ['AAAAPw==', 'AACAPw=='].map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: 'g',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    expect(google.asked).toMatchObject([
      {
        path: '/v1beta/models/gemini-3-pro:batchEmbedContents',
        body: { requests: ['a', 'b'].map((text) => ({ content: { parts: [{ text }] } })) },
      },
    ]);
    expect(google.asked[0]?.body).not.toHaveProperty('model');
    await expect.poll(settled).toMatchObject([{ promptTokens: 7, completionTokens: 0, model: 'g' }]);
  });

  test('are refused in Google’s words', async () => {
    const { ask } = await somebody();
    google.answerWith(refuseGenerated(400, 'at most 100 requests'));
    const answer = await ask('/v1/embeddings', { model: 'g', input: 'a' });
    expect(await errorOf(answer)).toMatchObject({ message: 'at most 100 requests' });
    expect((await ask('/v1/embeddings', { model: 'g', input: [1, 2] })).status).toBe(400);
  });
});
