import { describe, expect, test } from 'vitest';
import { keysContract } from './keys.ts';

const accepts = (body: object) => keysContract.createKey.body.safeParse(body).success;

describe('a new key', () => {
  test('has a name, trimmed, and is as wide as its person where nothing else is given', () => {
    const { name, cacheAnswers, ...rest } = keysContract.createKey.body.parse({ name: ' laptop ' });
    expect(name).toBe('laptop');
    expect(cacheAnswers, 'answers are new unless somebody asks for kept ones').toBe(false);
    expect(Object.keys(rest)).toHaveLength(7);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  test.each(['laptop', 'ผู้ใช้ 1', 'a'.repeat(80), '👩‍💻'])('may be called %j', (name) => {
    expect(accepts({ name })).toBe(true);
  });

  test.each(['', '  ', 'a'.repeat(81), 'two\nlines', 'zero\u0000byte', 'tab\there', 1, null])(
    'may not be called %j',
    (name) => {
      expect(accepts({ name })).toBe(false);
    },
  );

  test.each([null, '2027-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2027-01-01T00:00:00+07:00'])(
    'may end at %j',
    (expiresAt) => {
      expect(accepts({ name: 'a', expiresAt })).toBe(true);
    },
  );

  test.each([
    '',
    'tomorrow',
    '2027-01-01',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00Z',
    '2027-02-30T00:00:00Z',
    0,
  ])('may not end at %j', (expiresAt) => {
    expect(accepts({ name: 'a', expiresAt })).toBe(false);
  });
});

describe('a change of a key', () => {
  const { body } = keysContract.updateKey;

  test('is what is named, and nothing is filled in', () => {
    expect(body.parse({ name: 'new' })).toEqual({ name: 'new' });
    expect(body.parse({ expiresAt: null })).toEqual({ expiresAt: null });
  });

  test.each([{}, { prefix: 'sk-hub-other' }, { rotatedTo: null }, { name: null }])('is not %o', (change) => {
    expect(body.safeParse(change).success).toBe(false);
  });
});

test.each([-1, 604_801, 0.5, null, '60'])('an overlap of %j is refused', (overlapSeconds) => {
  expect(keysContract.rotateKey.body.safeParse({ overlapSeconds }).success).toBe(false);
});
