import fc from 'fast-check';
import { get_encoding as getEncoding } from 'tiktoken';
import { expect, test } from 'vitest';
import { chatText, countChat, countTokens } from './tokens.ts';

/** OpenAI's own tokenizer, as the judge. */
const judge = getEncoding('o200k_base');
const exactly = (text: string) => judge.encode_ordinary(text).length;

test.each([
  ['', 0],
  ['hello world', 2],
  ['<|endoftext|>', 7],
  ['สวัสดีครับ', 5],
])('%s has %i tokens', async (text, tokens) => {
  expect(await countTokens(text)).toBe(tokens);
});

test('any text has as many tokens as OpenAI’s own tokenizer finds', async () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      'The',
      ' quick',
      'สวัสดี',
      '👨‍👩‍👧',
      '\n\n',
      '   ',
      "don't",
      '=>',
      '12345',
      'aaaaaaaaaaaa',
      '\t',
      'ÅNGSTRÖM',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 30 }), async (words) => {
      const text = words.join('').replaceAll(/[\uD800-\uDFFF]/gu, '');
      expect(await countTokens(text)).toBe(exactly(text));
    }),
    { numRuns: 300 },
  );
});

test('long text is counted almost exactly, in turns that let others work', async () => {
  const text = 'The quick brown fox jumps over the lazy dog, twice. สวัสดีครับ ทุกคน\n'.repeat(3_000);
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const counted = await countTokens(text);
  clearInterval(others);
  const exact = exactly(text);
  expect(Math.abs(counted - exact) / exact).toBeLessThan(0.001);
  expect(turns).toBeGreaterThan(3);
});

test('a run without any break costs no more than its length', async () => {
  for (const run of ['a', 'สวัสดีครับ', ' ', '👨‍👩‍👧']) {
    const text = run.repeat(Math.ceil(3_000 / run.length));
    expect(await countTokens(text)).toBe(exactly(text));
    expect(await countTokens(text.repeat(100))).toBeGreaterThan(0); // a tokenizer in n² takes minutes here
  }
});

test('counting ends where nothing more is asked for, however much there is', async () => {
  const endless = 'x'.repeat(64 * 2 ** 20); // all of it takes half a minute
  expect(await countTokens(endless, 1_000)).toBe(1_000);
  expect(await countTokens('hello world', 1)).toBe(1);
  expect(await countTokens('hello world', 3)).toBe(2);
});

test('a chat counts its messages with their framing, images, tools and the answer’s start', async () => {
  const one = { role: 'user', content: 'hello world' };
  const withImage = { role: 'user', content: [{ type: 'text', text: 'hello world' }, { type: 'image_url' }] };
  expect(await countChat({ messages: [one] })).toBe(2 + 4 + 3);
  expect(await countChat({ messages: [withImage] })).toBe(2 + 4 + 3 + 1105);
  expect(await countChat({ messages: [one], tools: [{ type: 'function' }] })).toBeGreaterThan(2 + 4 + 3);
});

test.each([
  [{ content: 'a' }, 'a'],
  [{ content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }, null, 7] }, 'a\nb'],
  [{ content: null, tool_calls: [{ id: 1 }], name: 'n' }, 'n\n[{"id":1}]'],
  [null, ''],
  ['text', ''],
])('the text of %o is %s', (message, text) => {
  expect(chatText(message)).toBe(text);
});
