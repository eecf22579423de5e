import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { changesOf, creditsText, keyFields, permissionsFor } from './key-fields.ts';

const NOTHING = {
  ...{ name: 'laptop', lifetime: 'never', permissions: null, models: '', tools: ' ' },
  ...{ monthlyLimitMicro: '', requestsPerMinute: '', tokensPerMinute: '' },
};
const KEY: ApiKey = {
  ...{ id: '11111111-1111-4111-8111-111111111111', name: 'laptop', prefix: 'sk-hub-aaaaa' },
  ...{ createdAt: '2026-01-01T00:00:00Z', expiresAt: null, lastUsedAt: null, rotatedTo: null },
  ...{ permissions: null, models: ['gpt-4*'], tools: null },
  ...{ monthlyLimitMicro: 5_000_000, requestsPerMinute: null, tokensPerMinute: null },
};

describe('the fields of a key', () => {
  it('left empty narrow nothing', () => {
    const { name, ...rest } = keyFields.parse(NOTHING);
    expect(name).toBe('laptop');
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    expect(Object.keys(rest)).toHaveLength(7);
  });

  it('are read as people write them', () => {
    const given = { models: 'gpt-4*, hub/echo\ngemini-*', requestsPerMinute: ' 30 ', lifetime: 'keep' };
    const settings = keyFields.parse({ ...NOTHING, ...given });
    expect(settings).toMatchObject({ models: ['gpt-4*', 'hub/echo', 'gemini-*'], requestsPerMinute: 30 });
    expect(settings).not.toHaveProperty('expiresAt');
  });

  it.each([
    ['1', 1_000_000],
    ['0.000001', 1],
    ['4.35', 4_350_000],
    ['999999999.999999', 999_999_999_999_999],
  ])('take %s credits exactly, and show them again', (text, micro) => {
    expect(keyFields.parse({ ...NOTHING, monthlyLimitMicro: text }).monthlyLimitMicro).toBe(micro);
    expect(creditsText(micro)).toBe(text);
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

it('sends of a changed key what has changed', () => {
  const same = { name: 'laptop', models: ['gpt-4*'], tools: null, monthlyLimitMicro: 5_000_000 };
  expect(changesOf(KEY, same)).toEqual({});
  expect(changesOf(KEY, { ...same, models: null, requestsPerMinute: 3, expiresAt: null })).toEqual({
    models: null,
    requestsPerMinute: 3,
  });
});

it('offers the permissions that somebody has, and all where it cannot know', () => {
  expect(permissionsFor(['guest'])).toEqual(['services:use']);
  expect(permissionsFor(['user'])).not.toContain('roles:manage');
  expect(permissionsFor(['user', 'auditor'])).toContain('roles:manage');
});
