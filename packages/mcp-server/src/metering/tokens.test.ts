import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatText, countChat, countTokens } from './tokens.ts';

test.each([
  ['', 0],
  ['hello world', 2],
  ['<|endoftext|>', 7],
  ['สวัสดีครับ', 5],
])('%s has %i tokens', async (text, tokens) => {
  expect(await countTokens(text)).toBe(tokens);
});

test('ordinary text is counted exactly, however long', async () => {
  const text = 'The quick brown fox jumps over the lazy dog, twice. '.repeat(2_000);
  const exact = encode(text).length;
  expect(Math.abs((await countTokens(text)) - exact) / exact).toBeLessThan(0.01);
});

test('a run without a break is counted closely, and does not keep others waiting', async () => {
  const thai = 'สวัสดีครับ'.repeat(400);
  const exact = encode(thai).length;
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const counted = await countTokens(thai.repeat(40));
  clearInterval(others);
  expect(Math.abs(counted - exact * 40) / (exact * 40)).toBeLessThan(0.05);
  expect(turns).toBeGreaterThan(3);
});

test('any text has at least one token a hundred characters, and at most one a byte and cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 500 }), async (text) => {
      const tokens = await countTokens(text);
      expect(tokens).toBeGreaterThanOrEqual(text.length / 200);
      expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text) + text.length / 30 + 1);
    }),
  );
});

test('a chat counts its messages with their framing, images, tools and the answer’s start', async () => {
  const one = { role: 'user', content: 'hello world' };
  expect(await countChat({ messages: [one] })).toBe(2 + 4 + 3);
  expect(
    await countChat({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello world' }, { type: 'image_url' }] }],
    }),
  ).toBe(2 + 4 + 3 + 1105);
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
