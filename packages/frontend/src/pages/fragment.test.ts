import { expect, it } from 'vitest';
import { fragmentTokenOf } from './fragment-token.ts';

it.each([
  ['#token=abc-_123', 'abc-_123'],
  ['#other=1&token=a%2Bb', 'a+b'],
  ['#', ''],
  ['', ''],
])('reads %j', (hash, token) => {
  expect(fragmentTokenOf(hash)).toBe(token);
});
