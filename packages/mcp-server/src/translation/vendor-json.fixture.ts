import fc from 'fast-check';

const KEYS = [
  ...['choices', 'index', 'message', 'delta', 'finish_reason', 'usage', 'error', 'id'],
  ...['content', 'reasoning_content', 'refusal', 'tool_calls', 'function', 'name', 'arguments'],
  ...['prompt_tokens', 'completion_tokens', 'prompt_tokens_details', 'cached_tokens'],
];

const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, '', 'stop', '{"a":1}', '{', null, true, -1),
  fc.object({
    key: fc.constantFrom(...KEYS),
    values: [fc.constantFrom<unknown>(0, 1, 'x', '{}', '"', null, [])],
    maxDepth: 4,
  }),
);

const call = fc.record(
  { index: value, id: value, function: fc.oneof(value, fc.record({ name: value, arguments: value })) },
  { requiredKeys: [] },
);
const said = fc.record(
  { content: value, reasoning_content: value, refusal: value, tool_calls: fc.array(fc.oneof(call, value)) },
  { requiredKeys: [] },
);
const choice = fc.record(
  { index: fc.constantFrom(0, 1, 'x'), message: said, delta: said, finish_reason: value },
  { requiredKeys: [] },
);

/** What a vendor may send where a completion, or a chunk of one, is expected: from noise to almost right. */
export const anyJson = fc.oneof(
  fc.string(),
  fc.json(),
  value.map((each) => JSON.stringify(each)),
  fc
    .record({ id: value, choices: fc.array(fc.oneof(choice, value)), usage: value }, { requiredKeys: [] })
    .map((each) => JSON.stringify(each)),
);
