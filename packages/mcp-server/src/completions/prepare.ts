import { type ChatRequest, DomainError, type Price } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { countChat } from '../metering/tokens.ts';
import { mayUseModel } from '../providers/may-use-model.ts';
import type { ChatBody, Model } from '../providers/provider.ts';

/** A chat request understood: who answers it, at what price, and how large it may get. */
export interface Prepared {
  model: Model;
  price: Price;
  promptTokens: number;
  choices: number;
  /** Output tokens wished for, over all choices. */
  maxOutputTokens: number;
}

/**
 * Finds model and price and counts the prompt. A model without a price is not sold; one that is not open to the caller
 * is, for them, not there.
 */
export async function prepare(
  { catalogue, priceOf, actor }: McpDeps & ActorContext,
  request: ChatRequest,
): Promise<Prepared> {
  const found = catalogue.find(request.model);
  const model = found && mayUseModel(actor, found) ? found : undefined;
  const price = model && (await priceOf(model.id));
  if (!model || !price)
    throw new DomainError('model-not-found', { detail: `there is no model ${request.model}` });
  const choices = request.n ?? 1;
  const limit = request.max_completion_tokens ?? request.max_tokens ?? model.maxOutputTokens;
  return { model, price, choices, promptTokens: await countChat(request), maxOutputTokens: limit * choices };
}

/** What the provider is sent: the caller's own body, with the model's name there, capped, and its usage asked for. */
export function upstreamBody(request: ChatRequest, { model }: Prepared, maxOutputTokens: number): ChatBody {
  const { max_tokens: _old, max_completion_tokens: _new, stream_options: options, ...rest } = request;
  return {
    ...rest,
    model: model.upstreamId,
    [model.provider.outputLimitField]: maxOutputTokens,
    ...(request.stream && { stream_options: { ...options, include_usage: true } }),
  };
}
