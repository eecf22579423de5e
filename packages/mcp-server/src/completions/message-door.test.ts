import {
  hangUp,
  messageStart,
  messageText,
  refuse,
  refuseMessage,
  startStream,
} from '@smart-ai-hub/shared/testing';
import { describe, expect, test } from 'vitest';
import { twoFamilies } from './families.fixture.ts';

const door = twoFamilies();

const QUESTION = { max_tokens: 50, messages: [{ role: 'user', content: 'hello world' }] };

async function somebody() {
  const { ask, settled } = await door.somebody();
  return {
    ask: (path: string, body: object, headers: Record<string, string> = {}) =>
      ask(path, { ...QUESTION, ...body }, { headers }),
    settled,
  };
}

const events = (text: string) => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);

describe.each([
  ['a provider of the same family', 'claude'],
  ['a provider of the other family', 'gpt'],
])('a message by %s', (_, model) => {
  test('is a message, and costs what the provider reports', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask('/v1/messages', { model });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...{ type: 'message', role: 'assistant', stop_reason: 'end_turn' },
      content: [{ type: 'text', text: 'Hello from the vendor.' }],
      usage: { output_tokens: 20 },
    });
    await expect
      .poll(settled)
      .toMatchObject([
        { promptTokens: 100, completionTokens: 20, tokenSource: 'reported', status: 'ok', model },
      ]);
  });

  test('streams the vendor’s events in their order', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask('/v1/messages', { model, stream: true });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const names = events(await answer.text()).filter((name) => name !== 'ping');
    const [start, opened, ...rest] = names;
    expect([start, opened]).toEqual(['message_start', 'content_block_start']);
    expect(rest.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    expect(new Set(rest.slice(0, -3))).toEqual(new Set(['content_block_delta']));
    await expect
      .poll(settled)
      .toMatchObject([{ promptTokens: 100, completionTokens: 20, tokenSource: 'reported', status: 'ok' }]);
  });

  test('that the provider refuses is told in the vendor’s shape, and costs nothing', async () => {
    const { ask, settled } = await somebody();
    door.anthropic.answerWith(refuseMessage(400, 'messages: too many'));
    door.openai.answerWith(refuse(400, 'messages: too many'));
    const answer = await ask('/v1/messages', { model });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'messages: too many' },
    });
    expect(settled()).toEqual([]);
  });

  test.each([
    [429, 429, 'rate_limit_error'],
    [529, 502, 'api_error'],
    [500, 502, 'api_error'],
  ])('that fails with %i is answered %i, with the vendor’s retry-after', async (theirs, ours, type) => {
    const { ask } = await somebody();
    door.anthropic.answerWith(refuseMessage(theirs, 'busy', { 'retry-after': '7' }));
    door.openai.answerWith(refuse(theirs, 'busy', { 'retry-after': '7' }));
    const answer = await ask('/v1/messages', { model });
    expect(answer.status).toBe(ours);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type } });
  });

  test('that nobody answers is an error of the vendor’s shape', async () => {
    const { ask } = await somebody();
    door.anthropic.answerWith(hangUp);
    door.openai.answerWith(hangUp);
    const answer = await ask('/v1/messages', { model, stream: true });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});

describe('between the same', () => {
  test('what we do not know travels on, with the name that the provider knows and what was asked for in headers', async () => {
    const { ask } = await somebody();
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const cached = { type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } };
    await ask(
      '/v1/messages',
      { model: 'claude', thinking, system: [cached], vendor_field: 1 },
      { 'anthropic-beta': 'a,b', 'x-api-key': 'not for the vendor' },
    );
    expect(door.anthropic.asked).toMatchObject([
      {
        path: '/v1/messages',
        headers: { 'x-api-key': 'vendor-key', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' },
        body: { model: 'claude-upstream', max_tokens: 50, thinking, system: [cached], vendor_field: 1 },
      },
    ]);
    expect(door.anthropic.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('thinking that nobody signed, of a model of another family, is left out', async () => {
    const { ask } = await somebody();
    const said = { type: 'text', text: 'Hi' };
    const signed = { type: 'thinking', thinking: 'hm', signature: 'c2lnbmVk' };
    const turns = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }, signed, said] },
      { role: 'user', content: 'go on' },
    ];
    await ask('/v1/messages', { model: 'claude', messages: turns });
    expect(door.anthropic.asked[0]?.body['messages']).toEqual([
      turns[0],
      { role: 'assistant', content: [signed, said] },
      turns[2],
    ]);
  });

  test('a failure that the vendor tells in mid-stream is told after what came with it', async () => {
    const { ask } = await somebody();
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    door.anthropic.answerWith((response) => {
      startStream(response);
      response.end(
        `${messageStart()}${messageText('half')}event: error\ndata: ${JSON.stringify(overloaded)}\n\n`,
      );
    });
    const text = await (await ask('/v1/chat/completions', { model: 'claude', stream: true })).text();
    expect(text).toContain('"content":"half"');
    expect(text).toContain('"code":"provider-failed"');
  });

  test('a stream that breaks off ends with the vendor’s error event, and costs what was delivered', async () => {
    const { ask, settled } = await somebody();
    door.anthropic.answerWith((response) => {
      startStream(response);
      response.write(messageStart() + messageText('half an answer'), () => response.destroy());
    });
    const text = await (await ask('/v1/messages', { model: 'claude', stream: true })).text();
    expect(events(text).at(-1)).toBe('error');
    expect(text).toContain('"type":"api_error"');
    await expect.poll(settled).toMatchObject([{ tokenSource: 'counted', status: 'provider-error' }]);
    expect(settled()[0]?.completionTokens).toBeGreaterThan(1);
  });
});

describe('OpenAI’s door before a provider of Anthropic’s family', () => {
  test('answers completions, plain and streamed', async () => {
    const { ask, settled } = await somebody();
    const answer = await ask('/v1/chat/completions', { model: 'claude' });
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'Hello from the vendor.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 30 } },
    });
    const silent = await (await ask('/v1/chat/completions', { model: 'claude', stream: true })).text();
    const options = { stream: true, stream_options: { include_usage: true } };
    const open = await (await ask('/v1/chat/completions', { model: 'claude', ...options })).text();
    expect(silent).not.toContain('"usage":{');
    expect(open).toContain('"usage":{"prompt_tokens":100');
    for (const text of [silent, open]) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    await expect.poll(() => settled().length).toBe(3);
    expect(new Set(settled().map(({ completionTokens }) => completionTokens))).toEqual(new Set([20]));
  });

  test('tells refusals and failures in OpenAI’s shape', async () => {
    const { ask } = await somebody();
    door.anthropic.answerWith(refuseMessage(400, 'messages: too many'));
    const refused = await ask('/v1/chat/completions', { model: 'claude' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { message: 'messages: too many' } });
    expect((await ask('/v1/chat/completions', { model: 'claude', n: 2 })).status).toBe(400);
  });
});

describe('tokens are counted', () => {
  test('before anything is asked, for nothing', async () => {
    const { ask, settled } = await somebody();
    const count = async (body: object) =>
      Number(
        Reflect.get(Object(await (await ask('/v1/messages/count_tokens', body)).json()), 'input_tokens'),
      );
    const short = await count({ model: 'claude' });
    expect(short).toBeGreaterThan(2);
    expect(await count({ model: 'claude', system: 'be brief, and be kind' })).toBeGreaterThan(short + 3);
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(9999) },
    };
    const seen = await count({ model: 'claude', messages: [{ role: 'user', content: [image] }] });
    expect(seen).toBeGreaterThan(1000);
    expect(seen).toBeLessThan(1300);
    expect([door.anthropic.asked, settled()]).toEqual([[], []]);
  });
});

test.each([
  [{ model: 'gpt', max_tokens: 0 }, 400],
  [{ model: 'gpt', max_tokens: undefined }, 400],
  [{ model: 'gpt', messages: [] }, 400],
  [{ model: 'gpt', messages: [{ role: 'tool', content: 'x' }] }, 400],
  [{ model: 'gpt', stream: 'yes' }, 400],
  [{ model: 'nobody' }, 404],
])('%j is refused with %i in the vendor’s shape', async (body, status) => {
  const { ask } = await somebody();
  const answer = await ask('/v1/messages', body);
  expect(answer.status).toBe(status);
  const type = status === 404 ? 'not_found_error' : 'invalid_request_error';
  expect(await answer.json()).toMatchObject({ type: 'error', error: { type } });
});
