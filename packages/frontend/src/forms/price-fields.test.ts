import { pricesContract } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { priceFields } from './price-fields.ts';

const TYPED = {
  model: ' gpt-4* ',
  per: 'thousand',
  input: '10',
  output: '0.000001',
  unit: '',
  effectiveAt: '',
};

describe('a price', () => {
  it('for 1,000 tokens is kept for a million, exactly', () => {
    const price = priceFields.parse(TYPED);
    expect(price).toEqual({
      model: 'gpt-4*',
      inputMicroPerMillion: 10_000_000_000,
      outputMicroPerMillion: 1000,
      unitMicro: 0,
    });
    expect(pricesContract.setPrice.body.parse(price)).toEqual(price);
  });

  it('for a million tokens is kept as typed', () => {
    const { inputMicroPerMillion, outputMicroPerMillion } = priceFields.parse({ ...TYPED, per: 'million' });
    expect([inputMicroPerMillion, outputMicroPerMillion]).toEqual([10_000_000, 1]);
  });

  it('can be free, for an image, and from a date on', () => {
    const typed = { ...TYPED, input: '', output: '', unit: '0', effectiveAt: '2101-02-03T04:05' };
    expect(priceFields.parse(typed)).toMatchObject({
      unitMicro: 0,
      effectiveAt: new Date('2101-02-03T04:05').toISOString(),
    });
  });

  it.each([
    [{ input: '', output: '', unit: '' }, 'input', 'too_small'],
    [{ model: '' }, 'model', 'too_small'],
    [{ model: 'a b' }, 'model', 'invalid_format'],
    [{ input: '-1' }, 'input', 'invalid_format'],
    [{ input: '1000.000001' }, 'input', 'custom'],
    [{ output: '999999999' }, 'output', 'custom'],
    [{ per: 'million', unit: '1000000.000001' }, 'unit', 'custom'],
  ])('is refused with %o', (wrong, name, code) => {
    expect(priceFields.safeParse({ ...TYPED, ...wrong }).error?.issues).toMatchObject([
      { path: [name], code },
    ]);
  });
});
