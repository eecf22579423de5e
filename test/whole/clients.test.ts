import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import {
  type Answer,
  drawn,
  type FakeProvider,
  fakeProvider,
  geminiAnswer,
  geminiEvent,
  generatedImage,
  pictured,
  PICTURE,
  startStream,
} from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { tableOf } from '../house/markdown.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';
import { type Person, signUp } from './person.ts';

/**
 * Every official client before a provider of every family, which is somebody else's imitation of the vendors; ours does
 * for what it leaves out of Google's.
 */
let vendor: LLMock;
let google: FakeProvider;
let platform: TestPlatform;
let person: Person;
let apiKey: string;
beforeAll(async () => {
  vendor = new LLMock({ port: 0 });
  vendor.onEmbedding('one text', { embedding: [0.5, -2] });
  vendor.onMessage('hello', { content: 'Hi there, friend!', usage: { input_tokens: 11, output_tokens: 5 } });
  vendor.onMessage('weather', { toolCalls: [{ name: 'weather', arguments: '{"city":"Bangkok"}' }] });
  vendor.onMessage('as JSON', { content: '{"city":"Bangkok"}' });
  vendor.onMessage('slow down', { error: { message: 'too fast' }, status: 429, retryAfter: 1 });
  await vendor.start();
  google = await fakeProvider();
  const providers = [
    { name: 'openai', baseUrl: `${vendor.url}/v1`, apiKey: 'mock', models: ['gpt-4o-mini'] },
    {
      name: 'anthropic',
      format: 'anthropic',
      baseUrl: vendor.url,
      apiKey: 'mock',
      models: ['claude-sonnet'],
    },
    { name: 'gemini', format: 'gemini', baseUrl: vendor.url, apiKey: 'mock', models: ['gemini-flash'] },
    {
      ...{ name: 'google', format: 'gemini', baseUrl: google.url, apiKey: 'mock' },
      models: ['gemini-3-pro', { id: 'gemini-3-image', capabilities: { images: true } }],
    },
    {
      ...{ name: 'draws', baseUrl: google.url, apiKey: 'mock' },
      models: [{ id: 'gpt-5-image', upstreamId: 'gpt-image-1', capabilities: { images: true } }],
    },
  ];
  platform = await startPlatform(inject('postgres'), {
    ...NO_LIMITS,
    PROVIDERS: JSON.stringify(providers),
    PROVIDER_RETRIES: '0', // each would wait for as long as the vendor says
    SIGNUP_CREDIT_MICRO: '100000000',
  });
  person = await signUp(platform.url);
  apiKey = await person.makeKey();
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await vendor.stop();
  await google.close();
});

const FAMILIES = [
  ['OpenAI', 'gpt-4o-mini'],
  ['Anthropic', 'claude-sonnet'],
  ['Gemini', 'gemini-flash'],
] as const;
/** Anthropic has none; of Google’s, our own imitation answers, since the other leaves out many at once. */
const EMBEDDERS = [
  ['OpenAI', 'gpt-4o-mini', { encoding_format: 'float' }], // the imitation answers bytes as numbers
  ['Gemini', 'gemini-3-pro', {}],
] as const;

describe.each(FAMILIES)('`openai` · `/v1/chat/completions` · %s', (_family, model) => {
  const client = (maxRetries = 0) => new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries });
  const ask = (content: string) => ({
    model,
    max_tokens: 50,
    messages: [{ role: 'user' as const, content }],
  });
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
    },
  ];

  test('chats, plain and streamed', async () => {
    const whole = await client().chat.completions.create(ask('hello'));
    expect(whole.choices[0]).toMatchObject({
      message: { content: 'Hi there, friend!' },
      finish_reason: 'stop',
    });
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
    const stream = client().chat.completions.stream(ask('hello'));
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('Hi there, friend!');
  });

  test('is called back for a tool, plain and streamed', async () => {
    const called = { type: 'function', function: { name: 'weather', arguments: '{"city":"Bangkok"}' } };
    const whole = await client().chat.completions.create({ ...ask('weather'), tools });
    expect(whole.choices[0]).toMatchObject({
      message: { tool_calls: [called] },
      finish_reason: 'tool_calls',
    });
    const stream = client().chat.completions.stream({ ...ask('weather'), tools });
    expect((await stream.finalChatCompletion()).choices[0]?.message.tool_calls).toMatchObject([called]);
  });

  test('hears of the vendor’s limits by the error that it knows', async () => {
    const refused = client().chat.completions.create(ask('slow down'));
    await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });

  test('tries again what failed once', async () => {
    vendor.nextRequestError(500);
    const { choices } = await client(1).chat.completions.create(ask('hello'));
    expect(choices[0]?.message.content).toBe('Hi there, friend!');
  });

  test('lets go in the middle', async () => {
    const stream = await client().chat.completions.create({ ...ask('hello'), stream: true });
    for await (const _ of stream) stream.controller.abort();
  });
});

describe.each(EMBEDDERS)('`openai` · `/v1/embeddings` · %s', (_family, model, format) => {
  test('has a vector for each input', async () => {
    const embeddings = [{ values: [0.5, -2] }, { values: [0.5, -2] }];
    google.answerWith((response) => {
      response.end(JSON.stringify({ embeddings }));
    });
    const client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries: 0 });
    const { data } = await client.embeddings.create({
      model,
      input: ['one text', 'one text'],
      ...format,
    });
    expect(data).toMatchObject([
      { index: 0, embedding: [0.5, -2] },
      { index: 1, embedding: [0.5, -2] },
    ]);
  });
});

describe.each(FAMILIES)('`openai` · `/v1/responses` · %s', (_family, model) => {
  const client = () => new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries: 0 });
  const ask = (input: string) => ({ model, max_output_tokens: 50, input });
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const tools = [{ type: 'function' as const, name: 'weather', parameters, strict: false }];
  const format = zodTextFormat(z.object({ city: z.string() }), 'place');

  test('are created, plain and streamed', async () => {
    const whole = await client().responses.create(ask('hello'));
    expect(whole).toMatchObject({ output_text: 'Hi there, friend!', status: 'completed', store: false });
    expect(whole.usage?.output_tokens).toBeGreaterThan(0);
    const streamed = await client().responses.stream(ask('hello')).finalResponse();
    expect(streamed).toMatchObject({ output_text: 'Hi there, friend!', status: 'completed' });
    expect(streamed.usage).toEqual(whole.usage);
  });

  test('call a tool, plain and streamed, and hear of its result', async () => {
    const called = { type: 'function_call', name: 'weather', arguments: '{"city":"Bangkok"}' };
    const whole = await client().responses.create({ ...ask('weather'), tools });
    expect(whole.output).toMatchObject([called]);
    const streamed = await client()
      .responses.stream({ ...ask('weather'), tools })
      .finalResponse();
    expect(streamed.output).toMatchObject([called]);
    const calls = whole.output.filter((item) => item.type === 'function_call');
    const result = { type: 'function_call_output' as const, output: 'sunny' };
    const answered = await client().responses.create({
      ...{ model, tools },
      input: [
        { role: 'user', content: 'weather' },
        ...calls,
        ...calls.map(({ call_id }) => ({ ...result, call_id })),
        { role: 'user', content: 'hello' },
      ],
    });
    expect(answered.output_text).toBe('Hi there, friend!');
  });

  test('are parsed in the shape that was asked for, plain and streamed', async () => {
    const asked = { ...ask('as JSON'), text: { format } };
    const whole = await client().responses.parse(asked);
    expect(whole.output_parsed).toEqual({ city: 'Bangkok' });
    const streamed = await client().responses.stream(asked).finalResponse();
    expect(streamed.output_parsed).toEqual({ city: 'Bangkok' });
  });

  test('are refused by the errors that the client knows', async () => {
    const create = (more: object) => client().responses.create({ ...ask('hello'), ...more });
    await expect(create({ input: 'slow down' })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(create({ model: 'nobody' })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const kept = create({ previous_response_id: 'resp_1' });
    await expect(kept).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(kept).rejects.toMatchObject({ param: 'previous_response_id' });
  });

  test('are let go in the middle', async () => {
    const stream = await client().responses.create({ ...ask('hello'), stream: true });
    for await (const _ of stream) stream.controller.abort();
  });
});

describe.each(FAMILIES)('`@anthropic-ai/sdk` · `/v1/messages` · %s', (_family, model) => {
  const client = (maxRetries = 0) => new Anthropic({ baseURL: platform.url, apiKey, maxRetries });
  const ask = (content: string) => ({
    model,
    max_tokens: 50,
    messages: [{ role: 'user' as const, content }],
  });
  const tools = [
    {
      name: 'weather',
      input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
    },
  ];

  test('sends messages, plain and streamed', async () => {
    const whole = await client().messages.create(ask('hello'));
    expect(whole).toMatchObject({
      content: [{ type: 'text', text: 'Hi there, friend!' }],
      stop_reason: 'end_turn',
    });
    expect(whole.usage.output_tokens).toBeGreaterThan(0);
    const stream = client().messages.stream(ask('hello'));
    expect(await stream.finalText()).toBe('Hi there, friend!');
  });

  test('is called back for a tool, plain and streamed', async () => {
    const called = { type: 'tool_use', name: 'weather', input: { city: 'Bangkok' } };
    const whole = await client().messages.create({ ...ask('weather'), tools });
    expect(whole).toMatchObject({ content: [called], stop_reason: 'tool_use' });
    const streamed = await client()
      .messages.stream({ ...ask('weather'), tools })
      .finalMessage();
    expect(streamed).toMatchObject({ content: [called], stop_reason: 'tool_use' });
  });

  test('tries again what failed once', async () => {
    vendor.nextRequestError(500);
    const { content } = await client(1).messages.create(ask('hello'));
    expect(content).toMatchObject([{ text: 'Hi there, friend!' }]);
  });

  test('lets go in the middle', async () => {
    const stream = await client().messages.create({ ...ask('hello'), stream: true });
    for await (const _ of stream) stream.controller.abort();
  });

  test('hears of limits, of keys and of models by the errors that it knows', async () => {
    await expect(client().messages.create(ask('slow down'))).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    const nobody = new Anthropic({ baseURL: platform.url, apiKey: 'sk-hub-nobody', maxRetries: 0 });
    await expect(nobody.messages.create(ask('hello'))).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    const unknown = client().messages.create({ ...ask('hello'), model: 'nobody' });
    await expect(unknown).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});

describe.each(FAMILIES)('`@anthropic-ai/sdk` · `/v1/messages/count_tokens` · %s', (_family, model) => {
  test('counts tokens', async () => {
    const client = new Anthropic({ baseURL: platform.url, apiKey, maxRetries: 0 });
    const { input_tokens: tokens } = await client.messages.countTokens({
      model,
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(tokens).toBeGreaterThan(0);
  });
});

const toolMessage = (id: string) => ({ role: 'tool' as const, tool_call_id: id, content: 'rain' });
const toolResult = (id: string) => ({
  role: 'user' as const,
  content: [{ type: 'tool_result' as const, tool_use_id: id, content: 'rain' }],
});

describe('Gemini', () => {
  const model = 'gemini-3-pro';
  const call = { functionCall: { name: 'weather', args: {} }, thoughtSignature: 'c2lnbmVk' };
  const signedCall: Answer = (response) => {
    startStream(response);
    response.end(geminiEvent(geminiAnswer([call], {}, 'STOP')));
  };
  const user = { role: 'user' as const, content: 'weather' };
  const openai = () => new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries: 0 });
  const anthropic = () => new Anthropic({ baseURL: platform.url, apiKey, maxRetries: 0 });

  /** What the model is sent as its own earlier turn. */
  const sentBack = () => {
    const [turn] = z
      .object({ contents: z.array(z.object({ role: z.string(), parts: z.array(z.unknown()) })) })
      .parse(google.asked.at(-1)?.body)
      .contents.filter(({ role }) => role === 'model');
    return turn?.parts;
  };
  const asItWas = [{ ...call, functionCall: { ...call.functionCall, id: expect.any(String) } }];

  test('gets its signed call back from the openai client', async () => {
    google.answerWith(signedCall);
    const first = await openai()
      .chat.completions.stream({ model, messages: [user] })
      .finalChatCompletion();
    const message = first.choices[0]?.message;
    const id = message?.tool_calls?.[0]?.id ?? '';
    const messages = [user, ...(message ? [message] : []), toolMessage(id)];
    await openai().chat.completions.stream({ model, messages }).finalChatCompletion();
    expect(sentBack()).toEqual(asItWas);
  });

  test('gets its signed call back from the Anthropic client', async () => {
    google.answerWith(signedCall);
    const ask = { model, max_tokens: 50 };
    const { content } = await anthropic()
      .messages.stream({ ...ask, messages: [user] })
      .finalMessage();
    const id = content.find((block) => block.type === 'tool_use')?.id ?? '';
    const messages = [user, { role: 'assistant' as const, content }, toolResult(id)];
    await anthropic()
      .messages.stream({ ...ask, messages })
      .finalMessage();
    expect(sentBack()).toEqual(asItWas);
  });
});

const drawing = () => new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries: 0 });

describe.each([
  ['OpenAI', 'gpt-5-image', pictured()],
  ['Gemini', 'gemini-3-image', generatedImage()],
])('`openai` · `/v1/images/generations` · %s', (_family, model, answer) => {
  test('makes an image, and hears of its usage', async () => {
    google.answerWith(answer);
    const { data, usage } = await drawing().images.generate({ model, prompt: 'a cat', size: '1024x1024' });
    expect(data).toEqual([{ b64_json: PICTURE }]);
    expect(usage?.total_tokens).toBe(Number(usage?.input_tokens) + Number(usage?.output_tokens));
  });
});

describe('images', () => {
  test('are streamed, with their drafts', async () => {
    google.answerWith(drawn);
    const asked = { model: 'gpt-5-image', prompt: 'a cat', stream: true, partial_images: 1 } as const;
    const types: string[] = [];
    for await (const event of await drawing().images.generate(asked)) types.push(event.type);
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.completed']);
  });

  test('are refused in words by a model that makes none', async () => {
    const refused = drawing().images.generate({ model: 'gpt-4o-mini', prompt: 'a cat' });
    await expect(refused).rejects.toThrow('gpt-4o-mini makes no images');
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});

test('every call of every family stands in the usage of its person, with what it cost', async () => {
  const others = ['gemini-3-pro', 'gemini-3-image', 'gpt-5-image'];
  const models = [...FAMILIES.map(([, model]) => model), ...others];
  const names = async () => {
    const { items } = await person.get('/api/v1/usage/summary?by=model');
    return z
      .array(z.object({ name: z.string(), creditsMicro: z.int().positive() }))
      .parse(items)
      .map(({ name }) => name)
      .toSorted();
  };
  // a call is settled a moment after its answer has gone
  await expect.poll(names, { timeout: 10_000 }).toEqual(models.toSorted());
});

test('the README tells which client works at which door before which family', ({ task }) => {
  const works: Record<string, Record<string, boolean>> = {};
  for (const suite of task.file.tasks) {
    const [client, door, family] = suite.name.split(' · ');
    if (suite.type !== 'suite' || family === undefined) continue;
    const way = `${client} · ${door}`;
    works[way] = { ...works[way], [family]: suite.tasks.every(({ result }) => result?.state === 'pass') };
  }
  const mark = (passed: boolean | undefined) => (passed === undefined ? '–' : passed ? '✓' : '✗');
  const rows = Object.entries(works).map(([way, passed]) => [
    ...way.split(' · '),
    ...FAMILIES.map(([family]) => mark(passed[family])),
  ]);
  expect(tableOf(readFileSync('README.md', 'utf8'), '## Clients')).toEqual(rows);
});
