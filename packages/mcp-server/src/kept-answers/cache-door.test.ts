import { randomUUID } from 'node:crypto';
import { plain, refuse, startStream, textEvent } from '@smart-ai-hub/shared/testing';
import { describe, expect, test } from 'vitest';
import { question, stream } from '../completions/chat.fixture.ts';
import { keptDoor, seen } from './kept-answers.fixture.ts';

const door = keptDoor({ cacheAnswers: true });
const cache = (answer: Response) => answer.headers.get('x-hub-cache');

describe.each<[string, string, object]>([
  ['a chat', '/v1/chat/completions', question],
  ['a streamed chat', '/v1/chat/completions', stream],
  ['a chat with tools and several answers', '/v1/chat/completions', { ...question, n: 2, tools: [{ x: 1 }] }],
  ['a message', '/v1/messages', question],
  ['a streamed message', '/v1/messages', stream],
  ['a response', '/v1/responses', { model: 'm', input: 'hello world', max_output_tokens: 50 }],
])('%s', (_, path, body) => {
  test('is answered from the cache the second time, byte for byte and for nothing', async () => {
    door.vendor.answerWith(plain('the first'), plain('the second'));
    const first = await door.ask(body, { path });
    expect(cache(first)).toBe('miss');
    const told = await seen(first);
    const again = await door.ask(Object.fromEntries(Object.entries(body).toReversed()), { path });
    expect(cache(again)).toBe('hit');
    expect(await seen(again)).toEqual(told);
    expect(door.vendor.asked).toHaveLength(1);
    expect(await door.charged(2)).toEqual([140, 0]);
    expect(door.settlements()[1]).toMatchObject({
      ...{ promptTokens: 0, completionTokens: 0, tokenSource: 'cached', status: 'ok', model: 'm' },
    });
  });
});

test('embeddings are answered from it too', async () => {
  const usage = { prompt_tokens: 7, total_tokens: 7 };
  door.vendor.answerWith((response) => {
    response.end(JSON.stringify({ object: 'list', data: [], model: 'n', usage }));
  });
  const path = '/v1/embeddings';
  const told = await seen(await door.ask({ model: 'n', input: 'text' }, { path }));
  const again = await door.ask({ model: 'n', input: 'text' }, { path });
  expect([cache(again), await seen(again)]).toEqual(['hit', told]);
});

test.each<[string, object, Parameters<typeof door.ask>[1]]>([
  ['another word', { ...question, messages: [{ role: 'user', content: 'hello World' }] }, {}],
  ['another parameter', { ...question, temperature: 0 }, {}],
  ['another model', { ...question, model: 'n' }, {}],
  ['as a stream', stream, {}],
  ['another door', question, { path: '/v1/messages' }],
  ['somebody else', question, { person: randomUUID() }],
])('%s is another question', async (_, body, options) => {
  door.vendor.answerWith(plain());
  await (await door.ask(question)).text();
  expect(cache(await door.ask(body, options))).toBe('miss');
  expect(door.vendor.asked).toHaveLength(2);
});

test('a header that the provider gets makes another question', async () => {
  door.vendor.answerWith(plain());
  const path = '/v1/messages';
  await (await door.ask(question, { path })).text();
  const beta = { 'anthropic-beta': 'something' };
  expect(cache(await door.ask(question, { path, headers: beta }))).toBe('miss');
});

test('a key without the setting neither gets what is kept nor keeps anything', async () => {
  door.vendor.answerWith(plain());
  const off = { more: { cacheAnswers: undefined } };
  for (const [options, expected] of [
    [off, null],
    [{}, 'miss'],
    [off, null],
    [{}, 'hit'],
  ] as const) {
    const answer = await door.ask(question, options);
    expect(cache(answer)).toBe(expected);
    await answer.text();
  }
});

test('no-cache asks anew and keeps that; no-store does neither', async () => {
  door.vendor.answerWith(plain('one'), plain('two'), plain('three'), plain('four'));
  const ask = async (control?: string) => {
    const answer = await door.ask(question, {
      headers: control === undefined ? {} : { 'cache-control': control },
    });
    return [cache(answer), /one|two|three|four/.exec(await answer.text())?.[0]];
  };
  expect(await ask()).toEqual(['miss', 'one']);
  expect(await ask('no-store')).toEqual([null, 'two']);
  expect(await ask()).toEqual(['hit', 'one']);
  expect(await ask('no-cache')).toEqual(['miss', 'three']);
  expect(await ask('max-age=0')).toEqual(['hit', 'three']);
});

describe('is not kept', () => {
  const missesTwice = async (body: object) => {
    for (let i = 0; i < 2; i++) {
      const answer = await door.ask(body);
      expect(cache(answer)).toBe('miss');
      await answer.text();
    }
    expect(door.vendor.asked).toHaveLength(2);
  };

  test('a refusal', async () => {
    door.vendor.answerWith(refuse(422));
    await missesTwice(question);
  });

  test('a stream that broke off', async () => {
    door.vendor.answerWith((response) => {
      startStream(response);
      response.write(textEvent('half'), () => response.destroy());
    });
    await missesTwice(stream);
  });

  test('an answer of more than 1 MiB', async () => {
    door.vendor.answerWith(plain('x'.repeat(1024 * 1024)));
    await missesTwice(question);
  });

  test.each([
    ['plain', question],
    ['streamed', stream],
  ])('an answer that the balance cut short: %s', async (_, body) => {
    door.vendor.answerWith(plain());
    door.books.available = 30;
    await (await door.ask(body)).text();
    door.books.available = 1_000_000;
    expect(cache(await door.ask(body))).toBe('miss');
  });
});

describe('who gets a kept answer', () => {
  test('is also an account without balance', async () => {
    door.vendor.answerWith(plain());
    await (await door.ask(question)).text();
    door.books.available = 0;
    const answer = await door.ask(question);
    expect([answer.status, cache(answer)]).toEqual([200, 'hit']);
    expect((await door.ask({ ...question, temperature: 1 })).status).toBe(402);
  });

  test('is no key that may not use its model, or has used its tokens up', async () => {
    door.vendor.answerWith(plain());
    await (await door.ask(question)).text();
    const narrow = await door.ask(question, { more: { limits: { models: ['n'] } } });
    expect([narrow.status, cache(narrow)]).toEqual([404, null]);
    const budgetId = randomUUID();
    const few = { more: { limits: { tokensPerMinute: 5, budgetId } } };
    await (await door.ask({ ...question, temperature: 1 }, few)).text();
    await expect.poll(async () => (await door.ask(question, few)).status).toBe(429);
  });
});

test('a key of its own makes a cached answer repeatable', async () => {
  door.vendor.answerWith(plain());
  await (await door.ask(question)).text();
  const options = { headers: { 'idempotency-key': randomUUID() } };
  const told = await seen(await door.ask(question, options));
  const again = await door.ask(question, options);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await seen(again)).toEqual(told);
  expect(await door.charged(2)).toEqual([140, 0]);
});

test('nothing of an answer stands in the log', async () => {
  door.vendor.answerWith(plain('a word that nobody logs'));
  for (let i = 0; i < 2; i++) await (await door.ask(question)).text();
  expect(JSON.stringify(door.mcp.log.lines())).not.toContain('that nobody logs');
});
