import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { messageEventsToChunks } from './message-events-to-chunks.ts';
import { messageToCompletion } from './message-to-completion.ts';

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-5', content: [] };
const start = {
  type: 'message_start',
  message: { ...MESSAGE, usage: { input_tokens: 7, output_tokens: 1 } },
};
const open = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block });
const delta = (index: number, part: object) => ({ type: 'content_block_delta', index, delta: part });
const shut = (index: number) => ({ type: 'content_block_stop', index });
const text = (index: number, said: string) => delta(index, { type: 'text_delta', text: said });
const json = (index: number, said: string) => delta(index, { type: 'input_json_delta', partial_json: said });
const ended = (reason: string, usage: object = { output_tokens: 9 }) => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null },
  usage,
});
const stop = { type: 'message_stop' };
const toolUse = (id: string, input: object = {}) => ({ type: 'tool_use', id, name: 'look', input });

const translate = (...events: unknown[]) => {
  const translator = messageEventsToChunks();
  const pushed = events.map((event) =>
    translator.push(typeof event === 'string' ? event : JSON.stringify(event)),
  );
  return { pushed, end: translator.end() };
};
const DONE = 'data: [DONE]\n\n';

/** What the chunks of a stream say, the frame of each that all have in common taken off. */
const heard = (stream: string): unknown[] =>
  stream.split('\n\n').flatMap((event) => {
    if (event === '' || event === DONE.trim()) return [];
    const { id, created, model, object, choices, usage } = z
      .looseObject({ choices: z.array(z.looseObject({ delta: z.unknown(), finish_reason: z.unknown() })) })
      .parse(JSON.parse(event.replace(/^data: /, '')));
    expect({ id, created, model, object }).toEqual({
      id: 'chatcmpl-1',
      created: expect.any(Number),
      model: 'claude-opus-5',
      object: 'chat.completion.chunk',
    });
    const [choice] = choices;
    return choice ? [choice.finish_reason ?? choice.delta] : [usage];
  });

test('a stream from role to [DONE], event by event', () => {
  const { pushed, end } = translate(
    start,
    open(0, { type: 'thinking', thinking: '', signature: '' }),
    { type: 'ping' },
    delta(0, { type: 'thinking_delta', thinking: 'hm' }),
    delta(0, { type: 'signature_delta', signature: 'x' }),
    shut(0),
    open(1, { type: 'text', text: '' }),
    text(1, 'wa'),
    text(1, 'it'),
    delta(1, { type: 'citations_delta', citation: {} }),
    shut(1),
    open(2, toolUse('toolu_1')),
    json(2, ''),
    json(2, '{"x"'),
    json(2, ':1}'),
    shut(2),
    open(3, toolUse('toolu_2')),
    shut(3),
    { type: 'yet_to_come' },
    ended('tool_use', { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 20 }),
    stop,
  );
  const args = (index: number, said: string) => [{ tool_calls: [{ index, function: { arguments: said } }] }];
  const named = (index: number, id: string) => [
    { tool_calls: [{ index, id, type: 'function', function: { name: 'look', arguments: '' } }] },
  ];
  expect(pushed.map(heard)).toEqual([
    [{ role: 'assistant', content: '' }],
    [],
    [],
    [{ reasoning_content: 'hm' }],
    [],
    [],
    [],
    [{ content: 'wa' }],
    [{ content: 'it' }],
    [],
    [],
    named(0, 'toolu_1'),
    [],
    args(0, '{"x"'),
    args(0, ':1}'),
    [],
    named(1, 'toolu_2'),
    args(1, '{}'),
    [],
    ['tool_calls'],
    [
      {
        prompt_tokens: 15,
        completion_tokens: 20,
        total_tokens: 35,
        prompt_tokens_details: { cached_tokens: 5, cache_write_tokens: 0 },
      },
    ],
  ]);
  expect(pushed.at(-1)?.endsWith(DONE)).toBe(true);
  expect(end).toBe('');
});

test('what came with the start of a block is said too', () => {
  const { pushed } = translate(
    start,
    open(0, { type: 'text', text: 'a' }),
    open(1, toolUse('t', { x: 1 })),
    shut(1),
  );
  expect(heard(pushed.join('')).slice(1)).toMatchObject([
    { content: 'a' },
    { tool_calls: [{ index: 0, id: 't' }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"x":1}' } }] },
  ]);
});

test('a refusal says why before it ends', () => {
  const details = { type: 'refusal', explanation: 'not this' };
  const refusal = { type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: details } };
  expect(heard(translate(start, refusal).pushed.join('')).slice(1)).toEqual([
    { refusal: 'not this' },
    'content_filter',
  ]);
});

test('a stream that ends behind its reason is whole, one that ends before is not', () => {
  const whole = translate(start, text(0, 'a'), ended('end_turn'));
  expect(heard(whole.end)).toMatchObject([{ prompt_tokens: 7, completion_tokens: 9 }]);
  expect(whole.end.endsWith(DONE)).toBe(true);
  expect(translate(start, text(0, 'a')).end).toBe('');
  expect(translate().end).toBe('');
});

test('of a stream without a reason, or without usage, the rest is told', () => {
  const { pushed } = translate(
    { type: 'message_start', message: MESSAGE },
    open(0, toolUse('t')),
    stop,
    text(0, 'late'),
  );
  expect(heard(pushed.join('')).slice(2)).toEqual([
    { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    'stop',
  ]);
  expect(pushed.join('').endsWith(DONE)).toBe(true);
});

test('a stream whose first event is missing has a role, an id and an end', () => {
  const stream = translate(text(0, 'a'), ended('end_turn')).pushed.join('');
  expect(stream).toMatch(/^data: {"id":"chatcmpl-[\w-]{36}",.*"role":"assistant"/);
  expect(stream).toContain('"content":"a"');
  expect(translate(stop).pushed[0]).toMatch(/"role":"assistant".*\n\n.*"finish_reason":"stop"/);
});

test.each([
  [{ type: 'overloaded_error', message: 'at https://secret.test' }, 'in the middle: overloaded_error'],
  [{ type: 'at https://secret.test' }, 'in the middle'],
  [undefined, 'in the middle'],
])('the error %j in mid-stream is thrown in our words', (error, words) => {
  const thrown = (() => {
    try {
      return translate(start, text(0, 'a'), { type: 'error', error });
    } catch (caught) {
      return caught;
    }
  })();
  expect(thrown).toMatchObject({
    name: 'DomainError',
    code: 'provider-failed',
    message: expect.stringMatching(new RegExp(`${words}$`)),
  });
});

test('whatever a vendor sends, nothing but a DomainError is thrown', () => {
  const types = [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
  ];
  const event = fc.record(
    {
      type: fc.constantFrom(...types, 'message_stop', 'error', 'toString', 'ping'),
      index: fc.jsonValue(),
      message: fc.jsonValue(),
      content_block: fc.oneof(fc.jsonValue(), fc.constant(toolUse('t'))),
      delta: fc.jsonValue(),
      usage: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(event, fc.string())), (events) => {
      try {
        const { pushed, end } = translate(...events);
        for (const part of [...pushed, end]) expect(part).toMatch(/^(?:data: .+\n\n)*$/);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
      }
    }),
  );
  const nested = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const deep = JSON.stringify(open(0, toolUse('t'))).replace('"input":{}', `"input":${nested}`);
  expect(() => translate(start, deep, shut(0))).toThrow(DomainError);
});

const pieceOf = z.strictObject({
  role: z.string().optional(),
  content: z.string().default(''),
  reasoning_content: z.string().default(''),
  tool_calls: z
    .array(
      z.object({
        index: z.int(),
        id: z.string().optional(),
        function: z.object({ name: z.string().optional(), arguments: z.string() }),
      }),
    )
    .default([]),
});

interface Call {
  id: string | undefined;
  type: string;
  function: { name: string | undefined; arguments: string };
}

/** Puts the chunks together again, as a client does. */
function accumulate(stream: string): object {
  const said = heard(stream);
  const [finish, usage] = said.slice(-2);
  const pieces = said.slice(0, -2).map((piece) => pieceOf.parse(piece));
  const calls: Call[] = [];
  for (const { index, id, function: called } of pieces.flatMap((piece) => piece.tool_calls)) {
    const call = (calls[index] ??= { id, type: 'function', function: { name: called.name, arguments: '' } });
    call.function.arguments += called.arguments;
  }
  const thought = pieces.map((piece) => piece.reasoning_content).join('');
  return {
    content: pieces.map((piece) => piece.content).join('') || null,
    ...(thought && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls }),
    finish,
    usage,
  };
}

interface Lane {
  kind: string;
  events: object[];
}

interface Said {
  block: { type: string };
  pieces: string[];
}

const DELTAS: Record<string, (index: number, piece: string) => object> = {
  text,
  thinking: (index, piece) => delta(index, { type: 'thinking_delta', thinking: piece }),
  tool_use: json,
};
const EMPTY: Record<string, object> = {
  text: { text: '' },
  thinking: { thinking: '' },
  tool_use: { input: {} },
};

/** The events of each block, and of several of one kind of text those of one behind the other. */
function lanesOf(blocks: Said[]): Lane[] {
  const lanes: Lane[] = [];
  for (const [index, { block, pieces }] of blocks.entries()) {
    const kind = block.type;
    const parts = pieces.map((piece) => DELTAS[kind]?.(index, piece) ?? {});
    const events = [open(index, { ...block, ...EMPTY[kind] }), ...parts, shut(index)];
    const lane = kind === 'tool_use' ? undefined : lanes.find((other) => other.kind === kind);
    if (lane) lane.events.push(...events);
    else lanes.push({ kind, events });
  }
  return lanes;
}

/** One of the ways in which the blocks can come at once; calls start in their order. */
function interleave(lanes: Lane[], picks: number[]): object[] {
  const events: object[] = [];
  const started = new Set<Lane>();
  for (let turn = 0; lanes.some((lane) => lane.events.length > 0); turn++) {
    const next = lanes.find((lane) => lane.kind === 'tool_use' && !started.has(lane));
    const ready = lanes.filter(
      (lane) => lane.events.length > 0 && (lane.kind !== 'tool_use' || started.has(lane) || lane === next),
    );
    const lane = ready[(picks[turn] ?? 0) % ready.length];
    if (!lane) break;
    started.add(lane);
    events.push(...lane.events.splice(0, 1));
  }
  return events;
}

test('however the blocks of a message come, the chunks add up to its plain translation', () => {
  const cut = (whole: string, places: number[]) => {
    const edges = [
      0,
      ...places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b),
      whole.length,
    ];
    return edges.slice(1).map((edge, i) => whole.slice(edges[i], edge));
  };
  const places = fc.array(fc.nat(100), { maxLength: 4 });
  const words = fc.tuple(fc.constantFrom('text', 'thinking'), fc.string(), places);
  const call = fc.tuple(fc.uuid(), fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), places);
  const block = fc.oneof(
    words.map(([type, whole, at]): Said => ({ block: { type, [type]: whole }, pieces: cut(whole, at) })),
    call.map(([id, input, at]): Said => {
      const written = JSON.stringify(input);
      return { block: toolUse(id, input), pieces: written === '{}' ? [] : cut(written, at) };
    }),
  );
  fc.assert(
    fc.property(
      fc.array(block, { maxLength: 6 }),
      fc.array(fc.nat(20), { maxLength: 60 }),
      fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'pause_turn'),
      (blocks, picks, reason) => {
        const usage = { input_tokens: 7, output_tokens: 9 };
        const whole = { ...MESSAGE, content: blocks.map((one) => one.block), stop_reason: reason, usage };
        const plain = z
          .object({
            choices: z.tuple([z.object({ message: z.looseObject({}), finish_reason: z.string() })]),
            usage: z.unknown(),
          })
          .parse(JSON.parse(messageToCompletion(JSON.stringify(whole))));
        const { role: _role, refusal: _refusal, ...said } = plain.choices[0].message;
        const stream = translate(
          start,
          ...interleave(lanesOf(blocks), picks),
          ended(reason),
          stop,
        ).pushed.join('');
        expect(accumulate(stream)).toEqual({
          ...said,
          finish: plain.choices[0].finish_reason,
          usage: plain.usage,
        });
      },
    ),
  );
});
