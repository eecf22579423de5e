import { describe, expect, it } from 'vitest';
import { newPromoFields, promoBatchFields, promoChangeFields } from './promo-fields.ts';

const TERMS = { creditsMicro: '2.5', maxUses: '', expiresAt: '', description: ' for guests ' };
const ONE = { ...TERMS, code: '' };
const BATCH = { ...TERMS, maxUses: '1', count: '200', prefix: '' };

describe('a new code', () => {
  it('left empty is random, for everybody and for ever', () => {
    expect(newPromoFields.parse(ONE)).toEqual({
      ...{ code: undefined, creditsMicro: 2_500_000, maxUses: null, expiresAt: null },
      description: 'for guests',
    });
  });

  it.each([
    { creditsMicro: '' },
    { creditsMicro: '0' },
    { creditsMicro: '1000000.000001' },
    { maxUses: '0' },
    { maxUses: '1.5' },
    { code: 'ab' },
    { code: 'free money' },
    { expiresAt: '2020-01-01T00:00' },
    { expiresAt: undefined },
  ])('is refused with %o', (wrong) => {
    expect(newPromoFields.safeParse({ ...ONE, ...wrong }).success).toBe(false);
  });
});

describe('a batch', () => {
  it('is so many codes', () => {
    expect(promoBatchFields.parse(BATCH)).toMatchObject({ count: 200, prefix: '', maxUses: 1 });
  });

  it.each([{ count: '' }, { count: '0' }, { count: '10001' }, { prefix: '-1' }, { prefix: '=1+1' }])(
    'is refused with %o',
    (wrong) => {
      expect(promoBatchFields.safeParse({ ...BATCH, ...wrong }).success).toBe(false);
    },
  );
});

it('a code that is changed may have an end that is over', () => {
  const { expiresAt } = promoChangeFields.parse({ ...TERMS, expiresAt: '2020-01-01T00:00' });
  expect(expiresAt).toBe(new Date('2020-01-01T00:00').toISOString());
});
