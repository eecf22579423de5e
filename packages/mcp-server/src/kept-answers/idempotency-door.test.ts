import { randomUUID } from 'node:crypto';
import {
  deferred,
  finishEvent,
  hangUp,
  plain,
  refuse,
  startStream,
  textEvent,
  usageEvent,
} from '@smart-ai-hub/shared/testing';
import { describe, expect, test } from 'vitest';
import { question, stream } from '../completions/chat.fixture.ts';
import { keptDoor, seen } from './kept-answers.fixture.ts';

const door = keptDoor();
const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const replayed = (answer: Response) => answer.headers.get('idempotent-replayed');

const VECTORS = { object: 'list', data: [], model: 'n', usage: { prompt_tokens: 7, total_tokens: 7 } };

describe.each<[string, string, object]>([
  ['a chat', '/v1/chat/completions', question],
  ['a streamed chat', '/v1/chat/completions', { ...stream, stream_options: { include_usage: true } }],
  ['a message', '/v1/messages', question],
  ['a streamed message', '/v1/messages', stream],
  ['a response', '/v1/responses', { model: 'm', input: 'hello world', max_output_tokens: 50 }],
  [
    'a streamed response',
    '/v1/responses',
    { model: 'm', input: 'hello', max_output_tokens: 50, stream: true },
  ],
])('%s', (_, path, body) => {
  test('that is repeated is answered as before, byte for byte, and charged once', async () => {
    door.vendor.answerWith(plain('the first'), plain('the second'));
    const options = { path, ...withKey(randomUUID()) };
    const first = await door.ask(body, options);
    expect(replayed(first)).toBeNull();
    const told = await seen(first);
    expect(told).toMatchObject({ status: 200 });
    for (let i = 0; i < 3; i++) {
      const again = await door.ask(body, options);
      expect(replayed(again)).toBe('true');
      expect(await seen(again)).toEqual(told);
    }
    expect(door.vendor.asked).toHaveLength(1);
    expect(await door.charged(1)).toHaveLength(1);
  });

  test('without a key is a call each time', async () => {
    door.vendor.answerWith(plain());
    for (let i = 0; i < 2; i++) expect(replayed(await door.ask(body, { path }))).toBeNull();
    expect(door.vendor.asked).toHaveLength(2);
  });

  test.each(['a b', 'x'.repeat(256)])('with a key that is none is refused: case %#', async (key) => {
    const answer = await door.ask(body, { path, ...withKey(key) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid-request' } });
    expect(door.vendor.asked).toHaveLength(0);
  });
});

test('embeddings are repeated too', async () => {
  door.vendor.answerWith((response) => {
    response.end(JSON.stringify(VECTORS));
  });
  const options = { path: '/v1/embeddings', ...withKey(randomUUID()) };
  const told = await seen(await door.ask({ model: 'n', input: 'text' }, options));
  const again = await door.ask({ input: 'text', model: 'n' }, options);
  expect(replayed(again)).toBe('true');
  expect(await seen(again)).toEqual(told);
  expect(await door.charged(1)).toEqual([7]);
});

test('a second call meanwhile is told to wait; one with another body, that it is another', async () => {
  const gate = deferred<true>();
  door.vendor.answerWith(async (response, asked) => {
    await gate.promise;
    await plain()(response, asked);
  });
  const options = withKey(randomUUID());
  const first = door.ask(question, options);
  await expect.poll(() => door.vendor.asked.length).toBe(1);
  const second = await door.ask(question, options);
  expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
  expect(await second.json()).toMatchObject({ error: { code: 'idempotency-in-progress' } });
  const other = await door.ask({ ...question, temperature: 1 }, options);
  expect(other.status).toBe(422);
  expect(await other.json()).toMatchObject({ error: { code: 'idempotency-mismatch' } });
  gate.resolve(true);
  expect((await first).status).toBe(200);
  expect(replayed(await door.ask(question, options))).toBe('true');
  expect(await door.charged(1)).toEqual([140]);
});

test('what our side refuses is not kept: a repeat may succeed', async () => {
  door.vendor.answerWith(hangUp, plain());
  const options = withKey(randomUUID());
  door.books.available = 0;
  expect((await door.ask(question, options)).status).toBe(402);
  door.books.available = 1_000_000;
  expect((await door.ask(question, options)).status).toBe(502);
  const third = await door.ask(question, options);
  expect([third.status, replayed(third)]).toEqual([200, null]);
  expect(await door.charged(1)).toEqual([140]);
});

test('what the provider says of the caller’s mistake is an answer', async () => {
  door.vendor.answerWith(refuse(422, 'Not so.'), plain());
  const options = withKey(randomUUID());
  const told = await seen(await door.ask(question, options));
  expect(told.status).toBe(422);
  const again = await door.ask(question, options);
  expect(replayed(again)).toBe('true');
  expect(await seen(again)).toEqual(told);
});

test('a stream that broke off was charged: it is repeated as it was', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('half'), () => response.destroy());
  }, plain());
  const options = withKey(randomUUID());
  const told = await seen(await door.ask(stream, options));
  expect(told.text).toContain('provider-failed');
  expect(await seen(await door.ask(stream, options))).toEqual(told);
  expect(await door.charged(1)).toEqual([expect.any(Number)]);
});

test.each([
  ['plain', question],
  ['streamed', stream],
])('who goes away, and comes back, gets the whole answer and pays once: %s', async (_, body) => {
  const gate = deferred<true>();
  door.vendor.answerWith(async (response, asked) => {
    if (asked.body['stream'] === true) {
      startStream(response);
      response.write(textEvent('Hello '));
      await gate.promise;
      response.end(`${textEvent('world')}${finishEvent()}${usageEvent()}data: [DONE]\n\n`);
    } else {
      await gate.promise;
      await plain('Hello world')(response, asked);
    }
  });
  const options = withKey(randomUUID());
  const leaving = new AbortController();
  const { signal } = leaving;
  const first = door.ask(body, { ...options, signal });
  await expect.poll(() => door.vendor.asked.length).toBe(1);
  const withoutKey = door.ask(body, { person: randomUUID(), signal });
  await expect.poll(() => door.vendor.asked.length).toBe(2);
  leaving.abort();
  for (const left of [first, withoutKey])
    await expect(left.then((answer) => answer.text())).rejects.toThrow();
  await door.vendor.asked[1]?.aborted; // by now nobody would be waited for who is not expected back
  gate.resolve(true);
  expect(await door.charged(1)).toEqual([140]);
  await expect
    .poll(async () => {
      const answer = await door.ask(body, options);
      return [answer.status, (await answer.text()).includes('world')];
    })
    .toEqual([200, true]);
  expect(await door.charged(1)).toEqual([140]);
});

test('an answer of more than 1 MiB is told and not kept', async () => {
  door.vendor.answerWith(plain('x'.repeat(1024 * 1024)));
  const options = withKey(randomUUID());
  for (let i = 0; i < 2; i++) {
    const answer = await door.ask(question, options);
    expect([answer.status, replayed(answer)]).toEqual([200, null]);
    await answer.text();
  }
  expect(door.vendor.asked).toHaveLength(2);
});

test('a key that may not use the model gets no answer of it', async () => {
  door.vendor.answerWith(plain());
  const options = withKey(randomUUID());
  await door.ask(question, options);
  const narrow = await door.ask(question, { ...options, more: { limits: { models: ['n'] } } });
  expect(narrow.status).toBe(404);
  expect(replayed(narrow)).toBeNull();
});
