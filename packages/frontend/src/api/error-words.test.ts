import { DomainError, PROBLEM_CODES, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { createI18n } from '../i18n/i18n.ts';
import { errorWords } from './error-words.ts';
import { HubError, HubUnreachable } from './hub-error.ts';

const english = createI18n('en').t;
const thai = createI18n('th').t;

describe('errorWords', () => {
  it.each(PROBLEM_CODES)('has words for %s in both languages', (code) => {
    const error = new HubError(code, {});
    const words = [errorWords(error, english, 'en').message, errorWords(error, thai, 'th').message];
    expect(words[0]).toMatch(/^[A-Z].*\.$/);
    expect(words[1]).toMatch(/[\u0E00-\u0E7F]/);
  });

  it('knows no code that the registry does not', () => {
    expect(Object.keys(en.problems.codes).sort()).toEqual(Object.keys(PROBLEMS).sort());
  });

  it('says when to try again, in the language of the person', () => {
    const error = new HubError('rate-limited', { retryAfter: 5 });
    expect(errorWords(error, english, 'en').hint).toBe('Try again in 5 seconds.');
    expect(errorWords(error, thai, 'th').hint).toContain('5 วินาที');
  });

  it('keeps the request id', () => {
    const error = new HubError('internal-error', {}, 'request-1');
    expect(errorWords(error, english, 'en').requestId).toBe('request-1');
    expect(errorWords(new HubUnreachable('reset', 'request-2'), english, 'en').requestId).toBe('request-2');
  });

  it('adds what the hub said where that helps, and only there', () => {
    const details = { detail: 'the model is being loaded' };
    expect(errorWords(new HubError('provider-failed', details), english, 'en').detail).toBe(details.detail);
    expect(errorWords(new HubError('invalid-credentials', details), english, 'en').detail).toBeUndefined();
  });

  it('has words for errors without a code', () => {
    expect(errorWords(new HubUnreachable('offline'), english, 'en').message).toContain('cannot be reached');
    expect(errorWords(new DomainError('forbidden'), english, 'en').message).toContain('may not');
    expect(errorWords(new RangeError('bug'), english, 'en').message).toContain('unexpected');
  });
});
