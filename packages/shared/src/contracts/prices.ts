import { z } from 'zod';
import { id, matchesPattern, microNonNegative, page, pageQuery, storableTime, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/**
 * A dated price. `model` is an id, or a prefix that ends in `*`; the longest match in force wins. Tools are named
 * `tool:` and their name.
 */
export const price = z.object({
  id,
  model: z.string(),
  inputMicroPerMillion: microNonNegative,
  outputMicroPerMillion: microNonNegative,
  /** Micro-credits for an image, or for a call of a tool. */
  unitMicro: microNonNegative,
  effectiveAt: timestamp,
});
export type Price = z.output<typeof price>;

/** A price as administrators see it. */
const datedPrice = price.extend({
  /** In force now; what came before is history, what comes later can be taken back. */
  state: z.enum(['past', 'in-force', 'to-come']),
  /** Nobody for the start values. */
  createdBy: id.nullable(),
  createdAt: timestamp,
});
export type DatedPrice = z.output<typeof datedPrice>;

/** A million credits for a million tokens, or for a piece: far above any price, and exact in every sum. */
const MAX_PRICE_MICRO = 1e12;
const amount = z.int().min(0).max(MAX_PRICE_MICRO);

/** An id, or a prefix that ends in `*`. */
const pattern = z.string().regex(/^(?:[\w./:@+-]{1,199}\*?|\*)$/, 'is no id, and no prefix that ends in *');

/** What an administrator gives to set a price. */
export const newPrice = z.strictObject({
  model: pattern,
  inputMicroPerMillion: amount.default(0),
  outputMicroPerMillion: amount.default(0),
  unitMicro: amount.default(0),
  /** At once where it is left out; never in the past, where calls have been paid already. */
  effectiveAt: storableTime.optional(),
});
export type NewPrice = z.output<typeof newPrice>;

/** Lines of one file. */
export const PRICE_IMPORT_LIMIT = 5_000;

const importLine = z.object({
  /** Of the file, the heading being 1. */
  line: z.int(),
  model: z.string(),
  outcome: z.enum(['set', 'malformed', 'same-date', 'in-the-past']),
  detail: z.string().nullable(),
});
export type PriceImportLine = z.output<typeof importLine>;

export const pricesContract = defineContract({
  listPrices: {
    method: 'GET',
    path: '/api/v1/prices',
    summary: 'Prices in force, in micro-credits per million tokens, and for each image or call of a tool',
    access: 'signed-in',
    success: { status: 200, schema: z.object({ items: z.array(price) }) },
    problems: [],
  },
  listPriceHistory: {
    method: 'GET',
    path: '/api/v1/prices/history',
    summary: 'Every price that was, is, or will be in force, the latest date first',
    access: 'services:read',
    query: pageQuery.extend({ model: pattern.optional() }),
    success: { status: 200, schema: page(datedPrice) },
    problems: [],
  },
  setPrice: {
    method: 'POST',
    path: '/api/v1/prices',
    summary: 'Set a price from a date on; calls before it keep the price they were made at',
    access: 'services:configure',
    stepUp: true,
    body: newPrice,
    success: { status: 201, schema: datedPrice },
    problems: ['price-dated', 'price-in-force'],
  },
  withdrawPrice: {
    method: 'DELETE',
    path: '/api/v1/prices/:priceId',
    summary: 'Take back a price that is not in force yet',
    access: 'services:configure',
    stepUp: true,
    params: z.strictObject({ priceId: id }),
    success: { status: 204, schema: z.void() },
    problems: ['not-found', 'price-in-force'],
  },
  exportPrices: {
    method: 'GET',
    path: '/api/v1/prices/export',
    summary: 'Prices in force and to come as CSV, as an import takes it',
    access: 'services:read',
    success: { status: 200, schema: z.string(), type: 'text/csv' },
    problems: [],
  },
  importPrices: {
    method: 'POST',
    path: '/api/v1/prices/import',
    summary: 'Set many prices by CSV: every line or none, or a dry run',
    access: 'services:configure',
    stepUp: true,
    body: z.strictObject({ csv: z.string().max(1_000_000), dryRun: z.boolean().default(true) }),
    success: { status: 200, schema: z.object({ applied: z.boolean(), lines: z.array(importLine) }) },
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
