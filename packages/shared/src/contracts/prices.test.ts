import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Price, priceOf } from './prices.ts';

const priced = (...models: string[]): Price[] =>
  models.map((model, i) => ({
    id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    model,
    inputMicroPerMillion: i,
    outputMicroPerMillion: i,
    unitMicro: 0,
    effectiveAt: '2026-01-01T00:00:00Z',
  }));

describe('priceOf', () => {
  test.each([
    ['gpt-4o', ['gpt-4*', 'gpt-4o', 'gpt-4o*'], 'gpt-4o'],
    ['gpt-4o-mini-2024', ['gpt-4*', 'gpt-4o-mini*', 'gpt-4o*'], 'gpt-4o-mini*'],
    ['gpt-4o-mini-2024', ['gpt-4o-mini', 'gpt-4*'], 'gpt-4*'],
    ['anything', ['*', 'gpt-4*'], '*'],
    ['gpt-4', ['gpt-4*'], 'gpt-4*'],
    ['GPT-4', ['gpt-4*'], undefined],
    ['gpt', ['gpt-4*', 'gp'], undefined],
    ['a+b', ['a.b', 'a+*'], 'a+*'],
    ['gpt-4', [], undefined],
  ])('%s among %j costs as %s', (model, patterns, expected) => {
    expect(priceOf(priced(...patterns), model)?.model).toBe(expected);
  });

  test('is the longest match, whatever the order of the list', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 5 });
    const pattern = fc.tuple(word, fc.boolean()).map(([text, isPrefix]) => (isPrefix ? `${text}*` : text));
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), word, (patterns, model) => {
        const exact = patterns.find((one) => one === model);
        const prefixes = Array.from(
          { length: model.length + 1 },
          (_, cut) => `${model.slice(0, model.length - cut)}*`,
        );
        const expected = exact ?? prefixes.find((prefix) => patterns.includes(prefix));
        expect(priceOf(priced(...patterns), model)?.model).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
