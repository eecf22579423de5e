import {
  finishEvent,
  hangUp,
  plain,
  refuse,
  startStream,
  textEvent,
  usageEvent,
} from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { chatDoor, PROMPT } from '../completions/chat.fixture.ts';
import { chat, connect, textOf } from './client.fixture.ts';

const door = chatDoor();
const open = () => connect(door.mcp.url, door.token);

const USED = { promptTokens: 100, completionTokens: 20, totalTokens: 120, creditsMicro: 140 };

test('a chat is told part by part, and ends with what it cost', async () => {
  door.vendor.answerWith(plain('Hello from afar.'));
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true, temperature: 0.5, top_p: 0.9 });
  const end = await client.endOf('a');
  expect(end).toEqual({ id: 'a', type: 'done', data: { finishReason: 'stop' }, usage: USED });
  const parts = client.about('a').slice(0, -1);
  expect(parts.map(({ type }) => type)).toEqual(['chunk', 'chunk', 'chunk']);
  expect(textOf(parts)).toBe('Hello from afar.');
  expect(door.vendor.asked[0]?.body).toMatchObject({
    ...{ model: 'm', messages: chat.messages, stream: true },
    ...{ max_tokens: 50, temperature: 0.5, top_p: 0.9 },
  });
  expect(door.vendor.asked[0]?.body).not.toHaveProperty('id');
  await door.settled().toMatchObject([{ chargeMicro: 140, tokenSource: 'reported', status: 'ok' }]);
});

test('without a stream there is one message', async () => {
  door.vendor.answerWith(plain('Hello from afar.'));
  await using client = await open();
  client.say({ ...chat, id: 'a' });
  const data = { text: 'Hello from afar.', finishReason: 'stop' };
  expect(await client.endOf('a')).toEqual({ id: 'a', type: 'done', data, usage: USED });
  expect(client.heard).toHaveLength(1);
});

test('a completion is a chat of one prompt', async () => {
  door.vendor.answerWith(plain('Yes.'));
  await using client = await open();
  client.say({ id: 'a', type: 'completion', model: 'm', prompt: 'Are you there?', provider: 'openai' });
  expect(await client.endOf('a')).toMatchObject({ type: 'done', data: { text: 'Yes.' } });
  expect(door.vendor.asked[0]?.body['messages']).toEqual([{ role: 'user', content: 'Are you there?' }]);
});

test('an embedding is vectors, and costs what was sent', async () => {
  door.vendor.answerWith((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const data = [
      [0.5, 1],
      [2, 3],
    ].map((embedding, index) => ({ index, embedding }));
    response.end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: 4, total_tokens: 4 } }));
  });
  await using client = await open();
  client.say({ id: 'a', type: 'embedding', model: 'm', prompt: ['one', 'two'] });
  expect(await client.endOf('a')).toEqual({
    ...{
      id: 'a',
      type: 'done',
      data: {
        embeddings: [
          [0.5, 1],
          [2, 3],
        ],
      },
    },
    usage: { promptTokens: 4, completionTokens: 0, totalTokens: 4, creditsMicro: 4 },
  });
  expect(door.vendor.asked[0]?.body).toEqual({ model: 'm', input: ['one', 'two'] });
});

test('tools travel as they are, in both directions', async () => {
  const tools = [{ type: 'function', function: { name: 'sum', parameters: { type: 'object' } } }];
  const asked = [{ index: 0, id: 'c1', type: 'function', function: { name: 'sum', arguments: '{"a":1}' } }];
  door.vendor.answerWith((response) => {
    startStream(response);
    const delta = { tool_calls: asked };
    const part = { id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta }] };
    response.end(`data: ${JSON.stringify(part)}\n\n${finishEvent()}${usageEvent()}data: [DONE]\n\n`);
  });
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true, tools });
  await client.endOf('a');
  expect(client.heard[0]).toEqual({ id: 'a', type: 'chunk', data: { toolCalls: asked } });
  expect(door.vendor.asked[0]?.body['tools']).toEqual(tools);
});

test('only those who were asked for answer', async () => {
  await using client = await open();
  client.say({ ...chat, id: 'a', provider: 'claude' });
  expect(await client.endOf('a')).toMatchObject({ type: 'error', error: { code: 'model-not-found' } });
  expect(door.vendor.asked).toEqual([]);
});

test('several calls go on side by side, each with its own id', async () => {
  const ends: (() => void)[] = [];
  door.vendor.answerWith((response, { body }) => {
    startStream(response);
    const name = JSON.stringify(body['messages']).includes('first') ? 'first' : 'second';
    response.write(textEvent(`${name} begins, `));
    ends.push(() => response.end(`${textEvent(`${name} ends`)}${finishEvent()}${usageEvent()}`));
  });
  await using client = await open();
  const ask = (id: string) => {
    client.say({ ...chat, id, stream: true, messages: [{ role: 'user', content: id }] });
  };
  ask('first');
  await expect.poll(() => client.about('first')).toHaveLength(1);
  ask('second');
  await expect.poll(() => client.about('second')).toHaveLength(1);
  for (const end of ends.toReversed()) end();
  await Promise.all([client.endOf('first'), client.endOf('second')]);
  expect(textOf(client.about('first'))).toBe('first begins, first ends');
  expect(textOf(client.about('second'))).toBe('second begins, second ends');
  await door.settled().toHaveLength(2);
});

/** Words until nobody listens. */
const endless = (response: Parameters<ReturnType<typeof plain>>[0]) => {
  startStream(response);
  response.write(textEvent('hello world'));
  const more = setInterval(() => response.write(textEvent('')), 50);
  response.once('close', () => {
    clearInterval(more);
  });
};

test('a cancelled call ends at the provider, and says what it cost until then', async () => {
  door.vendor.answerWith(endless);
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true });
  await expect.poll(() => client.heard).toHaveLength(1);
  client.say({ id: 'a', type: 'cancel' });
  client.say({ id: 'nobody', type: 'cancel' });
  const end = await client.endOf('a');
  expect(end).toMatchObject({ type: 'done', data: { finishReason: 'cancelled' } });
  expect(end.usage).toEqual({
    ...{ promptTokens: PROMPT, completionTokens: 2, totalTokens: PROMPT + 2, creditsMicro: PROMPT + 4 },
  });
  expect(client.about('a')).toHaveLength(2);
  await door.settled().toMatchObject([{ tokenSource: 'counted', status: 'client-closed' }]);
  await door.vendor.asked[0]?.aborted;
});

test('a call whose socket closes ends like that of any client who leaves', async () => {
  door.vendor.answerWith(endless);
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true });
  await expect.poll(() => client.heard).toHaveLength(1);
  client.socket.terminate();
  await door
    .settled()
    .toMatchObject([{ completionTokens: 2, tokenSource: 'counted', status: 'client-closed' }]);
  await door.vendor.asked[0]?.aborted;
});

test('a call cancelled before anybody was asked costs nothing', async () => {
  await using client = await open();
  client.say({ ...chat, id: 'a' });
  client.say({ id: 'a', type: 'cancel' });
  expect(await client.endOf('a')).toEqual({ id: 'a', type: 'done', data: { finishReason: 'cancelled' } });
  expect(door.vendor.asked).toEqual([]);
  await door.nothingCharged();
});

test.each([
  ['fails', refuse(500), 'provider-failed'],
  ['hangs up', hangUp, 'provider-failed'],
])('of a provider that %s the call ends with an error, and costs nothing', async (_how, answer, code) => {
  door.vendor.answerWith(answer);
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true });
  const end = await client.endOf('a');
  expect(end).toEqual({
    ...{ id: 'a', type: 'error' },
    error: { code, message: expect.any(String), requestId: expect.stringMatching(/^[\w-]{8,64}$/) },
  });
  await door.nothingCharged();
});

test('what a provider says of the request itself is told in its words', async () => {
  door.vendor.answerWith(refuse(400, 'this is no role'));
  await using client = await open();
  client.say({ ...chat, id: 'a' });
  const end = await client.endOf('a');
  expect(end.error).toMatchObject({ code: 'invalid-request', message: 'this is no role' });
});

test('a stream that breaks off ends with an error, and with what was delivered to pay', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello world'), () => response.destroy());
  });
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true });
  const end = await client.endOf('a');
  expect(end).toMatchObject({ type: 'error', error: { code: 'provider-failed' } });
  expect(end.usage).toMatchObject({ completionTokens: 2, creditsMicro: PROMPT + 4 });
  await door.settled().toMatchObject([{ tokenSource: 'counted', status: 'provider-error' }]);
});

test('without reported usage what was counted is paid', async () => {
  door.vendor.answerWith(plain('hello world', null));
  await using client = await open();
  client.say({ ...chat, id: 'a', stream: true });
  expect((await client.endOf('a')).usage).toMatchObject({ completionTokens: 2, creditsMicro: PROMPT + 4 });
  await door.settled().toMatchObject([{ tokenSource: 'counted', status: 'ok' }]);
});

test('a balance that does not cover a call is said, and the socket goes on', async () => {
  door.vendor.answerWith(plain());
  await using client = await open();
  door.books.available = 1;
  client.say({ ...chat, id: 'a' });
  expect((await client.endOf('a')).error).toMatchObject({ code: 'insufficient-credits' });
  door.books.available = 1_000_000;
  client.say({ ...chat, id: 'a' });
  await expect.poll(() => client.about('a').at(-1)?.type).toBe('done');
});

test('what nobody foresaw is logged, and told without its reason', async () => {
  await using client = await open();
  const { transport } = door.books;
  door.books.transport = () => Promise.reject(new Error('the books burn'));
  client.say({ ...chat, id: 'a' });
  const end = await client.endOf('a');
  door.books.transport = transport;
  expect(end.error).toMatchObject({ code: 'internal-error', message: expect.not.stringMatching(/burn/) });
  expect(door.mcp.log.text()).toContain('the books burn');
});

test('nothing of what was said stands in the log', () => {
  expect(door.mcp.log.text()).not.toMatch(/Hello from afar|hello world|Are you there/);
});
