import type { Price } from '@smart-ai-hub/shared/contracts';
import { estimateMicro } from '../api/model-offer.ts';
import { historyOf, type Turn } from './turn.ts';

/** Bytes of a token, as most tokenizers have it on average; only for an estimate. */
const BYTES_PER_TOKEN = 4;

const bytes = new TextEncoder();
const tokensOf = (text: string): number => Math.ceil(bytes.encode(text).length / BYTES_PER_TOKEN);

export interface PriceAhead {
  /** Micro-credits of what is sent: the question with everything before it. */
  inMicro: number;
  /** Micro-credits of an answer of so many tokens. */
  outMicro: number;
  outTokens: number;
}

/** Where no limit is set, the price of an answer is told for so many tokens. */
const USUAL_TOKENS = 1000;

/** What a question will probably cost, before it is sent. */
export function priceAhead(
  price: Price,
  turns: readonly Turn[],
  { question, system, maxTokens }: { question: string; system: string; maxTokens: number | null },
): PriceAhead {
  const before = historyOf(turns).map(({ content }) => content);
  const tokensIn = [system, ...before, question].reduce((sum, text) => sum + tokensOf(text), 0);
  const outTokens = maxTokens ?? USUAL_TOKENS;
  return {
    inMicro: estimateMicro(price, { tokensIn, tokensOut: 0 }),
    outMicro: estimateMicro(price, { tokensIn: 0, tokensOut: outTokens }),
    outTokens,
  };
}
