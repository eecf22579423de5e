import { describe, expect, it } from 'vitest';
import { keyFields, permissionsFor } from './key-fields.ts';

const NOTHING = {
  ...{ name: 'laptop', lifetime: 'never', permissions: null, models: '', tools: ' ' },
  ...{ monthlyLimitMicro: '', requestsPerMinute: '', tokensPerMinute: '' },
};

describe('the fields of a key', () => {
  it('left empty narrow nothing', () => {
    const { name, cacheAnswers, ...rest } = keyFields.parse(NOTHING);
    expect({ name, cacheAnswers }).toEqual({ name: 'laptop', cacheAnswers: false });
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    expect(Object.keys(rest)).toHaveLength(7);
  });

  it('are read as people write them', () => {
    const given = {
      models: 'gpt-4*, hub/echo\ngemini-*',
      requestsPerMinute: ' 30 ',
      monthlyLimitMicro: '4.35',
      cacheAnswers: 'on',
    };
    const settings = keyFields.parse({ ...NOTHING, ...given, lifetime: 'keep' });
    expect(settings).toMatchObject({
      ...{ models: ['gpt-4*', 'hub/echo', 'gemini-*'], requestsPerMinute: 30, monthlyLimitMicro: 4_350_000 },
      cacheAnswers: true,
    });
    expect(settings).not.toHaveProperty('expiresAt');
  });

  it.each([
    { monthlyLimitMicro: '0' },
    { monthlyLimitMicro: '-1' },
    { monthlyLimitMicro: '1.0000001' },
    { monthlyLimitMicro: '1e9' },
    { requestsPerMinute: '0' },
    { requestsPerMinute: '1.5' },
    { tokensPerMinute: '2147483648' },
    { models: 'gpt*mini' },
    { models: 'a, a' },
    { lifetime: 'days7' },
  ])('refuse %o', (wrong) => {
    expect(keyFields.safeParse({ ...NOTHING, ...wrong }).success).toBe(false);
  });
});

it('offers the permissions that somebody has, and all where it cannot know', () => {
  expect(permissionsFor(['guest'])).toEqual(['services:use']);
  expect(permissionsFor(['user'])).not.toContain('roles:manage');
  expect(permissionsFor(['user', 'auditor'])).toContain('roles:manage');
});
