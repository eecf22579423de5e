import { describe, expect, test } from 'vitest';
import { wishesOf } from './wishes.ts';

describe('an idempotency key', () => {
  test.each([
    'a',
    '!',
    '~',
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
    '"in quotes"'.replace(' ', '-'),
    'x'.repeat(255),
  ])('may be %s', (key) => {
    expect(wishesOf({ 'idempotency-key': key })).toMatchObject({ idempotencyKey: key });
  });

  test.each<[string, string | string[]]>([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a space', 'a b'],
    ['sent twice', 'a, b'],
    ['sent twice, as a list', ['a', 'b']],
    ['with a tab', 'a\tb'],
    ['in Thai', 'ก'],
    ['beyond ASCII', 'caf\u00e9'],
  ])('is not one that is %s', (_, key) => {
    expect(() => wishesOf({ 'idempotency-key': key })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});

test.each<[string | undefined, boolean, boolean]>([
  [undefined, false, false],
  ['', false, false],
  ['max-age=60', false, false],
  ['no-cache', true, false],
  ['no-store', true, true],
  ['No-Cache', true, false],
  ['max-age=0,no-store', true, true],
  ['max-age=0, no-cache, no-store', true, true],
  ['x-no-cache', false, false],
])('Cache-Control: %s', (header, noCache, noStore) => {
  expect(wishesOf({ 'cache-control': header })).toEqual({ noCache, noStore });
});
