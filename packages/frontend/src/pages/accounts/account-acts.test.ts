import { expect, it } from 'vitest';
import { actsOn } from './account-acts.ts';

it.each([
  ['active', ['adjust', 'frozen', 'closed']],
  ['frozen', ['adjust', 'active', 'closed']],
  ['closed', ['active', 'frozen']],
] as const)('what can be done to an account that is %s', (status, acts) => {
  expect(actsOn({ status })).toEqual(acts);
});
