import { expect, it } from 'vitest';
import { setupTokenOf } from './setup-token.ts';

it.each([
  ['#token=abc-_123', 'abc-_123'],
  ['#other=1&token=a%2Bb', 'a+b'],
  ['#', ''],
  ['', ''],
])('reads %j', (hash, token) => {
  expect(setupTokenOf(hash)).toBe(token);
});
