import { describe, expect, it } from 'vitest';
import { questionIn, tokenIn } from './fragment.ts';

it.each([
  ['#token=abc-_123', 'abc-_123'],
  ['#other=1&token=a%2Bb', 'a+b'],
  ['#', ''],
  ['', ''],
])('the token in %j is %j', (hash, token) => {
  expect(tokenIn(hash)).toBe(token);
});

describe('the question for a second factor', () => {
  it('names its challenge and what answers it', () => {
    expect(questionIn('#challenge=sf-1&method=totp&method=recovery-code')).toEqual({
      challenge: 'sf-1',
      methods: ['totp', 'recovery-code'],
    });
  });

  it.each(['', '#', '#challenge=sf-1&method=guess', '#method=totp', '#token=a'])('is not in %j', (hash) => {
    expect(questionIn(hash)).toBeUndefined();
  });
});
