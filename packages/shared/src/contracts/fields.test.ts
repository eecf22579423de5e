import { describe, expect, test } from 'vitest';
import { email, micro, microNonNegative, pageQuery, timestamp } from './fields.ts';

describe('email', () => {
  test.each([
    ['Somchai@Example.COM', 'somchai@example.com'],
    ['  a.b+tag@sub.example.org\n', 'a.b+tag@sub.example.org'],
  ])('%j is kept as %j', (given, kept) => {
    expect(email.parse(given)).toBe(kept);
  });

  test.each(['', 'somchai', 'a@b', '@example.com', 'a b@example.com', 'a@example.com\nbcc:b@example.com'])(
    '%j is refused',
    (given) => {
      expect(email.safeParse(given).success).toBe(false);
    },
  );

  test('is refused beyond 254 characters', () => {
    const domain = `${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}.example.com`;
    const longest = `${'a'.repeat(254 - domain.length - 1)}@${domain}`;
    expect(email.safeParse(longest).success).toBe(true);
    expect(email.safeParse(`a${longest}`).success).toBe(false);
  });
});

describe('pageQuery', () => {
  test.each([
    [{}, { limit: 20 }],
    [{ limit: '1' }, { limit: 1 }],
    [
      { limit: '100', cursor: 'MTIz_-' },
      { limit: 100, cursor: 'MTIz_-' },
    ],
  ])('%j means %j', (given, parsed) => {
    expect(pageQuery.parse(given)).toEqual(parsed);
  });

  test.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '-1' },
    { limit: '1.5' },
    { limit: 'all' },
    { limit: '' },
    { limit: ['1', '2'] },
    { cursor: '' },
    { cursor: "1' OR 1=1" },
    { cursor: 'a'.repeat(129) },
    { offset: '3' },
  ])('%j is refused', (given) => {
    expect(pageQuery.safeParse(given).success).toBe(false);
  });
});

describe('amounts and times', () => {
  test.each([0.5, 2 ** 53, -(2 ** 53), Number.NaN, '1', Infinity])('%s is no amount', (value) => {
    expect(micro.safeParse(value).success).toBe(false);
  });

  test('only a signed amount may be below zero', () => {
    expect(micro.safeParse(-1).success).toBe(true);
    expect(microNonNegative.safeParse(-1).success).toBe(false);
  });

  test.each([
    ['2026-11-22T10:00:00Z', true],
    ['2026-11-22T17:00:00.123+07:00', true],
    ['2026-11-22', false],
    ['2026-13-01T00:00:00Z', false],
    ['yesterday', false],
  ])('%s is a timestamp: %s', (value, valid) => {
    expect(timestamp.safeParse(value).success).toBe(valid);
  });
});
