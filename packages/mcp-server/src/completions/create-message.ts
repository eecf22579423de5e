import type { MessagesRequest, TokenCountRequest } from '@smart-ai-hub/shared/contracts';
import { countMessages } from '../metering/count-messages.ts';
import { AUTO_MODEL } from '../providers/catalogue.ts';
import type { ChatBody, Offer } from '../providers/provider.ts';
import { fieldsOf } from '../translation/chat-fields.ts';
import { signatureIn } from '../translation/gemini/thought-signature.ts';
import { messagesToChat } from '../translation/messages-to-chat.ts';
import { translationOf } from '../translation/translation.ts';
import { chatBody } from './create-chat-completion.ts';
import { needsOfMessage } from './needs.ts';
import { openModel } from './open-model.ts';
import type { CallContext } from './asked.ts';
import { serveCall } from './serve-call.ts';

/** Headers by which a caller asks for what is not yet for everybody. */
const PASSED_ON = ['anthropic-beta', 'anthropic-version'];

/** A message in Anthropic's format, https://platform.claude.com/docs/en/api/messages. */
export async function createMessage(ctx: CallContext, request: MessagesRequest): Promise<void> {
  const given = ctx.http.request.headers;
  await serveCall(ctx, {
    service: 'chat',
    format: 'anthropic',
    model: request.model,
    request,
    isStream: request.stream === true,
    needs: needsOfMessage(request),
    choices: 1,
    maxOutputTokens: request.max_tokens,
    countPrompt: () => countMessages(request),
    bodyFor: (offer, limit) => bodyFor(request, offer, limit),
    translationOf: (provider, facts) => translationOf('anthropic', provider, facts),
    headers: Object.fromEntries(
      PASSED_ON.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])),
    ),
    showUsage: true,
  });
}

function bodyFor(request: MessagesRequest, offer: Offer, limit: number): ChatBody {
  const { format } = offer.provider;
  // Gemini alone reads what it has sealed, and has Anthropic's top_k
  if (format === 'gemini')
    return chatBody({ ...messagesToChat(request), top_k: request['top_k'] }, offer, limit);
  const own = { ...request, messages: request.messages.map(withoutForeignThoughts) };
  if (format === 'openai') return chatBody(messagesToChat(own), offer, limit);
  return { ...own, model: offer.upstreamId, max_tokens: limit };
}

/** A vendor refuses thinking that it has not signed: what a model of another family thought before is left out. */
function withoutForeignThoughts(message: MessagesRequest['messages'][number]) {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const isForeign = (block: unknown) => {
    const { type, signature } = fieldsOf(block);
    return (type === 'thinking' && signature === '') || signatureIn(block) !== '';
  };
  return { ...message, content: content.filter((block: unknown) => !isForeign(block)) };
}

/** Tokens that a message would send, as the hub counts them before it asks. */
export async function countMessageTokens(
  ctx: CallContext,
  request: TokenCountRequest,
): Promise<{ input_tokens: number }> {
  if (request.model !== AUTO_MODEL) await openModel(ctx, request.model);
  return { input_tokens: await countMessages(request) };
}
