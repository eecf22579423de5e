import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatErrorToMessage, completionToMessage } from './completion-to-message.ts';
import { anyJson } from './vendor-json.fixture.ts';

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const completion = (message: object, finish: string | null = 'stop', more: object = {}) =>
  JSON.stringify({
    id: 'chatcmpl-42',
    object: 'chat.completion',
    created: 1,
    model: 'vendor-model',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage,
    ...more,
  });
const translated = (text: string): unknown => JSON.parse(completionToMessage(text, 'm'));
const call = (name: string, args: unknown, id: unknown = 'call_1') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

test('a plain answer becomes a message of the model as the caller named it', () => {
  expect(translated(completion({ content: 'Hello' }))).toEqual({
    id: 'msg_42',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: 12,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 5,
    },
  });
});

test.each([
  [{ content: '' }, []],
  [{ content: null, refusal: 'No.' }, [{ type: 'text', text: 'No.' }]],
  [
    { reasoning_content: 'Hm', content: 'A' },
    [
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'text', text: 'A' },
    ],
  ],
  [{ reasoning: 'Hm' }, [{ type: 'thinking', thinking: 'Hm', signature: '' }]],
  [
    { content: 'A', tool_calls: [call('look', '{"up":1}'), call('go', '', 'call_2')] },
    [
      { type: 'text', text: 'A' },
      { type: 'tool_use', id: 'call_1', name: 'look', input: { up: 1 } },
      { type: 'tool_use', id: 'call_2', name: 'go', input: {} },
    ],
  ],
  [
    { tool_calls: [call('look', '{"up":'), call('go', '[1]'), call('', '{}'), null, 7] },
    [
      { type: 'tool_use', id: 'call_1', name: 'look', input: { INVALID_JSON: '{"up":' } },
      { type: 'tool_use', id: 'call_1', name: 'go', input: { INVALID_JSON: '[1]' } },
    ],
  ],
  [
    { function_call: { name: 'look', arguments: '{}' } },
    [{ type: 'tool_use', id: expect.stringMatching(/^toolu_\w{32}$/), name: 'look', input: {} }],
  ],
])('%j becomes the blocks %j', (message, content) => {
  expect(translated(completion(message))).toMatchObject({ content });
});

test('what a call is signed with goes before it, sealed', () => {
  const extra = (google: unknown) => ({ extra_content: { google } });
  const calls = [
    { ...call('look', '{}'), ...extra({ thought_signature: 'c2ln' }) },
    { ...call('go', '{}', 'call_2'), ...extra({ thought_signature: 7 }) },
  ];
  expect(translated(completion({ tool_calls: calls }))).toMatchObject({
    content: [
      { type: 'redacted_thinking', data: 'google:c2ln' },
      { type: 'tool_use', id: 'call_1', name: 'look' },
      { type: 'tool_use', id: 'call_2', name: 'go' },
    ],
  });
});

test.each([
  ['stop', {}, 'end_turn'],
  ['length', {}, 'max_tokens'],
  ['tool_calls', {}, 'tool_use'],
  ['function_call', {}, 'tool_use'],
  ['content_filter', {}, 'refusal'],
  [null, {}, 'end_turn'],
  ['constructor', {}, 'end_turn'],
  ['stop', { refusal: 'No.' }, 'refusal'],
  ['stop', { tool_calls: [call('look', '{}')] }, 'tool_use'],
  [null, { tool_calls: [call('look', '{}')] }, 'tool_use'],
  ['length', { tool_calls: [call('look', '{"u')] }, 'max_tokens'],
])('%s with %j is the stop reason %s', (finish, message, reason) => {
  expect(translated(completion(message, finish))).toMatchObject({ stop_reason: reason, stop_sequence: null });
});

test.each([
  [{ ...usage, prompt_tokens_details: { cached_tokens: 8 } }, [4, 8, 5]],
  [{ ...usage, prompt_tokens_details: { cached_tokens: 80 } }, [0, 12, 5]],
  [{ ...usage, prompt_tokens_details: { cached_tokens: 'x' } }, [12, 0, 5]],
  [{ ...usage, prompt_tokens_details: null }, [12, 0, 5]],
  [{ prompt_tokens: -1, completion_tokens: 5 }, [0, 0, 0]],
  [undefined, [0, 0, 0]],
])('usage %j is input, cached and output %j', (reported, [input, cached, output]) => {
  expect(translated(completion({}, 'stop', { usage: reported }))).toMatchObject({
    usage: {
      input_tokens: input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: cached,
      output_tokens: output,
    },
  });
});

test.each([7, null, '', 'with spaces', 'a'.repeat(200)])(
  'an answer with the id %j gets one of ours',
  (id) => {
    expect(translated(completion({}, 'stop', { id }))).toMatchObject({
      id: expect.stringMatching(/^msg_\w{32}$/),
    });
  },
);

test.each([
  '',
  '<html>',
  '[]',
  '{}',
  '{"choices":[]}',
  '{"choices":[null]}',
  '{"choices":[{"message":"x"}]}',
  '{"error":{"message":"no"}}',
])('%j is no completion', (text) => {
  expect(() => completionToMessage(text, 'm')).toThrow(expect.objectContaining({ code: 'provider-failed' }));
});

test('whatever a provider answers, it becomes a message or provider-failed', () => {
  fc.assert(
    fc.property(anyJson, (text) => {
      try {
        expect(translated(text)).toMatchObject({ type: 'message', role: 'assistant' });
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});

test('arguments too deep to be written again are no completion', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const text = completion({ tool_calls: [call('look', deep)] });
  try {
    expect(translated(text)).toMatchObject({ type: 'message' });
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
  }
});

const openAiError = (message: unknown) =>
  JSON.stringify({ error: { message, type: 'x', param: null, code: 'y' } });

test.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [422, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])('an error of status %i has the type %s', (status, type) => {
  expect(JSON.parse(chatErrorToMessage(openAiError('the words'), status))).toEqual({
    type: 'error',
    error: { type, message: 'the words' },
  });
});

test.each(['', '<html>', '{}', '{"error":"x"}', openAiError(7), openAiError('')])(
  'of %j nothing is passed on but the status',
  (text) => {
    expect(JSON.parse(chatErrorToMessage(text, 404))).toMatchObject({
      error: { message: 'the provider answered with status 404' },
    });
  },
);
