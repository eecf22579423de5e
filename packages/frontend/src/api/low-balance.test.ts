import { expect, it } from 'vitest';
import { lowBalance } from './low-balance.ts';

it.each([
  [10_000_000, 10_000_000, undefined],
  [9_999_999, 10_000_000, 'low'],
  [1_000, 10_000_000, 'low'],
  [999, 10_000_000, 'empty'],
  [0, 1, 'empty'],
  [0, 0, undefined],
])('%d micro-credits under a threshold of %d are %s', (available, threshold, kind) => {
  expect(lowBalance(available, threshold)).toBe(kind);
});
