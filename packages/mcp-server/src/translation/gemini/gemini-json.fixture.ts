import fc from 'fast-check';

const value = fc.jsonValue();
const or = <T>(expected: fc.Arbitrary<T>) => fc.oneof(expected, value);
const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const part = record({
  text: or(fc.string()),
  thought: or(fc.boolean()),
  thoughtSignature: or(fc.string()),
  functionCall: or(record({ id: value, name: or(fc.string()), args: value })),
});

const candidate = record({
  content: or(record({ parts: or(fc.array(or(part))) })),
  finishReason: or(fc.constantFrom('STOP', 'SAFETY', 'MALFORMED_FUNCTION_CALL', 'toString')),
  index: value,
});

const count = or(fc.nat());
const answer = record({
  candidates: or(fc.array(or(candidate))),
  promptFeedback: or(record({ blockReason: value, blockReasonMessage: value })),
  usageMetadata: or(
    record({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count }),
  ),
  responseId: value,
  modelVersion: value,
});

/** What a vendor may send where an answer of Gemini's is expected: from noise to almost right. */
export const anyAnswer = fc.oneof(
  fc.string(),
  fc.json(),
  answer.map((each) => JSON.stringify(each)),
);
