import { DomainError } from '@smart-ai-hub/shared/contracts';
import { failureOf } from './provider-failure.ts';
import type { ProviderAnswer } from './provider.ts';

/** The body as text; one over `limit` bytes is cut off and refused. */
export async function readText(answer: ProviderAnswer, limit: number, provider: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) break;
    }
  } catch (error) {
    throw failureOf(error, provider);
  }
  if (size <= limit) return Buffer.concat(chunks).toString('utf8');
  answer.cancel();
  throw new DomainError('provider-failed', { detail: `the answer of ${provider} is too large` });
}
