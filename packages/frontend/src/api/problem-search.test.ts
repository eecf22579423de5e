import { expect, it } from 'vitest';
import { problemSearch } from './problem-search.ts';

it('tells the problems of the hub from whatever else stands in an address', () => {
  expect(problemSearch({ problem: 'sign-in-failed' })).toEqual({ problem: 'sign-in-failed' });
  for (const problem of ['Call this number now', 'constructor', '', 7, undefined, ['sign-in-failed']]) {
    expect(problemSearch({ problem })).toStrictEqual({ problem: undefined });
  }
});
