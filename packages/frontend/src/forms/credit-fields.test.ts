import { describe, expect, it } from 'vitest';
import { adjustFields, ledgerFilterFields } from './credit-fields.ts';

const amountOf = (typed: string) =>
  adjustFields.safeParse({ amountMicro: typed, note: 'said why' }).data?.amountMicro;

describe('an adjustment', () => {
  it.each([
    ['5', 5_000_000],
    ['+0.000001', 1],
    [' -2.5 ', -2_500_000],
    ['−4.35', -4_350_000],
    ['999999999.999999', 999_999_999_999_999],
  ])('of %s is exact', (typed, micro) => {
    expect(amountOf(typed)).toBe(micro);
  });

  it.each(['', '-', '+', '0', '-0', '0.0000001', '1e3', '--1', '+-1', '1,5', '1234567890'])(
    'is not %j',
    (typed) => {
      expect(amountOf(typed)).toBeUndefined();
    },
  );

  it('needs a note', () => {
    expect(adjustFields.safeParse({ amountMicro: '1', note: ' x ' }).success).toBe(false);
  });
});

describe('a filter of the ledger', () => {
  it('left empty narrows nothing', () => {
    expect(ledgerFilterFields.parse({ reason: '', from: '', to: '' })).toEqual({});
  });

  it('has the last day in it', () => {
    const { from, to } = ledgerFilterFields.parse({ reason: 'usage', from: '2026-02-28', to: '2026-02-28' });
    expect(from).toBe(new Date('2026-02-28T00:00').toISOString());
    expect(to).toBe(new Date('2026-03-01T00:00').toISOString());
  });
});
