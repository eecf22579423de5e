import type { ResponsesRequest } from '@smart-ai-hub/shared/contracts';
import { countChat } from '../metering/tokens.ts';
import { responsesToChat } from '../translation/responses/responses-to-chat.ts';
import { translationOf } from '../translation/translation.ts';
import { chatBody } from './create-chat-completion.ts';
import { needsOfChat } from './needs.ts';
import type { CallContext } from './asked.ts';
import { serveCall } from './serve-call.ts';

/**
 * A response, https://platform.openai.com/docs/api-reference/responses/create, that nobody keeps: a chat for every
 * provider, OpenAI included.
 */
export async function createResponse(ctx: CallContext, request: ResponsesRequest): Promise<void> {
  const chat = responsesToChat(request);
  await serveCall(ctx, {
    service: 'chat',
    format: 'responses',
    model: request.model,
    request,
    isStream: request.stream === true,
    needs: needsOfChat(chat),
    choices: 1,
    maxOutputTokens: request.max_output_tokens ?? undefined,
    countPrompt: () => countChat(chat),
    bodyFor: (offer, limit) => chatBody(chat, offer, limit),
    translationOf: (provider, facts) => translationOf('responses', provider, facts),
    headers: {},
    showUsage: true,
  });
}
