import { z } from 'zod';
import { id, matchesPattern, microNonNegative, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** A dated price. `model` is an id, or a prefix that ends in `*`; the longest match in force wins. */
export const price = z.object({
  id,
  model: z.string(),
  inputMicroPerMillion: microNonNegative,
  outputMicroPerMillion: microNonNegative,
  effectiveAt: timestamp,
});
export type Price = z.output<typeof price>;

export const pricesContract = defineContract({
  listPrices: {
    method: 'GET',
    path: '/api/v1/prices',
    summary: 'Prices in force, in micro-credits per million tokens',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ items: z.array(price) }) },
    problems: [],
  },
});

/** The price of a model: an exact id before any prefix, a longer prefix before a shorter one. */
export function priceOf(prices: readonly Price[], model: string): Price | undefined {
  let best: Price | undefined;
  for (const candidate of prices) {
    if (candidate.model === model) return candidate;
    if (matchesPattern(candidate.model, model) && candidate.model.length > (best?.model.length ?? 0))
      best = candidate;
  }
  return best;
}
