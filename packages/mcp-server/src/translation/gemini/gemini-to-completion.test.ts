import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geminiToCompletion } from './gemini-to-completion.ts';
import { anyAnswer } from './gemini-json.fixture.ts';

const answer = (parts: unknown, finishReason = 'STOP', more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
  modelVersion: 'gemini-3-pro',
  responseId: 'r1',
  ...more,
});
const complete = (given: object): unknown => JSON.parse(geminiToCompletion(JSON.stringify(given), 'm'));
const message = (...parts: unknown[]) => complete(answer(parts));
const failed = expect.objectContaining({ name: DomainError.name, code: 'provider-failed' });

test('an answer becomes a completion with the vendor’s id and model', () => {
  const usageMetadata = {
    promptTokenCount: 12,
    cachedContentTokenCount: 4,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 3,
    totalTokenCount: 20,
  };
  expect(complete(answer([{ text: 'Hi' }, { text: ' there' }], 'STOP', { usageMetadata }))).toEqual({
    id: 'chatcmpl-r1',
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'gemini-3-pro',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hi there', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 12,
      completion_tokens: 8,
      total_tokens: 20,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  });
});

test('where the vendor tells neither id nor model, they are made up and the caller’s', () => {
  const { responseId: _id, modelVersion: _model, ...rest } = answer([{ text: 'Hi' }]);
  expect(complete(rest)).toMatchObject({ id: expect.stringMatching(/^chatcmpl-[\w-]{36}$/), model: 'm' });
});

test('thoughts, words and calls stand in their places, calls with the signature of the thought', () => {
  const call = (id: string | undefined, args?: object) => ({ functionCall: { id, name: 'look', args } });
  expect(
    message(
      { text: 'hm', thought: true },
      { text: 'wait' },
      { ...call('a', { up: 1 }), thoughtSignature: 'c2ln' },
      call(undefined),
      { inlineData: { mimeType: 'image/png', data: 'QUJD' } },
      { text: '', thoughtSignature: 'x' },
    ),
  ).toMatchObject({
    choices: [
      {
        message: {
          content: 'wait',
          reasoning_content: 'hm',
          tool_calls: [
            {
              id: 'a',
              type: 'function',
              function: { name: 'look', arguments: '{"up":1}' },
              extra_content: { google: { thought_signature: 'c2ln' } },
            },
            {
              id: expect.stringMatching(/^call_[\w-]{36}$/),
              type: 'function',
              function: { name: 'look', arguments: '{}' },
            },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ],
  });
});

test.each([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content_filter'],
  ['RECITATION', 'content_filter'],
  ['LANGUAGE', 'content_filter'],
  ['BLOCKLIST', 'content_filter'],
  ['PROHIBITED_CONTENT', 'content_filter'],
  ['SPII', 'content_filter'],
  ['OTHER', 'content_filter'],
  ['IMAGE_SAFETY', 'content_filter'],
  ['YET_TO_COME', 'stop'],
])('an answer that ends by %s ends by %s', (finish, told) => {
  expect(complete(answer([{ text: 'a' }], finish))).toMatchObject({ choices: [{ finish_reason: told }] });
});

test.each(['MAX_TOKENS', 'SAFETY'])('a call does not hide that the answer ended by %s', (finish) => {
  const called = complete(answer([{ functionCall: { name: 'look' } }], finish));
  expect(called).not.toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
});

test.each([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
])('%s is the provider’s failure', (finish) => {
  expect(() => complete(answer([], finish))).toThrow(failed);
});

test.each([
  [{ blockReason: 'SAFETY' }, 'the prompt was blocked: SAFETY'],
  [{ blockReason: 'OTHER', blockReasonMessage: 'Not this.' }, 'Not this.'],
])('a prompt with the feedback %j is refused', (promptFeedback, refusal) => {
  expect(complete({ promptFeedback, usageMetadata: { promptTokenCount: 4 } })).toMatchObject({
    choices: [{ message: { content: null, refusal }, finish_reason: 'content_filter' }],
    usage: { prompt_tokens: 4, completion_tokens: 0 },
  });
});

test.each([
  { totalTokenCount: 3 },
  { promptTokenCount: -1, candidatesTokenCount: 3 },
  { promptTokenCount: 1.5 },
  'free',
])('the usage %j is none', (usageMetadata) => {
  expect(complete(answer([{ text: 'a' }], 'STOP', { usageMetadata }))).not.toHaveProperty('usage');
});

const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
test.each([
  '',
  'x',
  '[]',
  '{}',
  '{"candidates":[]}',
  '{"candidates":[{"content":{}}]}',
  '{"error":{"code":500}}',
  JSON.stringify(answer([{ functionCall: { name: 'a', args: 0 } }])).replace('"args":0', `"args":${deep}`),
])('what is no answer is the provider’s failure, %#', (text) => {
  expect(() => geminiToCompletion(text, 'm')).toThrow(failed);
});

test('whatever a vendor sends, it becomes a completion or provider-failed', () => {
  fc.assert(
    fc.property(anyAnswer, (text) => {
      try {
        expect(JSON.parse(geminiToCompletion(text, 'm'))).toMatchObject({ object: 'chat.completion' });
      } catch (error) {
        expect(error).toEqual(failed);
      }
    }),
  );
});
