import {
  type Answer,
  fakeProvider,
  finishEvent,
  garbage,
  hangUp,
  plain,
  refuse,
  silence,
  startStream,
  textEvent,
  usageEvent,
} from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let platform: TestPlatform;

beforeAll(async () => {
  vendor = await fakeProvider();
  const providers = [
    { name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] },
    { name: 'gone', baseUrl: 'http://127.0.0.1:1/v1', models: ['gpt-3.5-turbo'] },
  ];
  const oneTry = { PROVIDER_RETRIES: '0', PROVIDER_BREAKER_PERCENT: '0' };
  const patience = { PROVIDER_FIRST_BYTE_MS: '200', PROVIDER_IDLE_MS: '200', PROVIDER_ANSWER_MS: '200' };
  platform = await startPlatform(inject('postgres'), {
    PROVIDERS: JSON.stringify(providers),
    ...oneTry,
    ...patience,
    ...NO_LIMITS,
  });
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await vendor.close();
});

const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Say hello.' }],
  max_completion_tokens: 50,
};

/** A person with the official client, and what the person has and used afterwards. */
async function caller({ maxRetries = 0 } = {}) {
  const person = await signUp(platform.url);
  const apiKey = await person.makeKey();
  const client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries });
  const settled = () =>
    expect.poll(() => person.get('/api/v1/credits/balance')).toMatchObject({ heldMicro: 0 });
  return {
    ask: (stream: boolean) => read(client, stream),
    /** The bytes of a stream: the client puts long events together slowly. */
    askRaw: async () =>
      (await client.chat.completions.create({ ...QUESTION, stream: true }).asResponse()).text(),
    askFor: (model: string) => client.chat.completions.create({ ...QUESTION, model }),
    balance: async () => {
      await settled();
      return (await person.get('/api/v1/credits/balance'))['balanceMicro'];
    },
    usage: async () => (await person.get('/api/v1/usage/logs'))['items'],
  };
}

/** The answer's text, plain or streamed, as far as it comes; a failure is thrown with what was heard before. */
async function read(client: OpenAI, stream: boolean): Promise<string> {
  if (!stream) return (await client.chat.completions.create(QUESTION)).choices[0]?.message.content ?? '';
  heard = '';
  for await (const part of await client.chat.completions.create({ ...QUESTION, stream: true })) {
    heard += part.choices[0]?.delta.content ?? '';
  }
  return heard;
}

let heard = '';

function headerOf(failure: unknown, name: string): string | null {
  const headers: unknown = failure instanceof OpenAI.APIError ? failure.headers : undefined;
  if (headers instanceof Headers) return headers.get(name);
  throw new Error('the failure has no headers');
}

const words =
  (...answered: string[]): Answer =>
  (response) => {
    startStream(response);
    for (const word of answered) response.write(textEvent(word));
  };

/** Says two words, and then begins what it never ends. */
const stopsWithin =
  (part: string | Buffer): Answer =>
  (response) => {
    startStream(response);
    response.write(textEvent('Hello ') + textEvent('world'));
    response.write(part);
  };
const [line] = textEvent('สวัสดี').split('\n');
/** The last character is three bytes in UTF-8, of which one comes. */
const withinACharacter = Buffer.from(`${line?.slice(0, line.indexOf('ส'))}ส`).subarray(0, -2);

const halfAStream: Answer = (response) => {
  startStream(response);
  response.write(textEvent('Hello '));
  response.write(textEvent('world'), () => response.destroy());
};

describe.each([
  ['plain', false],
  ['streamed', true],
])('a vendor that fails before its answer (%s)', (_how, stream) => {
  test.each<[string, Answer, number, string]>([
    ['asks to slow down', refuse(429, 'slow', { 'retry-after': '7' }), 429, 'provider-rate-limited'],
    ['fails', refuse(500), 502, 'provider-failed'],
    ['is overloaded', refuse(503), 502, 'provider-failed'],
    ['refuses our key', refuse(401), 502, 'provider-failed'],
    ['answers garbage', garbage(), 502, 'provider-failed'],
    ['answers half JSON', garbage('{"id":"chatcmpl-1","choices":[{'), 502, 'provider-failed'],
    ['answers nothing', garbage(''), 502, 'provider-failed'],
    ['hangs up', hangUp, 502, 'provider-failed'],
    ['is silent', silence, 504, 'provider-timeout'],
  ])('and %s costs nothing', async (_what, answer, status, code) => {
    vendor.answerWith(answer);
    const person = await caller();
    const failure: unknown = await person.ask(stream).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(status === 429 ? OpenAI.RateLimitError : OpenAI.InternalServerError);
    expect(failure).toMatchObject({
      status,
      code,
      type: status === 429 ? 'rate_limit_error' : 'server_error',
    });
    expect(headerOf(failure, 'retry-after')).toBe(status === 429 ? '7' : null);
    expect(await person.balance()).toBe(1_000_000);
    expect(await person.usage()).toEqual([]);
  });
});

test('a vendor that sends its headers and nothing more costs nothing', async () => {
  vendor.answerWith((response) => {
    startStream(response);
    response.flushHeaders();
  });
  const person = await caller();
  await expect(person.ask(true)).rejects.toMatchObject({ status: 504, code: 'provider-timeout' });
  expect(await person.balance()).toBe(1_000_000);
});

test('ten million characters in one event are one event', async () => {
  const long = 'word '.repeat(2_000_000);
  vendor.answerWith((response) => {
    startStream(response);
    response.end(`${textEvent(long)}${finishEvent()}${usageEvent()}data: [DONE]\n\n`);
  });
  const person = await caller();
  const answer = await person.askRaw();
  expect(answer.includes(textEvent(long))).toBe(true);
  expect(await person.balance()).toBeLessThan(1_000_000);
  expect(await person.usage()).toMatchObject([{ status: 'ok', tokenSource: 'reported' }]);
});

test('a vendor that cannot be reached costs nothing', async () => {
  const person = await caller();
  await expect(person.askFor('gpt-3.5-turbo')).rejects.toMatchObject({
    status: 502,
    code: 'provider-failed',
  });
  expect(await person.balance()).toBe(1_000_000);
});

test('what the vendor says about the caller’s own request is passed on in the vendor’s words', async () => {
  vendor.answerWith(refuse(400, 'this model cannot do that'));
  const person = await caller();
  const failure: unknown = await person.ask(false).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
  expect(failure).toMatchObject({ message: expect.stringContaining('this model cannot do that') });
  expect(await person.balance()).toBe(1_000_000);
});

describe('a vendor that fails in the middle of a stream', () => {
  test.each<[string, Answer, string, string]>([
    ['breaks off', halfAStream, 'provider-failed', 'Hello world'],
    ['falls silent', words('Hello ', 'world'), 'provider-timeout', 'Hello world'],
    ['falls silent within a line', stopsWithin(line?.slice(0, 12) ?? ''), 'provider-timeout', 'Hello world'],
    ['falls silent within a character', stopsWithin(withinACharacter), 'provider-timeout', 'Hello world'],
  ])(
    'and %s is heard as an error behind what was delivered, which alone is paid',
    async (_what, answer, code, text) => {
      vendor.answerWith(answer);
      const person = await caller();
      const failure: unknown = await person.ask(true).catch((error: unknown) => error);
      expect(heard).toBe(text);
      expect(failure).toBeInstanceOf(OpenAI.APIError);
      expect(failure).toMatchObject({ code, type: 'server_error' });
      const balance = await person.balance();
      expect(await person.usage()).toMatchObject([
        {
          status: 'provider-error',
          tokenSource: 'counted',
          completionTokens: 2,
          creditsMicro: 1_000_000 - Number(balance),
        },
      ]);
    },
  );
});

test('a client that tries again after a 429 is served, and pays once', async () => {
  vendor.answerWith(refuse(429, 'slow', { 'retry-after': '0' }), plain());
  const person = await caller({ maxRetries: 2 });
  expect(await person.ask(true)).toBe('Hello from the vendor.');
  expect(await person.balance()).toBe(880_000);
});
