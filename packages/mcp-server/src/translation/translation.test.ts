import { DomainError } from '@smart-ai-hub/shared/contracts';
import { messageStart, messageText } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accumulate as accumulateMessage,
  eventsIn as messageEventsIn,
} from './message-accumulator.fixture.ts';
import { messagesToChat } from './messages-to-chat.ts';
import { accumulate, eventsIn } from './responses/response-accumulator.fixture.ts';
import { type CallerFormat, chatFor, translationOf } from './translation.ts';

const facts = { model: 'm', promptTokens: 9, request: { instructions: 'be brief' } };
const between = (caller: CallerFormat, provider: 'openai' | 'anthropic') =>
  translationOf(caller, provider, facts);

/** A line separator, which JSON does not escape, is no end of a line of an event. */
const WORDS = 'Hi\u2028\n\ndata: there';

test.each(['openai', 'anthropic'] as const)('nothing is translated where both speak %s', (format) => {
  expect(between(format, format)).toBeUndefined();
});

test('a message becomes a response by way of a chat', () => {
  const message = {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_reason: 'max_tokens' },
    content: [{ type: 'text', text: WORDS }],
    usage: { input_tokens: 60, cache_read_input_tokens: 30, output_tokens: 20 },
  };
  const response: unknown = JSON.parse(
    between('responses', 'anthropic')?.whole(JSON.stringify(message)) ?? '',
  );
  expect(response).toMatchObject({
    ...{ id: 'resp_1', model: 'm', instructions: 'be brief', status: 'incomplete' },
    output: [{ type: 'message', content: [{ type: 'output_text', text: WORDS }] }],
    usage: { input_tokens: 90, input_tokens_details: { cached_tokens: 30 }, output_tokens: 20 },
  });
});

const dataOf = (events: string) =>
  events.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));

test('so do its events, one by one', () => {
  const events = between('responses', 'anthropic')?.events();
  const begun = dataOf(messageStart()).map((data) => events?.push(data) ?? '');
  expect(eventsIn(begun[0] ?? '').map(({ type }) => type)).toEqual([
    'response.created',
    'response.in_progress',
  ]);
  const said = dataOf(messageText(WORDS)).map((data) => events?.push(data) ?? '');
  expect(eventsIn(said.join('')).at(-1)).toMatchObject({ delta: WORDS });
  const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } };
  const ended = [events?.push(JSON.stringify(stop)), events?.end()];
  expect(accumulate(eventsIn([...begun, ...said, ...ended].join('')))).toMatchObject({
    status: 'completed',
    usage: { input_tokens: 100, output_tokens: 20 },
  });
});

test('a stream that breaks off ends in the caller’s format', () => {
  const events = between('responses', 'anthropic')?.events();
  const failed = events?.fail?.(new DomainError('provider-failed')) ?? '';
  expect(eventsIn(failed)).toMatchObject([{ type: 'response.failed', response: { status: 'failed' } }]);
});

test.each([
  ['responses', 'openai'],
  ['responses', 'anthropic'],
] as const)(
  'a refusal is told to a caller of %s in OpenAI’s shape by a provider of %s',
  (caller, provider) => {
    const error = { type: 'invalid_request_error', message: 'too many' };
    const told: unknown = JSON.parse(
      between(caller, provider)?.refusal(JSON.stringify({ type: 'error', error }), 400) ?? '',
    );
    expect(told).toMatchObject({ error });
  },
);

describe('an answer of Gemini’s for a caller of Anthropic’s format', () => {
  const translation = translationOf('anthropic', 'gemini', facts);
  const answer = (parts: object[], finishReason?: string, more: object = {}) => ({
    candidates: [{ content: { role: 'model', parts }, finishReason }],
    responseId: 'r1',
    ...more,
  });
  const usageMetadata = { promptTokenCount: 12, cachedContentTokenCount: 2, candidatesTokenCount: 5 };
  const whole = (...parts: object[]): unknown =>
    JSON.parse(translation?.whole(JSON.stringify(answer(parts, 'STOP', { usageMetadata }))) ?? '');
  const streamed = (...parts: object[]) => {
    const events = translation?.events();
    const told = [
      ...parts.map((part) => answer([part])),
      answer([], 'STOP'),
      { usageMetadata, responseId: 'r1' },
    ].map((each) => events?.push(JSON.stringify(each)) ?? '');
    return { told, end: events?.end() ?? '' };
  };
  const look = { functionCall: { id: 'a', name: 'look', args: { up: 1 } }, thoughtSignature: 'c2ln' };
  const go = { functionCall: { id: 'b', name: 'go', args: {} } };
  const said = [{ text: 'hm', thought: true }, { text: 'wait\n\ndata: ' }, look, go];
  const content = [
    { type: 'thinking', thinking: 'hm', signature: '' },
    { type: 'text', text: 'wait\n\ndata: ' },
    { type: 'redacted_thinking', data: 'google:c2ln' },
    { type: 'tool_use', id: 'a', name: 'look', input: { up: 1 } },
    { type: 'tool_use', id: 'b', name: 'go', input: {} },
  ];
  const message = {
    ...{ id: 'msg_r1', type: 'message', role: 'assistant', model: 'm', content, stop_sequence: null },
    stop_reason: 'tool_use',
    usage: {
      ...{ input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 2 },
      output_tokens: 5,
    },
  };

  test('is a message', () => {
    expect(whole(...said)).toEqual(message);
  });

  test('is told event by event, as soon as there is something to tell', () => {
    const { told, end } = streamed(...said);
    for (const text of told.slice(0, said.length)) expect(messageEventsIn(text)).not.toEqual([]);
    expect(accumulateMessage(messageEventsIn(told.join('') + end))).toEqual(message);
  });

  test('is completed where its provider is done without a reason', () => {
    const events = translation?.events();
    const told = events?.push(JSON.stringify(answer([{ text: 'a' }]))) ?? '';
    const completed = accumulateMessage(messageEventsIn(told + (events?.end() ?? '')));
    expect(completed.content).toEqual([{ type: 'text', text: 'a' }]);
  });

  test('however it is cut, the events add up to the message', () => {
    const part = fc.oneof(
      fc.record({ text: fc.string({ minLength: 1 }) }),
      fc.record({
        functionCall: fc.record({ id: fc.uuid(), name: fc.constant('look') }),
        thoughtSignature: fc.string(),
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const texts = parts.filter((each) => 'text' in each);
        const ordered = [...texts, ...parts.filter((each) => !('text' in each))];
        const { told, end } = streamed(...ordered);
        expect(accumulateMessage(messageEventsIn(told.join('') + end))).toEqual(whole(...ordered));
      }),
    );
  });

  test('comes back to Gemini with what it had signed', () => {
    const messages = [
      { role: 'user', content: 'up?' },
      { role: 'assistant', content },
      {
        role: 'user',
        content: ['a', 'b'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })),
      },
    ];
    const chat = messagesToChat({ model: 'gemini-3-pro', max_tokens: 50, messages });
    expect(chatFor.gemini(chat)['contents']).toEqual([
      { role: 'user', parts: [{ text: 'up?' }] },
      { role: 'model', parts: [{ text: 'wait\n\ndata: ' }, look, go] },
      {
        role: 'user',
        parts: ['look', 'go'].map((name, at) => ({
          functionResponse: { id: ['a', 'b'][at], name, response: { output: 'ok' } },
        })),
      },
    ]);
  });

  test('that is a refusal has the shape of Anthropic’s; of one that is not the caller’s fault nothing is told', () => {
    const refusal = (fields: object) =>
      translation?.refusal(JSON.stringify({ error: { message: 'No.', ...fields } }), 400);
    expect(JSON.parse(refusal({ status: 'INVALID_ARGUMENT' }) ?? '')).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'No.' },
    });
    expect(refusal({ status: 'FAILED_PRECONDITION' })).toBeUndefined();
  });
});
