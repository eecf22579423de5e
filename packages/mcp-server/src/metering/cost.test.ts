import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRICE } from '../mcp.fixture.ts';
import { costMicro, coveredOutput } from './cost.ts';

const price = (input: number, output: number) => ({
  ...PRICE,
  inputMicroPerMillion: input,
  outputMicroPerMillion: output,
  unitMicro: 0,
});

test.each([
  [1_000_000, 2_000_000, 10, 5, 20],
  [1, 1, 1, 0, 1],
  [0, 0, 1_000_000, 1_000_000, 0],
  [10_000_000_000, 10_000_000_000, 1_000, 0, 10_000_000],
])('at %i in and %i out per million, %i and %i tokens cost %i', (input, output, prompt, completion, cost) => {
  expect(costMicro(price(input, output), prompt, completion)).toBe(cost);
});

test('images cost what each of them costs, beside the tokens', () => {
  expect(costMicro({ ...price(1_000_000, 2_000_000), unitMicro: 40_000_000_000 }, 10, 5, 3)).toBe(
    120_000_000_020,
  );
});

test('the cost is exact beyond what floating point holds, and rounded up once', () => {
  expect(costMicro(price(9_999_999_999, 9_999_999_999), 999_999, 777_777)).toBe(
    Number((9_999_999_999n * 1_777_776n + 999_999n) / 1_000_000n),
  );
});

test('an answer that stays within what the hold covers never costs more than the hold', () => {
  const amount = fc.integer({ min: 0, max: 20_000_000_000 });
  fc.assert(
    fc.property(amount, amount, fc.nat(100_000), fc.nat(1_000_000_000_000), (input, output, prompt, held) => {
      const covered = coveredOutput(price(input, output), prompt, held);
      if (covered > 0 && covered < Number.MAX_SAFE_INTEGER) {
        expect(costMicro(price(input, output), prompt, covered)).toBeLessThanOrEqual(held);
        expect(costMicro(price(input, output), prompt, covered + 2)).toBeGreaterThanOrEqual(held - 1);
      }
    }),
  );
});

test('what costs nothing out is not bounded by the balance', () => {
  expect(coveredOutput(price(5, 0), 10, 0)).toBe(Number.MAX_SAFE_INTEGER);
});
