import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { anyJson } from '../vendor-json.fixture.ts';
import { chunksToResponseEvents } from './chunks-to-response-events.ts';
import { completionToResponse } from './completion-to-response.ts';
import { accumulate, eventsIn } from './response-accumulator.fixture.ts';

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_002_000 });
});
afterAll(() => {
  vi.useRealTimers();
});

const facts = (request: Record<string, unknown> = {}) => ({ model: 'm', request });
const usage = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 2 } };
const HEAD = { id: 'chatcmpl-42', object: 'chat.completion.chunk', created: 1_700_000_000 };

const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
  JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }], ...more });
const usageChunk = JSON.stringify({ ...HEAD, choices: [], usage });
const say = (text: string) => chunk({ content: text });
const think = (text: string) => chunk({ reasoning_content: text });
const call = (index: number | undefined, args: string, name?: string, id?: string) =>
  chunk({ tool_calls: [{ index, id, function: { name, arguments: args } }] });

const translate = (data: string[], request?: Record<string, unknown>) => {
  const translator = chunksToResponseEvents(facts(request));
  return [...data.map((each) => translator.push(each)), translator.end()];
};
const response = (data: string[], request?: Record<string, unknown>) =>
  accumulate(eventsIn(translate(data, request).join('')));
/** What comes of each piece of data, and last of the end, in short. */
const told = (data: string[], request?: Record<string, unknown>) =>
  translate(data, request).map((text) =>
    eventsIn(text).map(({ type, output_index: at, delta }) =>
      [type.replace('response.', ''), at, delta].filter((part) => part !== undefined).join(' '),
    ),
  );

const BEGIN = ['created', 'in_progress'];
const TEXT = ['output_item.added 0', 'content_part.added 0'];
const TEXT_DONE = ['output_text.done 0', 'content_part.done 0', 'output_item.done 0'];

test('a stream of text, event by event, as the vendor documents it', () => {
  const [first, opened, more, finished, last, rest] = translate([
    chunk({ role: 'assistant', content: '' }),
    say('Hel'),
    say('lo\n'),
    chunk({}, 'stop'),
    usageChunk,
    '[DONE]',
  ]);
  const [created] = eventsIn(first ?? '');
  expect(created).toMatchObject({
    type: 'response.created',
    sequence_number: 0,
    response: { id: 'resp_42', created_at: 1_700_000_000, model: 'm', status: 'in_progress', usage: null },
  });
  const place = { item_id: 'msg_42_0', output_index: 0, content_index: 0 };
  const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
  const item = (status: string, content: object[]) => ({
    ...{ id: 'msg_42_0', status, type: 'message', role: 'assistant', content },
  });
  const whole = item('completed', [part('Hello\n')]);
  const events = [opened, more, finished].flatMap((text) => eventsIn(text ?? ''));
  expect(events).toEqual(
    [
      { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
      { type: 'response.content_part.added', ...place, part: part('') },
      { type: 'response.output_text.delta', ...place, delta: 'Hel', logprobs: [] },
      { type: 'response.output_text.delta', ...place, delta: 'lo\n', logprobs: [] },
      { type: 'response.output_text.done', ...place, text: 'Hello\n', logprobs: [] },
      { type: 'response.content_part.done', ...place, part: part('Hello\n') },
      { type: 'response.output_item.done', output_index: 0, item: whole },
    ].map((event, at) => ({ ...event, sequence_number: at + 2 })),
  );
  expect(eventsIn(last ?? '')).toMatchObject([
    {
      type: 'response.completed',
      response: {
        status: 'completed',
        completed_at: 1_700_000_002,
        output: [whole],
        usage: { input_tokens: 12, input_tokens_details: { cached_tokens: 2 }, output_tokens: 5 },
      },
    },
  ]);
  expect(rest).toBe('');
});

test.each([
  [
    'reasoning is an item of its own, and ends where the answer begins',
    {},
    [think('hm'), think('!'), say('A'), chunk({}, 'stop'), '[DONE]'],
    [
      [...BEGIN, ...TEXT, 'reasoning_text.delta 0 hm'],
      ['reasoning_text.delta 0 !'],
      [
        ...['reasoning_text.done 0', 'content_part.done 0', 'output_item.done 0'],
        ...['output_item.added 1', 'content_part.added 1', 'output_text.delta 1 A'],
      ],
      ['output_text.done 1', 'content_part.done 1', 'output_item.done 1'],
      ['completed'],
      [],
    ],
  ],
  [
    'reasoning is told as its summary where the caller asked for one',
    { reasoning: { summary: 'auto' } },
    [think('hm')],
    [
      [
        ...[...BEGIN, 'output_item.added 0', 'reasoning_summary_part.added 0'],
        'reasoning_summary_text.delta 0 hm',
      ],
      [
        ...['reasoning_summary_text.done 0', 'reasoning_summary_part.done 0', 'output_item.done 0'],
        'completed',
      ],
    ],
  ],
  [
    'a refusal is told as one',
    {},
    [chunk({ refusal: 'No' }), chunk({ refusal: '.' }, 'stop')],
    [
      [...BEGIN, ...TEXT, 'refusal.delta 0 No'],
      ['refusal.delta 0 .', 'refusal.done 0', 'content_part.done 0', 'output_item.done 0'],
      ['completed'],
    ],
  ],
  [
    'calls that come at once are told at once',
    {},
    [
      say('A'),
      call(0, '', 'x', 'c'),
      call(1, '{"b"', 'y', 'd'),
      call(0, '{}'),
      call(1, ':2}'),
      chunk({}, 'stop'),
    ],
    [
      [...BEGIN, ...TEXT, 'output_text.delta 0 A'],
      [...TEXT_DONE, 'output_item.added 1'],
      ['output_item.added 2', 'function_call_arguments.delta 2 {"b"'],
      ['function_call_arguments.delta 1 {}'],
      ['function_call_arguments.delta 2 :2}'],
      [
        ...['function_call_arguments.done 1', 'output_item.done 1'],
        ...['function_call_arguments.done 2', 'output_item.done 2'],
      ],
      ['completed'],
    ],
  ],
  [
    'a call is told once it has a name; one that gets none is not, and one without arguments has empty ones',
    {},
    [call(0, '{', undefined, 'c'), call(0, '}', 'x'), call(1, '{}'), call(2, ' ', 'y'), chunk({}, 'stop')],
    [
      BEGIN,
      ['output_item.added 0', 'function_call_arguments.delta 0 {}'],
      [],
      ['output_item.added 1', 'function_call_arguments.delta 1  '],
      [
        ...['function_call_arguments.done 0', 'output_item.done 0'],
        ...['function_call_arguments.delta 1 {}', 'function_call_arguments.done 1', 'output_item.done 1'],
      ],
      ['completed'],
    ],
  ],
  [
    'text in the middle of a call does not end it',
    {},
    [call(0, '{', 'x', 'c'), say('A'), call(0, '}'), say('B'), chunk({}, 'stop')],
    [
      [...BEGIN, 'output_item.added 0', 'function_call_arguments.delta 0 {'],
      ['output_item.added 1', 'content_part.added 1', 'output_text.delta 1 A'],
      ['function_call_arguments.delta 0 }'],
      ['output_text.delta 1 B'],
      [
        ...['function_call_arguments.done 0', 'output_item.done 0'],
        ...['output_text.done 1', 'content_part.done 1', 'output_item.done 1'],
      ],
      ['completed'],
    ],
  ],
])('%s', (_, request, data, expected) => {
  expect(told(data, request)).toEqual(expected);
  accumulate(eventsIn(translate(data, request).join('')));
});

test('a call has the id of the vendor, or one of ours', () => {
  const { output } = response([call(0, '{}', 'x', 'c'), call(1, '{}', 'y'), chunk({}, 'tool_calls')]);
  expect(output).toEqual([
    {
      ...{ id: 'fc_42_0', status: 'completed', type: 'function_call' },
      ...{ call_id: 'c', name: 'x', arguments: '{}' },
    },
    {
      ...{ id: 'fc_42_1', status: 'completed', type: 'function_call' },
      ...{ call_id: 'call_42_1', name: 'y', arguments: '{}' },
    },
  ]);
});

test.each([
  ['stop', { status: 'completed', incomplete_details: null }, ['completed', 'completed']],
  ['', { status: 'completed', incomplete_details: null }, ['completed', 'completed']],
  [
    'length',
    { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, completed_at: null },
    ['completed', 'incomplete'],
  ],
  [
    'content_filter',
    { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    ['completed', 'incomplete'],
  ],
])('after %j a response is %j', (finish, ending, statuses) => {
  const ended = response([think('hm'), say('A'), chunk({}, finish), '[DONE]']);
  expect(ended).toMatchObject(ending);
  expect(ended.output.map(({ status }) => status)).toEqual(statuses);
});

test('usage is told with the end, whenever it was reported last', () => {
  const early = { usage: { prompt_tokens: 12, completion_tokens: 1 } };
  const withFinish = told([
    chunk({ content: 'A' }, null, early),
    chunk({}, 'stop', early),
    usageChunk,
    say('B'),
  ]);
  expect(withFinish.slice(1)).toEqual([TEXT_DONE, ['completed'], [], []]);
  expect(response([chunk({ content: 'A' }, null, early), chunk({}, 'stop')])['usage']).toMatchObject({
    ...{ input_tokens: 12, output_tokens: 1, total_tokens: 13 },
  });
  expect(response([say('A'), '[DONE]'])['usage']).toBeNull();
});

test('noise, and other choices, are nothing; a stream of nothing is an empty response', () => {
  const other = JSON.stringify({ choices: [{ index: 1, delta: { content: 'B' } }] });
  expect(translate(['', 'x', '7', '{}', '[]']).slice(0, 5)).toEqual(['', '', '', '', '']);
  expect(response([other])).toMatchObject({ status: 'completed', output: [] });
});

test('an error in mid-stream is thrown, without its words', () => {
  const translator = chunksToResponseEvents(facts());
  translator.push(say('A'));
  expect(() => translator.push('{"error":{"message":"key sk-1 is wrong"}}')).toThrow(
    new DomainError('provider-failed', { detail: 'the provider broke off with an error' }),
  );
});

test('a stream that breaks off fails with what was said until then', () => {
  const translator = chunksToResponseEvents(facts());
  const begun = translator.push(think('hm')) + translator.push(say('half'));
  const failed = translator.fail?.(new DomainError('provider-failed', { detail: 'it broke off' })) ?? '';
  expect(accumulate(eventsIn(begun + failed))).toMatchObject({
    id: 'resp_42',
    status: 'failed',
    completed_at: null,
    error: { code: 'server_error', message: 'it broke off' },
    output: [
      { type: 'reasoning', status: 'completed' },
      { type: 'message', status: 'incomplete', content: [{ text: 'half' }] },
    ],
  });
});

test('calls are kept within a bound', () => {
  const translator = chunksToResponseEvents(facts());
  expect(() => {
    for (let at = 0; at < 5_000; at++) translator.push(call(at, '', 'y', `d${at}`));
  }).toThrow(DomainError);
});

test('whatever a vendor streams, it becomes a whole response or provider-failed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyJson, fc.constantFrom(usageChunk, say('A')))), (data) => {
      try {
        expect(['completed', 'incomplete']).toContain(response(data).status);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});

/** A text in pieces of at most the sizes given, one after the other. */
function cut(text: string, sizes: number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

test('however a completion is cut, its events end in the plain translation', () => {
  const words = fc.string({ unit: 'binary', maxLength: 20 });
  const said = fc.record({
    thinking: words,
    text: words,
    refusal: words,
    inputs: fc.array(fc.json(), { maxLength: 4 }),
    finish: fc.constantFrom('stop', 'length', 'content_filter'),
    request: fc.constantFrom({}, { reasoning: { summary: 'auto' } }),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  fc.assert(
    fc.property(said, sizes, ({ thinking, text, refusal, inputs, finish, request }, pieces) => {
      const calls = inputs.map((args, index) => ({
        ...{ index, id: `call_${index}`, type: 'function' },
        function: { name: `tool_${index}`, arguments: args },
      }));
      const data = [
        ...cut(thinking, pieces).map(think),
        ...cut(text, pieces).map(say),
        ...cut(refusal, pieces).map((part) => chunk({ refusal: part })),
        ...calls.map(({ index, id, function: { name } }) => call(index, '', name, id)),
        ...calls.flatMap(({ index, function: { arguments: args } }) =>
          cut(args, pieces).map((part) => call(index, part)),
        ),
        chunk({}, finish),
        usageChunk,
      ];
      const message = { content: text, reasoning_content: thinking, refusal, tool_calls: calls };
      const choices = [{ index: 0, message, finish_reason: finish }];
      const plain = completionToResponse(JSON.stringify({ ...HEAD, choices, usage }), facts(request));
      expect(response(data, request)).toEqual(JSON.parse(plain));
    }),
  );
});
