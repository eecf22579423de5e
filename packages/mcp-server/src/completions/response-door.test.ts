import {
  hangUp,
  messageStart,
  messageText,
  refuse,
  refuseMessage,
  startStream,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import { describe, expect, test } from 'vitest';
import { accumulate, eventsIn } from '../translation/responses/response-accumulator.fixture.ts';
import { twoFamilies } from './families.fixture.ts';

const door = twoFamilies();

async function somebody() {
  const { ask, settled } = await door.somebody();
  const headers = { 'x-request-id': 'request-of-mine' };
  return {
    ask: (body: object, init: { signal?: AbortSignal } = {}) =>
      ask('/v1/responses', { input: 'hello world', max_output_tokens: 50, ...body }, { headers, ...init }),
    settled,
  };
}

const REPORTED = { promptTokens: 100, completionTokens: 20, tokenSource: 'reported', status: 'ok' };

describe.each([
  ['OpenAI’s family', 'gpt', 0],
  ['Anthropic’s family', 'claude', 30],
])('a response by a provider of %s', (_, model, cached) => {
  const usage = {
    ...{ input_tokens: 100, output_tokens: 20, total_tokens: 120 },
    input_tokens_details: expect.objectContaining({ cached_tokens: cached }),
    output_tokens_details: { reasoning_tokens: 0 },
  };

  test('is a response, and costs what the provider reports', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask({ model, instructions: 'be brief', metadata: { a: 'b' }, store: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toBe('request-of-mine');
    expect(await answer.json()).toMatchObject({
      ...{ object: 'response', status: 'completed', model, store: false, instructions: 'be brief' },
      ...{ max_output_tokens: 50, metadata: { a: 'b' }, usage },
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello from the vendor.' }] }],
    });
    await expect.poll(settled).toMatchObject([{ ...REPORTED, model }]);
  });

  test('streams the vendor’s events in their order, as they come', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask({ model, stream: true });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('x-request-id')).toBe('request-of-mine');
    const events = eventsIn(await answer.text());
    expect(events.filter(({ type }) => type.endsWith('.delta')).length).toBeGreaterThan(1);
    expect(accumulate(events)).toMatchObject({
      ...{ status: 'completed', model, usage },
      output: [{ content: [{ text: 'Hello from the vendor.' }] }],
    });
    await expect.poll(settled).toMatchObject([REPORTED]);
  });

  test('that the provider refuses is told in OpenAI’s shape, and costs nothing', async () => {
    const { ask, settled } = await somebody();
    door.anthropic.answerWith(refuseMessage(400, 'too many'));
    door.openai.answerWith(refuse(400, 'too many'));
    const answer = await ask({ model });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: 'too many' },
    });
    expect(settled()).toEqual([]);
  });

  test('that nobody answers is an error with a status, also of a stream', async () => {
    const { ask } = await somebody();
    door.anthropic.answerWith(hangUp);
    door.openai.answerWith(hangUp);
    const answer = await ask({ model, stream: true });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { type: 'server_error', code: 'provider-failed' } });
  });

  test('that breaks off fails in its own format, and costs what was delivered', async () => {
    const { ask, settled } = await somebody();
    door.anthropic.answerWith((response) => {
      startStream(response);
      response.write(messageStart() + messageText('half an answer'), () => response.destroy());
    });
    door.openai.answerWith((response) => {
      startStream(response);
      response.write(textEvent('half an answer'), () => response.destroy());
    });
    const text = await (await ask({ model, stream: true })).text();
    expect(accumulate(eventsIn(text))).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: expect.stringContaining('broke off') },
      output: [{ status: 'incomplete', content: [{ text: 'half an answer' }] }],
    });
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'provider-error' }]);
    expect(settled()[0]?.completionTokens).toBeGreaterThan(1);
  });

  test('whose caller goes away is stopped, and costs what was delivered', async () => {
    const { ask, settled } = await somebody();
    door.anthropic.answerWith((response) => {
      startStream(response);
      response.write(messageStart() + messageText('half an answer'));
    });
    door.openai.answerWith((response) => {
      startStream(response);
      response.write(textEvent('half an answer'));
    });
    const caller = new AbortController();
    const answer = await ask({ model, stream: true }, { signal: caller.signal });
    await answer.body?.getReader().read();
    caller.abort();
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'client-closed' }]);
    await [...door.anthropic.asked, ...door.openai.asked][0]?.aborted;
  });
});

test('a provider of OpenAI’s family is asked for a chat, with the limit and for its usage', async () => {
  const { ask } = await somebody();
  await ask({ model: 'gpt', stream: true, vendor_field: 1, n: 3 });
  expect(door.openai.asked).toMatchObject([{ path: '/v1/chat/completions' }]);
  expect(door.openai.asked[0]?.body).toEqual({
    model: 'gpt',
    messages: [{ role: 'user', content: 'hello world' }],
    max_tokens: 50,
    stream: true,
    stream_options: { include_usage: true },
    vendor_field: 1,
  });
});

test('a provider of Anthropic’s family is asked for a message', async () => {
  const { ask } = await somebody();
  const tools = [{ type: 'function', name: 'look', parameters: { type: 'object' } }];
  await ask({ model: 'claude', instructions: 'be brief', tools });
  expect(door.anthropic.asked[0]?.body).toMatchObject({
    ...{ model: 'claude-upstream', max_tokens: 50, system: 'be brief' },
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hello world' }] }],
    tools: [{ name: 'look', input_schema: { type: 'object' } }],
  });
});

test.each<[object, number, string | null]>([
  [{ model: 'gpt', previous_response_id: 'resp_1' }, 400, 'previous_response_id'],
  [{ model: 'gpt', background: true }, 400, 'background'],
  [{ model: 'gpt', tools: [{ type: 'web_search' }] }, 400, 'tools.0'],
  [{ model: 'gpt', max_output_tokens: 0 }, 400, 'max_output_tokens'],
  [{ model: 'gpt', input: [] }, 400, 'input'],
  [{ model: 'gpt', stream: 'yes' }, 400, 'stream'],
  [{ model: 'nobody' }, 404, null],
])('%j is refused with %i in OpenAI’s shape, and nobody is asked', async (body, status, param) => {
  const { ask, settled } = await somebody();
  const answer = await ask(body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  expect([door.openai.asked, settled()]).toEqual([[], []]);
});
