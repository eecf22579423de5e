import type { Price } from '@smart-ai-hub/shared/contracts';

const MILLION = 1_000_000n;

/**
 * Micro-credits of a call, `units` being its images: exact, rounded up once for the whole call. BigInt, since tokens
 * times price leaves what a number holds exactly.
 */
export function costMicro(price: Price, promptTokens: number, completionTokens: number, units = 0): number {
  const exact =
    BigInt(promptTokens) * BigInt(price.inputMicroPerMillion) +
    BigInt(completionTokens) * BigInt(price.outputMicroPerMillion);
  return Number((exact + MILLION - 1n) / MILLION + BigInt(units) * BigInt(price.unitMicro));
}

/** How many output tokens `heldMicro` covers beside the prompt: the answer is capped there. */
export function coveredOutput(price: Price, promptTokens: number, heldMicro: number): number {
  if (price.outputMicroPerMillion === 0) return Number.MAX_SAFE_INTEGER;
  const left = BigInt(heldMicro) * MILLION - BigInt(promptTokens) * BigInt(price.inputMicroPerMillion);
  return left <= 0n ? 0 : Number(left / BigInt(price.outputMicroPerMillion));
}
