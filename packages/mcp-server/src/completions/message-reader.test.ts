import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageReader } from './message-reader.ts';
import { streamReaderOf } from './reader.ts';

const USAGE = {
  input_tokens: 5,
  cache_read_input_tokens: 3,
  cache_creation_input_tokens: 2,
  output_tokens: 7,
};

/** What a stream of these events was heard to say, to use, and whether it came to its end. */
function hear(...events: object[]) {
  const reader = createMessageReader();
  const heard = events.map((event) => reader.event(JSON.stringify(event)));
  return {
    text: heard.map(({ text }) => text).join(''),
    usage: heard.findLast(({ usage }) => usage)?.usage,
    finishes: heard.some(({ finishes }) => finishes),
  };
}

const start = { type: 'message_start', message: { usage: { ...USAGE, output_tokens: 1 } } };
const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields });
const end = (usage: object) => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });

test('a stream tells what was sent where it begins, and what was said where it ends', () => {
  const heard = hear(
    start,
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'look', input: {} } },
    delta({ type: 'text_delta', text: 'Hi' }),
    delta({ type: 'thinking_delta', thinking: ' hm' }),
    delta({ type: 'input_json_delta', partial_json: '{"a"' }),
    { type: 'ping' },
    end({ output_tokens: 7 }),
  );
  expect(heard).toEqual({
    text: 'lookHi hm{"a"',
    usage: { promptTokens: 10, completionTokens: 7 },
    finishes: true,
  });
});

test('what was sent is not counted twice where the end tells it again', () => {
  expect(hear(start, end(USAGE)).usage).toEqual({ promptTokens: 10, completionTokens: 7 });
});

test('a stream that only began has told no usage, and is not whole', () => {
  expect(hear(start, delta({ type: 'text_delta', text: 'Hi' }))).toEqual({
    ...{ text: 'Hi', usage: undefined, finishes: false },
  });
});

test('a whole message tells both', () => {
  const content = [
    { type: 'text', text: 'Hi' },
    { type: 'tool_use', name: 'look', input: { a: 1 } },
  ];
  expect(createMessageReader().whole({ type: 'message', content, usage: USAGE })).toEqual({
    said: 'Hilook{"a":1}',
    usage: { promptTokens: 10, completionTokens: 7 },
  });
  expect(createMessageReader().whole({ type: 'message', content: [] })).toEqual({
    said: '',
    usage: undefined,
  });
});

test.each([{}, { type: 'error', error: {} }, { type: 'message' }, { type: 'message', content: 'Hi' }])(
  '%j is no message',
  (answer) => {
    expect(createMessageReader().whole(answer)).toBeUndefined();
  },
);

test.each(['openai', 'anthropic'] as const)(
  'nothing that a vendor of the format %s says breaks us',
  (format) => {
    const reader = streamReaderOf(format, 'chat');
    const part = fc.record(
      {
        type: fc.constantFrom('message_start', 'content_block_delta', 'message_delta', 'message'),
        message: fc.jsonValue(),
        delta: fc.jsonValue(),
        usage: fc.oneof(fc.jsonValue(), fc.record({ output_tokens: fc.jsonValue() })),
        choices: fc.jsonValue(),
        content: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          part.map((one) => JSON.stringify(one)),
        ),
        (data) => {
          const { text, usage } = reader.event(data);
          expect(typeof text).toBe('string');
          if (usage)
            expect([usage.promptTokens, usage.completionTokens].every(Number.isSafeInteger)).toBe(true);
        },
      ),
    );
    fc.assert(
      fc.property(part, (answer) => {
        reader.whole(answer);
      }),
    );
  },
);
