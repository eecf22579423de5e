import type { ImageRequest } from '@smart-ai-hub/shared/contracts';
import { countTokens } from '../metering/tokens.ts';
import { geminiToImages, imageToGemini } from '../translation/gemini/images.ts';
import { translationOf } from '../translation/translation.ts';
import type { CallContext } from './asked.ts';
import { serveCall } from './serve-call.ts';

/** Images from words, https://platform.openai.com/docs/api-reference/images/create. */
export async function createImage(ctx: CallContext, request: ImageRequest): Promise<void> {
  await serveCall(ctx, {
    service: 'image',
    format: 'openai',
    model: request.model,
    request,
    isStream: request.stream === true,
    choices: 0,
    images: request.n ?? 1,
    maxOutputTokens: undefined,
    countPrompt: () => countTokens(request.prompt),
    bodyFor: ({ upstreamId, provider }) =>
      provider.format === 'gemini' ? imageToGemini(request, upstreamId) : { ...request, model: upstreamId },
    translationOf: (provider, facts) => {
      const translation = translationOf('openai', provider, facts);
      return translation && { ...translation, whole: geminiToImages };
    },
    headers: {},
    showUsage: true,
  });
}
