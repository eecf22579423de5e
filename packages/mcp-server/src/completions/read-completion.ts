import { DomainError } from '@smart-ai-hub/shared/contracts';
import { failureOf } from '../providers/openai-compatible.ts';
import type { ProviderAnswer } from '../providers/provider.ts';
import { parseObject, textOf, type Usage, usageOf } from './measure.ts';

/** Bytes of an answer that is not a stream, at most. */
const MAX_ANSWER = 64 * 1024 * 1024;

export interface Completion {
  /** The answer as it came, to be passed on unchanged. */
  text: string;
  usage: Usage | undefined;
  /** What the model said, for counting where it reports no usage. */
  said: string;
}

/** Reads a whole answer; rejects with `provider-failed` for one that is not a completion. */
export async function readCompletion(answer: ProviderAnswer, provider: string): Promise<Completion> {
  const text = await readText(answer, MAX_ANSWER, provider);
  const completion = parseObject(text);
  if (!completion || !Array.isArray(Reflect.get(completion, 'choices'))) {
    throw new DomainError('provider-failed', {
      detail: `${provider} answered something that is not a completion`,
    });
  }
  return { text, usage: usageOf(completion), said: textOf(completion) };
}

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
