import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePrice } from '../testing/samples.ts';
import { estimateMicro, findOffers, offerOf } from './model-offer.ts';

describe('estimateMicro', () => {
  it.each([
    ['nothing', { tokensIn: 0, tokensOut: 0 }, 0],
    ['whole amounts', { tokensIn: 1000, tokensOut: 2000 }, 10_000_000 + 40_000_000],
  ])('prices %s', (_, tokens, expected) => {
    expect(estimateMicro(samplePrice('m', 10_000_000_000, 20_000_000_000), tokens)).toBe(expected);
  });

  it('rounds up once, over both directions', () => {
    expect(estimateMicro(samplePrice('m', 1, 1), { tokensIn: 1, tokensOut: 1 })).toBe(1);
    expect(estimateMicro(samplePrice('m', 500_000, 500_000), { tokensIn: 1, tokensOut: 1 })).toBe(1);
  });

  it('never tells less than the exact price, and never a micro-credit more', () => {
    const count = fc.nat(1_000_000);
    const rate = fc.nat(12_000_000_000);
    fc.assert(
      fc.property(rate, rate, count, count, (input, output, tokensIn, tokensOut) => {
        const estimate = BigInt(estimateMicro(samplePrice('m', input, output), { tokensIn, tokensOut }));
        const exact = BigInt(input) * BigInt(tokensIn) + BigInt(output) * BigInt(tokensOut);
        expect(estimate * 1_000_000n >= exact).toBe(true);
        expect((estimate - 1n) * 1_000_000n < exact || exact === 0n).toBe(true);
      }),
    );
  });
});

describe('offers', () => {
  const offers = [
    offerOf({ id: 'hub/echo', owned_by: 'hub' }, [samplePrice('hub/*', 1, 1)]),
    offerOf({ id: 'openai/gpt-4.1', owned_by: 'OpenAI' }, []),
  ];

  it('know their price where there is one', () => {
    expect(offers.map(({ price }) => price?.model)).toEqual(['hub/*', undefined]);
  });

  it.each([
    ['', 2],
    ['GPT', 1],
    [' openai ', 1],
    ['nothing like it', 0],
  ])('are found by %j', (search, count) => {
    expect(findOffers(offers, search)).toHaveLength(count);
  });
});
