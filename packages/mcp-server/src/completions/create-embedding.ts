import type { EmbeddingRequest } from '@smart-ai-hub/shared/contracts';
import { countTokens } from '../metering/tokens.ts';
import { embeddingToGemini, geminiToEmbedding } from '../translation/gemini/embeddings.ts';
import { translationOf } from '../translation/translation.ts';
import type { Outlet } from './outlet.ts';
import type { Asked, CallContext } from './asked.ts';
import { serveCall } from './serve-call.ts';

/** Vectors of texts, https://platform.openai.com/docs/api-reference/embeddings/create. */
export async function createEmbedding(
  ctx: CallContext,
  request: EmbeddingRequest,
  outlet?: Outlet,
): Promise<void> {
  const asked: Asked = {
    service: 'embedding',
    format: 'openai',
    model: request.model,
    request,
    isStream: false,
    choices: 0,
    maxOutputTokens: 0,
    countPrompt: () => countInput(request.input),
    bodyFor: ({ upstreamId, provider }) =>
      provider.format === 'gemini'
        ? embeddingToGemini(request, upstreamId)
        : { ...request, model: upstreamId },
    translationOf: (provider, facts) => {
      const translation = translationOf('openai', provider, facts);
      const whole = (text: string) => geminiToEmbedding(text, facts, request['encoding_format']);
      return translation && { ...translation, whole };
    },
    headers: {},
    showUsage: true,
  };
  await serveCall(ctx, asked, outlet);
}

/** A text, or a list of them; each is also sent as the tokens that it already is. */
async function countInput(input: EmbeddingRequest['input']): Promise<number> {
  const items = typeof input === 'string' ? [input] : input;
  let tokens = 0;
  for (const item of items) {
    if (typeof item === 'string') tokens += await countTokens(item);
    else tokens += typeof item === 'number' ? 1 : item.length;
  }
  return tokens;
}
