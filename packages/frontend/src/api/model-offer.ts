import { priceOf, type Price } from '@smart-ai-hub/shared/contracts';
import type { Tokens } from './completion.ts';

/** A model that can be used, and what it costs. */
export interface ModelOffer {
  id: string;
  owner: string;
  price: Price | undefined;
}

export function offerOf(model: { id: string; owned_by: string }, prices: readonly Price[]): ModelOffer {
  return { id: model.id, owner: model.owned_by, price: priceOf(prices, model.id) };
}

const PER = 1_000_000n;

/** What a call will probably cost, rounded up. Whole numbers throughout, as in the ledger. */
export function estimateMicro(price: Price, { tokensIn, tokensOut }: Tokens): number {
  const input = BigInt(tokensIn) * BigInt(price.inputMicroPerMillion);
  const output = BigInt(tokensOut) * BigInt(price.outputMicroPerMillion);
  return Number((input + output + PER - 1n) / PER);
}

/** Offers whose name or owner contains the text, whatever its case. */
export function findOffers(offers: readonly ModelOffer[], text: string): ModelOffer[] {
  const wanted = text.trim().toLowerCase();
  return offers.filter(({ id, owner }) => `${id} ${owner}`.toLowerCase().includes(wanted));
}
