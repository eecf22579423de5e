import { expect, it } from 'vitest';
import { moved } from './moved.ts';

it.each([
  [0, 1, ['b', 'a', 'c']],
  [2, -1, ['a', 'c', 'b']],
  [0, 2, ['b', 'c', 'a']],
  [0, -1, ['a', 'b', 'c']],
  [2, 1, ['a', 'b', 'c']],
])('what is at %i goes by %i', (at, by, expected) => {
  expect(moved(['a', 'b', 'c'], at, by)).toEqual(expected);
});
