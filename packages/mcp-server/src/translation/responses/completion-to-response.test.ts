import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../vendor-json.fixture.ts';
import { completionToResponse } from './completion-to-response.ts';

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const completion = (message: object, finish: string | null = 'stop', more: object = {}) =>
  JSON.stringify({
    id: 'chatcmpl-42',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'vendor-model',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage,
    ...more,
  });
const translated = (text: string, request: Record<string, unknown> = {}): unknown =>
  JSON.parse(completionToResponse(text, { model: 'm', request }));
const call = (name: string, args: unknown, id: unknown = 'call_1') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const outputText = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });

test('a plain answer becomes a response with every field that the vendor documents', () => {
  expect(translated(completion({ content: 'Hello' }))).toEqual({
    id: 'resp_42',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    completed_at: expect.any(Number),
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    metadata: {},
    model: 'm',
    output: [
      {
        ...{ id: 'msg_42_0', type: 'message', status: 'completed', role: 'assistant' },
        content: [outputText('Hello')],
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    store: false,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: {
      input_tokens: 12,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 17,
    },
    user: null,
  });
});

test('a response repeats its request, but for what the hub does otherwise', () => {
  const request = {
    instructions: 'be brief',
    max_output_tokens: 99,
    metadata: { a: 'b' },
    parallel_tool_calls: false,
    prompt_cache_key: 'k',
    reasoning: { effort: 'low' },
    safety_identifier: 's',
    temperature: 0.5,
    text: { verbosity: 'low' },
    tool_choice: 'none',
    tools: [{ type: 'function', name: 'look', parameters: {}, strict: true }],
    top_p: 0.9,
    user: 'u',
  };
  expect(translated(completion({}), { ...request, store: true, truncation: 'auto', secret: 'x' })).toEqual(
    expect.objectContaining({
      ...request,
      reasoning: { effort: 'low', summary: null },
      text: { format: { type: 'text' }, verbosity: 'low' },
      store: false,
      truncation: 'disabled',
    }),
  );
  expect(translated(completion({}), { secret: 'x' })).not.toHaveProperty('secret');
});

test.each([
  [{ content: '' }, []],
  [{ content: null, refusal: 'No.' }, [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }]],
  [
    { reasoning_content: 'Hm', content: 'A' },
    [
      { id: 'rs_42_0', type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm' }] },
      { id: 'msg_42_1', type: 'message', content: [outputText('A')] },
    ],
  ],
  [
    { content: 'A', tool_calls: [call('look', '{"up":1}'), call('go', '', 7), call('', '{}'), null] },
    [
      { type: 'message' },
      { id: 'fc_42_1', type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"up":1}' },
      { id: 'fc_42_2', type: 'function_call', call_id: 'call_42_2', name: 'go', arguments: '{}' },
    ],
  ],
  [{ tool_calls: [call('look', '{"up":')] }, [{ type: 'function_call', arguments: '{"up":' }]],
])('%j becomes the items %j', (message, output) => {
  const response = translated(completion(message));
  expect(response).toMatchObject({ output });
});

test('reasoning is the summary where the caller asked for one', () => {
  const answer = completion({ reasoning: 'Hm' });
  expect(translated(answer, { reasoning: { summary: 'auto' } })).toMatchObject({
    output: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] }],
  });
});

test.each([
  ['stop', 'completed', null, 'completed'],
  ['tool_calls', 'completed', null, 'completed'],
  [null, 'completed', null, 'completed'],
  ['constructor', 'completed', null, 'completed'],
  ['length', 'incomplete', { reason: 'max_output_tokens' }, 'incomplete'],
  ['content_filter', 'incomplete', { reason: 'content_filter' }, 'incomplete'],
])('after %j a response is %s', (finish, status, details, item) => {
  expect(translated(completion({ reasoning: 'Hm', content: 'A' }, finish))).toMatchObject({
    status,
    incomplete_details: details,
    output: [{ status: 'completed' }, { status: item }],
  });
});

test.each([
  [
    {
      ...usage,
      prompt_tokens_details: { cached_tokens: 7, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    { cached_tokens: 7, cache_write_tokens: 2 },
    3,
  ],
  [{ ...usage, prompt_tokens_details: null }, { cached_tokens: 0, cache_write_tokens: 0 }, 0],
  [
    {
      ...usage,
      prompt_tokens_details: { cached_tokens: 'x' },
      completion_tokens_details: { reasoning_tokens: -1 },
    },
    { cached_tokens: 0, cache_write_tokens: 0 },
    0,
  ],
])('the usage %j is told with its details', (reported, input, reasoning) => {
  expect(translated(completion({}, 'stop', { usage: reported }))).toMatchObject({
    usage: {
      input_tokens: 12,
      input_tokens_details: input,
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: 17,
    },
  });
});

test.each([undefined, null, 7, { prompt_tokens: 'x' }])('of the usage %j nothing is told', (reported) => {
  expect(translated(completion({}, 'stop', { usage: reported }))).toMatchObject({ usage: null });
});

test.each([7, null, '', 'with spaces', 'a'.repeat(200)])(
  'an answer with the id %j gets one of ours',
  (id) => {
    expect(translated(completion({}, 'stop', { id, created: 'x' }))).toMatchObject({
      id: expect.stringMatching(/^resp_\w{32}$/),
      created_at: expect.any(Number),
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
])('%j is no completion', (text) => {
  expect(() => translated(text)).toThrow(expect.objectContaining({ code: 'provider-failed' }));
});

test('whatever a provider answers, it becomes a response or provider-failed', () => {
  fc.assert(
    fc.property(anyJson, (text) => {
      try {
        expect(translated(text)).toMatchObject({ object: 'response', output: expect.any(Array) });
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});
