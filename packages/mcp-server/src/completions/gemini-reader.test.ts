import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyAnswer } from '../translation/gemini/gemini-json.fixture.ts';
import { createGeminiReader, geminiEmbeddingReader } from './gemini-reader.ts';
import { parseObject } from './measure.ts';

const event = (parts: object[], more: object = {}, finishReason?: string) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason }],
  ...more,
});
const usage = (candidatesTokenCount: number) => ({
  usageMetadata: {
    ...{ promptTokenCount: 10, cachedContentTokenCount: 4 },
    ...{ candidatesTokenCount, thoughtsTokenCount: 3 },
  },
});

/** What a stream of these events was heard to say, to use, and whether it came to its end. */
function hear(...events: object[]) {
  const reader = createGeminiReader();
  const heard = events.map((each) => reader.event(JSON.stringify(each)));
  return {
    text: heard.map(({ text }) => text).join(''),
    usage: heard.findLast((each) => each.usage)?.usage,
    finishes: heard.some(({ finishes }) => finishes),
  };
}

const words = [{ text: 'hm', thought: true }, { text: 'Hi' }];
const call = { functionCall: { name: 'look', args: { a: 1 } } };
const SAID = 'hmHilook{"a":1}';
const USED = { promptTokens: 10, completionTokens: 8 };

test('a stream tells all that was said, and what it used where it ends', () => {
  const heard = hear(event(words, usage(1)), event([call], usage(5), 'STOP'));
  expect(heard).toEqual({ text: SAID, usage: USED, finishes: true });
});

test('usage that comes behind the end counts', () => {
  expect(hear(event(words, {}, 'STOP'), usage(5)).usage).toEqual(USED);
});

test('a stream that only began has told no usage, and is not whole', () => {
  expect(hear(event(words, usage(1)))).toEqual({ text: 'hmHi', usage: undefined, finishes: false });
});

test('a blocked prompt is an end', () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 10 } };
  const used = { promptTokens: 10, completionTokens: 0 };
  expect(hear(blocked)).toEqual({ text: '', usage: used, finishes: true });
  expect(createGeminiReader().whole(blocked)).toEqual({ said: '', usage: used });
});

test('a whole answer tells both', () => {
  const { whole } = createGeminiReader();
  expect(whole(event([...words, call], usage(5), 'STOP'))).toEqual({ said: SAID, usage: USED });
  expect(whole(event(words, {}, 'STOP'))).toEqual({ said: 'hmHi', usage: undefined });
});

test.each([{}, { error: {} }, { candidates: [] }, event(words)])('%j is no whole answer', (answer) => {
  expect(createGeminiReader().whole(answer)).toBeUndefined();
});

test('vectors say nothing, and tell what was sent', () => {
  const embeddings = [{ values: [1] }];
  const { whole } = geminiEmbeddingReader;
  expect(whole({ embeddings, usageMetadata: { promptTokenCount: 7 } })).toEqual({
    said: '',
    usage: { promptTokens: 7, completionTokens: 0 },
  });
  expect(whole({ embeddings })).toEqual({ said: '', usage: undefined });
  expect(whole({ data: [] })).toBeUndefined();
});

test('nothing that a vendor says breaks us', () => {
  const reader = createGeminiReader();
  fc.assert(
    fc.property(anyAnswer, (data) => {
      const { text, usage: used } = reader.event(data);
      expect(typeof text).toBe('string');
      if (used) expect([used.promptTokens, used.completionTokens].every(Number.isSafeInteger)).toBe(true);
      const answer = parseObject(data);
      if (answer) for (const { whole } of [reader, geminiEmbeddingReader]) whole(answer);
    }),
  );
  const nested = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const deep = JSON.stringify(event([call])).replace('{"a":1}', nested);
  expect(() => reader.event(deep)).toThrow(DomainError);
});
