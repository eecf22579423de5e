import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksToMessageEvents } from './chunks-to-message-events.ts';
import { completionToMessage } from './completion-to-message.ts';
import { accumulate, eventsIn } from './message-accumulator.fixture.ts';
import { anyJson } from './vendor-json.fixture.ts';

const start = { model: 'm', promptTokens: 9 };
const usage = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 2 } };

const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
  JSON.stringify({
    id: 'chatcmpl-42',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  });
const usageChunk = JSON.stringify({ id: 'chatcmpl-42', choices: [], usage });
const call = (index: number | undefined, args: string, name?: string, id?: string) =>
  chunk({ tool_calls: [{ index, id, function: { name, arguments: args } }] });

const signed = (index: number, args: string, name: string, id: string) =>
  chunk({
    tool_calls: [
      {
        ...{ index, id, function: { name, arguments: args } },
        extra_content: { google: { thought_signature: id } },
      },
    ],
  });

const translate = (data: string[]) => {
  const translator = chunksToMessageEvents(start);
  return [...data.map((each) => translator.push(each)), translator.end()];
};
/** What comes of each piece of data, and last of the end, in short. */
const told = (data: string[]) =>
  translate(data).map((text) =>
    eventsIn(text).map((event) => {
      if (event.type === 'content_block_start') return `+${event.index} ${event.content_block.type}`;
      if (event.type === 'content_block_delta') return `${event.index} ${Object.values(event.delta)[1]}`;
      return event.type === 'content_block_stop' ? `-${event.index}` : event.type;
    }),
  );
const message = (data: string[]) => accumulate(eventsIn(translate(data).join('')));

test('a stream of text, event by event', () => {
  const [first, ...rest] = translate([
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Hel' }),
    chunk({ content: 'lo\n' }),
    chunk({}, 'stop'),
    usageChunk,
    '[DONE]',
  ]);
  expect(eventsIn(first ?? '')).toEqual([
    {
      type: 'message_start',
      message: {
        id: 'msg_42',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: 9,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: 0,
        },
      },
    },
  ]);
  const usageTold =
    '{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":2,"output_tokens":5}';
  expect(rest).toEqual([
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo\\n"}}\n\n',
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":' +
      `${usageTold}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`,
    '',
    '',
  ]);
});

const say = (text: string) => chunk({ content: text });
const think = (text: string) => chunk({ reasoning_content: text });
const OVER = ['message_delta', 'message_stop'];

test.each([
  [
    'thinking, text and a call follow one another',
    [think('hm'), say('A'), call(0, '', 'look', 'c'), call(0, '{}'), '[DONE]'],
    [
      ['message_start', '+0 thinking', '0 hm'],
      ['-0', '+1 text', '1 A'],
      ['-1', '+2 tool_use'],
      ['2 {}'],
      ['-2', ...OVER],
      [],
    ],
  ],
  [
    'what a call is signed with is whole before it, and waits its turn with it',
    [signed(0, '{', 'x', 'c'), signed(1, '', 'y', 'd'), call(0, '}'), call(1, '{}')],
    [
      ['message_start', '+0 redacted_thinking', '-0', '+1 tool_use', '1 {'],
      [],
      ['1 }', '-1', '+2 redacted_thinking', '-2', '+3 tool_use'],
      ['3 {}'],
      ['-3', ...OVER],
    ],
  ],
  [
    'the next call begins as soon as the arguments of the first are whole',
    [call(0, '{"a":', 'x', 'c'), call(0, '1}'), call(1, '{"b"', 'y', 'd'), call(1, ':2}'), chunk({}, 'stop')],
    [
      ['message_start', '+0 tool_use', '0 {"a":'],
      ['0 1}'],
      ['-0', '+1 tool_use', '1 {"b"'],
      ['1 :2}'],
      ['-1'],
      OVER,
    ],
  ],
  [
    'calls that come at once wait for one another',
    [
      call(0, '', 'x', 'c'),
      call(1, '', 'y', 'd'),
      call(1, '{"b"'),
      call(0, '{'),
      call(0, '}'),
      call(1, ':2}'),
    ],
    [
      ['message_start', '+0 tool_use'],
      [],
      [],
      ['0 {'],
      ['0 }', '-0', '+1 tool_use', '1 {"b"'],
      ['1 :2}'],
      ['-1', ...OVER],
    ],
  ],
  [
    'text between the parts of a call waits too, thinking after it is a block of its own',
    [call(0, '{', 'x', 'c'), say('A'), say('B'), think('hm'), call(0, '}')],
    [
      ['message_start', '+0 tool_use', '0 {'],
      [],
      [],
      [],
      ['0 }', '-0', '+1 text', '1 AB', '-1', '+2 thinking', '2 hm'],
      ['-2', ...OVER],
    ],
  ],
  [
    'a call without arguments gets empty ones at the end',
    [call(0, '', 'x', 'c'), call(1, '{}', 'y', 'd'), say('A'), chunk({}, 'tool_calls')],
    [
      ['message_start', '+0 tool_use'],
      [],
      [],
      ['0 {}', '-0', '+1 tool_use', '1 {}', '-1', '+2 text', '2 A', '-2'],
      OVER,
    ],
  ],
  [
    'blanks behind arguments are dropped when something else was said',
    [call(0, '{}', 'x', 'c'), say('A'), call(0, ' ')],
    [['message_start', '+0 tool_use', '0 {}'], ['-0', '+1 text', '1 A'], [], ['-1', ...OVER]],
  ],
  [
    'a call is told once it has a name; one that gets none is not',
    [call(0, '{', undefined, 'c'), say('A'), call(0, '}', 'x'), call(1, '{}', undefined, 'd')],
    [['message_start'], ['+0 text', '0 A'], ['-0', '+1 tool_use', '1 {}'], [], ['-1', ...OVER]],
  ],
])('%s', (_, data, expected) => {
  expect(told(data)).toEqual(expected);
});

test.each([
  ['the same index', [call(0, '{}', 'x', 'c'), call(0, '{}', 'y', 'd')]],
  ['no index', [call(undefined, '{}', 'x', 'c'), call(undefined, '{}', 'y', 'd')]],
  [
    'no index, id with each part',
    [
      call(undefined, '{', 'x', 'c'),
      call(undefined, '{', 'y', 'd'),
      call(undefined, '}', undefined, 'c'),
      call(undefined, '}', undefined, 'd'),
    ],
  ],
  [
    'no index, id with the first part',
    [
      call(undefined, '', 'x', 'c'),
      call(undefined, '{}'),
      call(undefined, '{', 'y', 'd'),
      call(undefined, '}'),
    ],
  ],
])('two calls of a vendor that gives them %s are two', (_, data) => {
  expect(message(data).content).toEqual([
    { type: 'tool_use', id: 'c', name: 'x', input: {} },
    { type: 'tool_use', id: 'd', name: 'y', input: {} },
  ]);
});

test('a call without id gets one, and one in the older form is a call', () => {
  const { content, stop_reason: reason } = message([
    chunk({ function_call: { name: 'x', arguments: '{"a"' } }),
    chunk({ function_call: { arguments: ':1}' } }, 'function_call'),
  ]);
  expect(content).toEqual([
    { type: 'tool_use', id: expect.stringMatching(/^toolu_\w{32}$/), name: 'x', input: { a: 1 } },
  ]);
  expect(reason).toBe('tool_use');
});

test.each([
  ['stop', {}, 'end_turn'],
  ['length', {}, 'max_tokens'],
  ['tool_calls', {}, 'tool_use'],
  ['content_filter', {}, 'refusal'],
  ['', {}, 'end_turn'],
  ['stop', { refusal: 'No.' }, 'refusal'],
  ['stop', { tool_calls: [{ index: 0, id: 'c', function: { name: 'x' } }] }, 'tool_use'],
])('%j after %j is the stop reason %s', (finish, delta, reason) => {
  expect(message([chunk(delta), chunk({}, finish)])).toMatchObject({ stop_reason: reason });
});

test('usage is told with the end, whenever it was reported last', () => {
  const early = { usage: { prompt_tokens: 12, completion_tokens: 1 } };
  const withFinish = told([
    chunk({ content: 'A' }, null, early),
    chunk({}, 'stop', early),
    usageChunk,
    '[DONE]',
  ]);
  expect(withFinish.slice(1)).toEqual([['-0'], OVER, [], []]);
  expect(message([chunk({ content: 'A' }, null, early), chunk({}, 'stop'), '[DONE]']).usage).toMatchObject({
    input_tokens: 12,
    output_tokens: 1,
  });
  expect(message([say('A'), '[DONE]']).usage).toMatchObject({ input_tokens: 9, output_tokens: 0 });
});

test('noise, other choices and what comes after the end are nothing', () => {
  const other = JSON.stringify({ choices: [{ index: 1, delta: { content: 'B' } }] });
  expect(translate(['', 'x', '7', '{}', '[]']).slice(0, 5)).toEqual(['', '', '', '', '']);
  expect(message([other, say('A')]).content).toEqual([{ type: 'text', text: 'A' }]);
  expect(told([say('A'), '[DONE]', say('B'), usageChunk, '[DONE]']).slice(2)).toEqual([[], [], [], []]);
});

test('an error in mid-stream is thrown, without its words', () => {
  const translator = chunksToMessageEvents(start);
  translator.push(say('A'));
  expect(() => translator.push('{"error":{"message":"key sk-1 is wrong"}}')).toThrow(
    new DomainError('provider-failed', { detail: 'the provider broke off with an error' }),
  );
});

test.each([
  ['parts', (at: number) => call(1, 'x'.repeat(1_000), at === 0 ? 'y' : undefined, 'd')],
  ['calls', (at: number) => call(at + 1, '', 'y', `d${at}`)],
])('%s that wait for an earlier call are kept within a bound', (_, part) => {
  const translator = chunksToMessageEvents(start);
  translator.push(call(0, '{', 'x', 'c'));
  expect(() => {
    for (let at = 0; at < 5_000; at++) translator.push(part(at));
  }).toThrow(DomainError);
});

test('whatever a vendor streams, it becomes a whole message or provider-failed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyJson, fc.constantFrom(usageChunk, say('A')))), (data) => {
      try {
        const events = eventsIn(translate(data).join(''));
        expect(events.at(-1)).toEqual({ type: 'message_stop' });
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});

interface Completion {
  thinking: string;
  text: string;
  inputs: object[];
}

const completion = fc.record<Completion>({
  thinking: fc.string({ maxLength: 20 }),
  text: fc.string({ unit: 'binary', maxLength: 20 }),
  inputs: fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), { maxLength: 4 }),
});

const toolCalls = ({ inputs }: Completion) =>
  inputs.map((input, index) => ({
    index,
    id: `call_${index}`,
    type: 'function',
    function: { name: `tool_${index}`, arguments: JSON.stringify(input) },
  }));

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

/** The parts of all calls in any order that keeps each call's own and announces them by index. */
function mixCalls(all: Completion, sizes: number[], order: number[]): string[] {
  const lines = toolCalls(all).map(({ index, id, function: { name, arguments: args } }) => [
    call(index, '', name, id),
    ...cut(args, sizes).map((part) => call(index, part)),
  ]);
  const mixed = lines.flatMap((line) => line.splice(0, 1));
  for (let turn = 0; lines.some((line) => line.length > 0); turn++) {
    const left = lines.filter((line) => line.length > 0);
    mixed.push(...(left[(order[turn % order.length] ?? 0) % left.length]?.splice(0, 1) ?? []));
  }
  return mixed;
}

test('however a completion is cut and mixed, its events add up to the plain translation', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  const order = fc.array(fc.nat(3), { minLength: 1 });
  fc.assert(
    fc.property(completion, sizes, order, (all, pieces, turns) => {
      const calls = toolCalls(all);
      const finish = calls.length > 0 ? 'tool_calls' : 'stop';
      const data = [
        chunk({ role: 'assistant', content: '' }),
        ...cut(all.thinking, pieces).map(think),
        ...cut(all.text, pieces).map(say),
        ...mixCalls(all, pieces, turns),
        chunk({}, finish),
        usageChunk,
        '[DONE]',
      ];
      const said = { content: all.text, reasoning_content: all.thinking, tool_calls: calls };
      const choices = [{ index: 0, message: said, finish_reason: finish }];
      const plain = completionToMessage(JSON.stringify({ id: 'chatcmpl-42', choices, usage }), 'm');
      expect(message(data)).toEqual(JSON.parse(plain));
    }),
  );
});
