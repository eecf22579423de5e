import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finishes, parseObject, textOf, usageOf } from './measure.ts';

const call = { function: { name: 'look', arguments: '{"up":1}' } };

test.each([
  [{ choices: [{ delta: { content: 'a' } }, { delta: { content: 'b' } }] }, 'ab'],
  [{ choices: [{ message: { content: 'a', refusal: 'no', reasoning_content: 'hm' } }] }, 'ahmno'],
  [{ choices: [{ delta: { tool_calls: [call, null, {}] } }] }, 'look{"up":1}'],
  [{ choices: [{ delta: { reasoning: 'hm' } }] }, 'hm'],
  [{ choices: 'x' }, ''],
  [{ choices: [null, { delta: 7 }, {}] }, ''],
  [{}, ''],
])('of %j the text %s was said', (answer, text) => {
  expect(textOf(answer)).toBe(text);
});

test.each([
  [{ usage: { prompt_tokens: 1, completion_tokens: 2 } }, { promptTokens: 1, completionTokens: 2 }],
  [{ usage: { prompt_tokens: 0, completion_tokens: 0 } }, { promptTokens: 0, completionTokens: 0 }],
  [{ usage: { prompt_tokens: -1, completion_tokens: 2 } }, undefined],
  [{ usage: { prompt_tokens: 1.5, completion_tokens: 2 } }, undefined],
  [{ usage: null }, undefined],
  [{}, undefined],
])('%j reports the usage %j', (answer, usage) => {
  expect(usageOf(answer)).toEqual(usage);
});

test('a part finishes when one of its choices says why it ended', () => {
  expect(finishes({ choices: [{ finish_reason: null }] })).toBe(false);
  expect(finishes({ choices: [{ finish_reason: null }, { finish_reason: 'stop' }] })).toBe(true);
  expect(finishes({ choices: null })).toBe(false);
});

test('whatever a provider sends, measuring it does not throw', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const part = parseObject(text);
      if (part)
        [textOf(part), usageOf(part), finishes(part)].forEach((value) => {
          expect(value).toBe(value);
        });
    }),
  );
});

test.each(['', 'x', '[]', '1', 'null', '{'])('%j is no JSON object', (text) => {
  expect(parseObject(text)).toBeUndefined();
});
