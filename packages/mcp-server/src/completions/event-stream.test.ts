import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from './event-stream.ts';

const parse = (chunks: (string | Uint8Array)[]) => {
  const parser = createEventParser();
  return { events: chunks.flatMap((chunk) => parser.push(Buffer.from(chunk))), rest: parser.rest() };
};

test.each([
  ['data: a\n\n', ['a']],
  ['data:a\n\n', ['a']],
  ['data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['event: x\nid: 1\ndata: a\ndata: b\n\n', ['a\nb']],
  [': comment\n\n', ['']],
  ['data: a\n\ndata: unfinished', ['a']],
])('%j holds %j', (text, data) => {
  expect(parse([text]).events.map((event) => event.data)).toEqual(data);
});

test('wherever the chunks are cut, in a line or in a character, the same events come out byte for byte', () => {
  const event = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .map((text) => `data: ${JSON.stringify(text)}\n\n`);
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 8 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (events, cuts) => {
        const bytes = Buffer.from(events.join(''));
        const places = [
          0,
          ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b),
          bytes.length,
        ];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        const parsed = parse(chunks);
        expect(parsed.events.map(({ raw }) => raw).join('')).toBe(events.join(''));
        expect(parsed.events.map(({ data }) => data)).toEqual(events.map((text) => text.slice(6, -2)));
        expect(parsed.rest).toBe('');
      },
    ),
  );
});

test('an event without an end is cut off, not kept', () => {
  const parser = createEventParser();
  const megabyte = Buffer.alloc(1_048_576, 'x');
  expect(() => {
    for (let i = 0; i < 20; i++) parser.push(megabyte);
  }).toThrow('too large');
});
