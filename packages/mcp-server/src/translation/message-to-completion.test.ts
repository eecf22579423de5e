import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageErrorToChat, messageToCompletion } from './message-to-completion.ts';

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5',
  content: [{ type: 'text', text: 'hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 7, output_tokens: 3 },
};
const complete = (fields: object): unknown =>
  JSON.parse(messageToCompletion(JSON.stringify({ ...message, ...fields })));

test('a message becomes a completion', () => {
  expect(complete({})).toEqual({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'claude-opus-5',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'hello', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    },
  });
});

const use = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { x: [1] } };
const called = (args: string) => ({
  id: 'toolu_1',
  type: 'function',
  function: { name: 'look', arguments: args },
});
test.each<[unknown[], object]>([
  [[], { content: null }],
  [
    [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
    { content: 'ab' },
  ],
  [[use], { content: null, tool_calls: [called('{"x":[1]}')] }],
  [[{ ...use, input: undefined }], { content: null, tool_calls: [called('{}')] }],
  [
    [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'a' },
    ],
    { content: 'a', reasoning_content: 'hm' },
  ],
  [[{ type: 'thinking', thinking: '', signature: 's' }], { content: null }],
  [
    [null, 7, 'x', { type: 'text', text: 7 }, { type: 'tool_use' }, { type: 'server_tool_use' }],
    { content: null },
  ],
])('the content %j becomes %j', (content, said) => {
  const message = { role: 'assistant', refusal: null, ...said };
  expect(complete({ content })).toHaveProperty('choices', [expect.objectContaining({ message })]);
});

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
  ['toString', 'stop'],
  [null, 'stop'],
])('a message that ends with %s ends with %s', (stop, finish) => {
  expect(complete({ stop_reason: stop })).toMatchObject({ choices: [{ finish_reason: finish }] });
});

test('a refusal says why', () => {
  const details = { type: 'refusal', category: 'cyber', explanation: 'not this' };
  expect(complete({ content: [], stop_reason: 'refusal', stop_details: details })).toMatchObject({
    choices: [{ message: { content: null, refusal: 'not this' }, finish_reason: 'content_filter' }],
  });
});

test.each<[unknown, unknown]>([
  [
    { input_tokens: 1, cache_read_input_tokens: 20, cache_creation_input_tokens: 300, output_tokens: 4 },
    {
      prompt_tokens: 321,
      completion_tokens: 4,
      total_tokens: 325,
      prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 300 },
    },
  ],
  [
    { input_tokens: 0, cache_read_input_tokens: null, output_tokens: 0 },
    { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  ],
  [
    { input_tokens: 1, output_tokens: 9, output_tokens_details: { thinking_tokens: 5 } },
    { completion_tokens_details: { reasoning_tokens: 5 } },
  ],
  [{ input_tokens: -1, output_tokens: 9 }, undefined],
  [{ output_tokens: 9 }, undefined],
  ['free', undefined],
])('the usage %j becomes %j', (usage, reported) => {
  const completion = complete({ usage });
  if (reported === undefined) expect(completion).not.toHaveProperty('usage');
  else expect(completion).toMatchObject({ usage: reported });
});

const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
describe('what is no message is the provider’s failure', () => {
  test.each([
    '',
    'x',
    '[]',
    '{}',
    '{"type":"message"}',
    '{"type":"error","error":{}}',
    '{"content":[]}',
    `{"type":"message","content":[{"type":"tool_use","id":"a","name":"b","input":${deep}}]}`,
  ])('%#', (text) => {
    expect(() => messageToCompletion(text)).toThrow(
      expect.objectContaining({ name: 'DomainError', code: 'provider-failed' }),
    );
  });

  test('or becomes a completion', () => {
    const garbage = fc.record({
      type: fc.constant('message'),
      content: fc.array(fc.jsonValue()),
      usage: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), garbage), (value) => {
        try {
          expect(JSON.parse(messageToCompletion(JSON.stringify(value)))).toHaveProperty('choices');
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
        }
      }),
    );
  });
});

test.each([
  ['invalid_request_error', 'invalid_request_error'],
  ['not_found_error', 'invalid_request_error'],
  ['request_too_large', 'invalid_request_error'],
  ['authentication_error', 'authentication_error'],
  ['permission_error', 'permission_error'],
  ['rate_limit_error', 'rate_limit_error'],
  ['billing_error', 'insufficient_quota'],
  ['overloaded_error', 'server_error'],
  ['api_error', 'server_error'],
])('an error of type %s becomes one of type %s, in the same words', (type, told) => {
  const text = messageErrorToChat(
    JSON.stringify({ type: 'error', error: { type, message: 'max_tokens: too large' } }),
  );
  expect(JSON.parse(text)).toEqual({
    error: { message: 'max_tokens: too large', type: told, param: null, code: type },
  });
});

test.each(['', '{"detail":"no"}', '{"error":"no"}', '[]'])('%j is a refusal too', (text) => {
  expect(JSON.parse(messageErrorToChat(text))).toEqual({
    error: {
      message: 'the provider refused the request',
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
  });
});
