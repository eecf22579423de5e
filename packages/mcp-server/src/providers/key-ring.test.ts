import { expect, test } from 'vitest';
import { createKeyRing } from './key-ring.ts';

test('keys are used in turn', () => {
  const { inTurn } = createKeyRing(['a', 'b', 'c']);
  expect([inTurn(), inTurn(), inTurn(), inTurn()].map((keys) => keys.join(''))).toEqual([
    ...['abc', 'bca', 'cab', 'abc'],
  ]);
});

test('a key that has to rest is tried after the others, until it has rested', () => {
  let time = 0;
  const { inTurn, rest, resting } = createKeyRing(['a', 'b', 'c'], () => time);
  rest('a', 20);
  rest('b', 10);
  expect(inTurn()).toEqual(['c', 'b', 'a']);
  expect(resting()).toBe(2);
  time = 20_000;
  expect(resting()).toBe(0);
  expect(inTurn()).toEqual(['b', 'c', 'a']);
});

test('without keys there is nothing to try', () => {
  expect(createKeyRing([]).inTurn()).toEqual([]);
});
