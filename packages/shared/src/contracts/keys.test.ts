import { describe, expect, test } from 'vitest';
import { keysContract } from './keys.ts';

const accepts = (body: object) => keysContract.createKey.body.safeParse(body).success;

describe('a new key', () => {
  test('has a name, trimmed, and no end where none is given', () => {
    expect(keysContract.createKey.body.parse({ name: ' laptop ' })).toEqual({
      name: 'laptop',
      expiresAt: null,
    });
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
