import { DomainError, type EmbeddingRequest } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { parseObject } from '../../completions/measure.ts';
import type { ChatBody } from '../../providers/provider.ts';
import { invalid } from '../chat-fields.ts';
import type { CallFacts } from '../translation.ts';

/**
 * A request of https://platform.openai.com/docs/api-reference/embeddings/create as one of
 * https://ai.google.dev/api/embeddings#method:-models.batchembedcontents. Tokens of OpenAI's are none of Google's.
 */
export function embeddingToGemini({ input, dimensions }: EmbeddingRequest, model: string): ChatBody {
  const requests = (Array.isArray(input) ? input : [input]).map((text, index) => {
    if (typeof text !== 'string') throw invalid(`input.${index}`, 'must be text for this model');
    return {
      model: `models/${model}`,
      content: { parts: [{ text }] },
      ...(typeof dimensions === 'number' && { outputDimensionality: dimensions }),
    };
  });
  return { model, requests };
}

const answer = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z
    .object({ promptTokenCount: z.int().min(0) })
    .optional()
    .catch(undefined),
});

/** Vectors, and the tokens that they cost where the vendor tells; nothing for what is no such answer. */
export function readEmbeddings(given: unknown) {
  const { data } = answer.safeParse(given);
  return (
    data && {
      vectors: data.embeddings.map(({ values }) => values),
      tokens: data.usageMetadata?.promptTokenCount,
    }
  );
}

/** Vectors in the shape, and the encoding, that a caller of OpenAI's format asked for. */
export function geminiToEmbedding(
  text: string,
  { model, promptTokens }: CallFacts,
  encoding: unknown,
): string {
  const read = readEmbeddings(parseObject(text));
  if (!read)
    throw new DomainError('provider-failed', {
      detail: 'the provider answered something that is no embedding',
    });
  const { vectors, tokens = promptTokens } = read;
  const encode = encoding === 'base64' ? base64Of : (values: number[]) => values;
  return JSON.stringify({
    object: 'list',
    data: vectors.map((values, index) => ({ object: 'embedding', index, embedding: encode(values) })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

/** The bytes of 32-bit floats, the lowest first. */
const base64Of = (values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');
