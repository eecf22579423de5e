import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';

/** As JSON gives it; a number of JavaScript has no sign of zero there. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

const shuffled = (value: unknown, seed: number): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    shuffled(inner, seed),
  ]);
  const turn = entries.length === 0 ? 0 : seed % entries.length;
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)].toReversed());
};

test('the order of keys does not matter, however deep they are', () => {
  fc.assert(
    fc.property(json, fc.nat(), (value, seed) => {
      expect(canonical(shuffled(value, seed))).toBe(canonical(value));
    }),
  );
});

test('nothing is lost: what it says is what it was made of', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonical(value))).toEqual(value);
    }),
  );
});

test('what is not the same is told apart', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const isSame = isEqual(one, other);
      expect(canonical(one) === canonical(other)).toBe(isSame);
    }),
  );
});

const isEqual = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    return false;
  }
};

test.each([
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: null }, {}],
  [{ a: 1 }, { a: '1' }],
  [{ a: 'x' }, { A: 'x' }],
  [{ a: ' x' }, { a: 'x' }],
  [{ a: [] }, { a: {} }],
  [{ a: { b: 1 } }, { b: { a: 1 } }],
])('%j is not %j', (one, other) => {
  expect(canonical(one)).not.toBe(canonical(other));
});

test('a key of the language itself is a key like others', () => {
  const given: unknown = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}');
  expect(canonical(given)).toBe('{"__proto__":{"a":2,"z":1},"b":1}');
});

test('what is nested too deeply is the caller’s mistake', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => canonical(deep)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});
