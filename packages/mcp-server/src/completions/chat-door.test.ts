import {
  fakeProvider,
  finishEvent,
  plain,
  refuse,
  startStream,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { coreBooks, deadPort, PRICE, startMcp } from '../mcp.fixture.ts';
import { chatDoor, PROMPT, question, stream } from './chat.fixture.ts';

const door = chatDoor();

test('the hold covers prompt and wished-for output, and caps what the provider may say', async () => {
  door.vendor.answerWith(plain());
  await door.send(question);
  expect(door.reservations()).toMatchObject([{ minMicro: PROMPT + 2, maxMicro: PROMPT + 100 }]);
  expect(door.vendor.asked[0]?.body['max_tokens']).toBe(50);
});

test('a small balance caps the answer; one that covers not even a token is refused before anybody is asked', async () => {
  door.vendor.answerWith(plain());
  door.books.available = PROMPT + 7;
  await door.send({ ...question, max_completion_tokens: 9_999, max_tokens: undefined });
  expect(door.vendor.asked[0]?.body).toMatchObject({ max_tokens: 3 });
  door.books.available = PROMPT + 1;
  const refused = await door.send(question);
  expect(refused.status).toBe(402);
  expect(await refused.json()).toMatchObject({
    error: { code: 'insufficient-credits', type: 'insufficient_quota' },
  });
  expect(door.vendor.asked).toHaveLength(1);
});

test('several choices share what the balance covers', async () => {
  door.vendor.answerWith(plain());
  door.books.available = PROMPT + 20;
  await door.send({ ...question, n: 3 });
  expect(door.reservations()).toMatchObject([{ minMicro: PROMPT + 6, maxMicro: PROMPT + 300 }]);
  expect(door.vendor.asked[0]?.body['max_tokens']).toBe(3);
});

test('fields that we do not know travel on, and the vendor’s answer comes back as it is', async () => {
  door.vendor.answerWith(plain('as it is'));
  const response = await door.send({
    ...question,
    temperature: 0.2,
    tools: [{ type: 'function' }],
    vendor_field: { deep: [1] },
  });
  expect(door.vendor.asked[0]?.body).toMatchObject({
    temperature: 0.2,
    vendor_field: { deep: [1] },
    model: 'm',
  });
  expect(await response.json()).toMatchObject({
    id: 'chatcmpl-1',
    choices: [{ message: { content: 'as it is' } }],
  });
});

test('the vendor’s words about the caller’s own mistake come back with its status', async () => {
  door.vendor.answerWith(refuse(400, 'temperature must be at most 2'));
  const response = await door.send({ ...question, temperature: 9 });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { message: 'temperature must be at most 2' } });
  await door.nothingCharged();
});

test('usage is always asked for, and shown only to a caller who asked for it too', async () => {
  door.vendor.answerWith(plain('hello'));
  const silent = await (await door.send(stream)).text();
  const open = await (await door.send({ ...stream, stream_options: { include_usage: true } })).text();
  expect(door.vendor.asked[0]?.body['stream_options']).toEqual({ include_usage: true });
  expect(silent).not.toContain('"usage"');
  expect(open).toContain('"usage":{"prompt_tokens":100');
  for (const text of [silent, open]) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('events come as they are said, not when all is said', async () => {
  let finish = () => undefined as unknown;
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('first'));
    finish = () => response.end(`${finishEvent()}data: [DONE]\n\n`);
  });
  const response = await door.send(stream);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('first');
  finish();
  expect((await reader?.read())?.value).toContain('[DONE]');
});

test('the vendor gets its own key and none of the caller’s headers', async () => {
  await using keyed = await fakeProvider();
  await using service = await startMcp({
    providers: [
      {
        name: 'keyed',
        baseUrl: keyed.url,
        apiKey: 'vendor-secret',
        models: [{ id: 'k', upstreamId: 'their-k' }],
      },
    ],
  });
  await service.send({ ...question, model: 'k' });
  expect(keyed.asked[0]?.headers.authorization).toBe('Bearer vendor-secret');
  expect(keyed.asked[0]?.body['model']).toBe('their-k');
  expect(JSON.stringify(keyed.asked[0]?.headers)).not.toContain(service.token);
  expect(service.log.text()).not.toContain('vendor-secret');
});

test('newer models are capped by the field that they know', async () => {
  await using newer = await fakeProvider();
  const provider = {
    name: 'newer',
    baseUrl: newer.url,
    models: [{ id: 'o', maxOutputTokens: 70 }],
    outputLimitField: 'max_completion_tokens',
  };
  await using service = await startMcp({ providers: [provider] });
  await service.send({ ...question, model: 'o', max_tokens: null });
  expect(newer.asked[0]?.body).toMatchObject({ max_completion_tokens: 70 });
  expect(newer.asked[0]?.body).not.toHaveProperty('max_tokens');
});

test('a provider that is not there costs nothing', async () => {
  const own = coreBooks();
  const provider = { name: 'dead', baseUrl: `http://127.0.0.1:${await deadPort()}/v1`, models: ['d'] };
  await using service = await startMcp({ books: own, providers: [provider] });
  expect((await service.send({ ...question, model: 'd' })).status).toBe(502);
  await expect.poll(() => own.released).toHaveLength(1);
});

test('hub/echo says what it is, streams, stops where it must, and reports real tokens', async () => {
  const echo = { ...question, model: 'hub/echo' };
  const whole: unknown = await (await door.send(echo)).json();
  expect(whole).toMatchObject({
    choices: [
      {
        message: { content: 'This is hub/echo, not an AI model. You said: hello world' },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: PROMPT },
  });
  const short = await (await door.send({ ...echo, max_tokens: 4, stream: true })).text();
  expect(short).toContain('"finish_reason":"length"');
  expect(short.match(/"content":"[^"]+"/g)).toEqual(['"content":"This"', '"content":" is"']);
  await door.settled().toHaveLength(2);
});

test.each([
  [{ messages: question.messages }, 400],
  [{ ...question, model: 'nobody' }, 404],
  [{ ...question, messages: [] }, 400],
  [{ ...question, messages: 'hello' }, 400],
  [{ ...question, max_tokens: -1 }, 400],
  [{ ...question, max_tokens: 1e300 }, 400],
  [{ ...question, n: 0 }, 400],
  [{ ...question, stream: 'yes' }, 400],
  ['{"model":', 400],
  ['null', 400],
])('bad input %j is refused with %i in OpenAI’s shape, and nobody is asked', async (body, status) => {
  const response = await door.send(body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  expect([...door.vendor.asked, ...door.reservations()]).toEqual([]);
});

test('models without a price are neither listed nor sold', async () => {
  const unpriced = coreBooks(1_000, [{ ...PRICE, model: 'hub/echo' }]);
  await using service = await startMcp({
    books: unpriced,
    providers: [{ name: 'vendor', baseUrl: door.vendor.url, models: ['m'] }],
  });
  const list = await fetch(`${service.url}/v1/models`, {
    headers: { authorization: `Bearer ${service.token}` },
  });
  expect(await list.json()).toEqual({
    object: 'list',
    data: [
      {
        ...{ id: 'hub/echo', object: 'model', created: 0, owned_by: 'hub' },
        ...{ context_length: null, max_output_tokens: 4096, capabilities: {} },
        price: { input_micro_per_million: 1_000_000, output_micro_per_million: 2_000_000, unit_micro: 0 },
      },
    ],
  });
  expect((await service.send(question)).status).toBe(404);
});

test('who may not use models, or is nobody, is refused', async () => {
  const as = async (token: string) =>
    (await door.mcp.send(question, { headers: door.mcp.headers(token) })).status;
  expect(await as(await door.mcp.issuer.token({ roles: [] }))).toBe(403);
  expect(await as('nonsense')).toBe(401);
});

test('a slow reader slows the provider down instead of filling memory', async () => {
  let written = 0;
  door.vendor.answerWith((response) => {
    startStream(response);
    const pour = () => {
      while (written < 64 * 1024 * 1024) {
        written += 65_536;
        if (!response.write(textEvent('x'.repeat(65_536)))) return void response.once('drain', pour);
      }
      response.end();
    };
    pour();
  });
  const caller = new AbortController();
  const response = await door.send(stream, caller.signal);
  const reader = response.body?.getReader();
  await reader?.read();
  let before = -1;
  await expect
    .poll(
      () => {
        const still = before === written;
        before = written;
        return still;
      },
      { interval: 100 },
    )
    .toBe(true);
  expect(written).toBeLessThan(32 * 1024 * 1024);
  caller.abort();
});

test('what is refused for want of credits that are only held a moment longer is asked for once more', async () => {
  const own = coreBooks(5);
  const { transport } = own;
  own.transport = async (request) => {
    const answer = await transport(request);
    if (request.path.endsWith('/reserve')) own.available = 1_000;
    return answer;
  };
  door.vendor.answerWith(plain());
  await using service = await startMcp({
    books: own,
    providers: [{ name: 'vendor', baseUrl: door.vendor.url, models: ['m'] }],
  });
  expect((await service.send(question)).status).toBe(200);
  expect(own.reservations).toHaveLength(2);
});
