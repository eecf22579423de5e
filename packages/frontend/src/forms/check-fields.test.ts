import { authContract, keysContract } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createI18n } from '../i18n/i18n.ts';
import { checkFields, mistakeWords } from './check-fields.ts';

const { t } = createI18n('en');

describe('checkFields', () => {
  it('passes what the contract takes, with its defaults', () => {
    const checked = checkFields(authContract.login.body, { email: ' Ada@Example.com ', password: 'x' });
    expect(checked).toEqual({
      ok: true,
      data: { email: 'ada@example.com', password: 'x', delivery: 'cookie' },
    });
  });

  it.each([
    [authContract.login.body, { email: 'nope', password: 'x' }, { email: { key: 'email' } }],
    [authContract.login.body, { email: 'a@example.com', password: '' }, { password: { key: 'required' } }],
    [
      authContract.register.body,
      { email: 'a@example.com', password: 'short' },
      { password: { key: 'tooShort', limit: 8 } },
    ],
    [keysContract.createKey.body, { name: 'x'.repeat(81) }, { name: { key: 'tooLong', limit: 80 } }],
    [keysContract.createKey.body, { name: 'x', expiresAt: 'soon' }, { expiresAt: { key: 'invalid' } }],
    [keysContract.createKey.body, { name: 'x', tokensPerMinute: 0 }, { tokensPerMinute: { key: 'invalid' } }],
    [keysContract.createKey.body, { name: 'x', models: [] }, { models: { key: 'invalid' } }],
    [z.string(), 7, { '': { key: 'invalid' } }],
  ])('names the mistake (%#)', (schema, values, mistakes) => {
    expect(checkFields<z.ZodType>(schema, values)).toEqual({ ok: false, mistakes });
  });
});

describe('mistakeWords', () => {
  it('fill in the limit', () => {
    expect(mistakeWords({ key: 'tooShort', limit: 8 }, t)).toBe('Use at least 8 characters.');
    expect(mistakeWords({ key: 'required' }, t)).toBe('Please fill this in.');
  });
});
