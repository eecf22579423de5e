import { expect, it } from 'vitest';
import { usageScopeOf } from './usage-queries.ts';

it('usage is of oneself, of everybody within reach, or of a team', () => {
  expect(usageScopeOf('me')).toEqual({ of: 'me' });
  expect(usageScopeOf('reach')).toEqual({ of: 'reach' });
  expect(usageScopeOf('a-team')).toEqual({ of: 'reach', teamId: 'a-team' });
});
