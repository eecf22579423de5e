import type { ChatRequest } from '@smart-ai-hub/shared/contracts';
import { countChat } from '../metering/tokens.ts';
import type { ChatBody, Offer } from '../providers/provider.ts';
import { chatFor, translationOf } from '../translation/translation.ts';
import { needsOfChat } from './needs.ts';
import type { Outlet } from './outlet.ts';
import type { Asked, CallContext } from './asked.ts';
import { serveCall } from './serve-call.ts';

/** A chat in OpenAI's format, https://platform.openai.com/docs/api-reference/chat/create. */
export async function createChatCompletion(
  ctx: CallContext,
  request: ChatRequest,
  outlet?: Outlet,
): Promise<void> {
  const asked: Asked = {
    service: 'chat',
    format: 'openai',
    model: request.model,
    request,
    isStream: request.stream === true,
    needs: needsOfChat(request),
    choices: request.n ?? 1,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    countPrompt: () => countChat(request),
    bodyFor: (offer, limit) => chatBody(request, offer, limit),
    translationOf: (provider, facts) => translationOf('openai', provider, facts),
    headers: {},
    showUsage: request.stream_options?.include_usage === true,
  };
  await serveCall(ctx, asked, outlet);
}

/** A chat in the format of the provider, with the model's name there, capped, and its usage asked for. */
export function chatBody(
  request: Record<string, unknown> & Pick<ChatRequest, 'stream' | 'stream_options'>,
  { upstreamId, provider: { format, outputLimitField } }: Offer,
  maxOutputTokens: number,
): ChatBody {
  const { max_tokens: _old, max_completion_tokens: _new, stream_options: options, ...rest } = request;
  const limit = format === 'openai' ? outputLimitField : 'max_tokens';
  const ours = { model: upstreamId, [limit]: maxOutputTokens };
  if (request.stream) Object.assign(ours, { stream_options: { ...options, include_usage: true } });
  return chatFor[format](Object.assign(rest, ours));
}
