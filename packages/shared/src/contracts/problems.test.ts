import { describe, expect, test } from 'vitest';
import { DomainError, isProblemCode, PROBLEM_CODES, PROBLEMS } from './problems.ts';

describe('the registry', () => {
  test('knows its own codes', () => {
    expect(PROBLEM_CODES).toEqual(Object.keys(PROBLEMS));
    expect(PROBLEM_CODES).toContain('rate-limited');
  });

  test.each([
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    '',
    'no-such',
    404,
    null,
    undefined,
    {},
    ['forbidden'],
  ])('does not know %j', (value) => {
    expect(isProblemCode(value)).toBe(false);
  });

  test('answers errors with statuses of errors', () => {
    for (const { status, title } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).not.toBe('');
    }
  });
});

describe('DomainError', () => {
  test('of an outage says when to come again, whoever throws it', () => {
    expect(new DomainError('service-unavailable').retryAfter).toBe(1);
    expect(new DomainError('service-unavailable', { retryAfter: 30 }).retryAfter).toBe(30);
    expect(new DomainError('internal-error').retryAfter).toBeUndefined();
  });

  test('speaks its detail, or else the title of its code', () => {
    expect(new DomainError('forbidden').message).toBe(PROBLEMS.forbidden.title);
    expect(new DomainError('forbidden', { detail: 'not yours' })).toMatchObject({
      message: 'not yours',
      detail: 'not yours',
    });
  });

  test('keeps its cause, and has none where none was given', () => {
    const cause = new Error('deep');
    expect(new DomainError('internal-error', { cause }).cause).toBe(cause);
    expect('cause' in new DomainError('internal-error')).toBe(false);
  });
});
