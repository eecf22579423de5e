import { tokenUsage } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { requestIdOf, type Exchange } from './exchange.ts';
import { HubError, HubUnreachable, hubErrorOf, isAbort } from './hub-error.ts';
import { readEvents } from './sse.ts';
import { jsonBody } from './transport.ts';

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface Tokens {
  tokensIn: number;
  tokensOut: number;
}

/** What arrives, in this order: the request id, pieces of text, and the tokens at the end. */
export type CompletionEvent =
  | { type: 'opened'; requestId: string | undefined }
  | { type: 'text'; text: string }
  | { type: 'tokens'; tokens: Tokens };

export interface CompletionRequest {
  model: string;
  messages: Message[];
  /** Nothing for the model's own. */
  temperature?: number | null;
  maxTokens?: number | null;
  signal: AbortSignal;
}

export type StreamCompletion = (request: CompletionRequest) => AsyncGenerator<CompletionEvent>;

const END = '[DONE]';

const chunk = z.looseObject({
  choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().nullish() }).nullish() })),
  usage: tokenUsage.nullish(),
});

/** Streams a chat answer; rejects with a HubError also when the stream breaks before its end. */
export function createStreamCompletion(exchange: Exchange): StreamCompletion {
  return async function* ({ model, messages, temperature = null, maxTokens = null, signal }) {
    const request = {
      ...{ model, messages, stream: true, stream_options: { include_usage: true } },
      ...(temperature !== null && { temperature }),
      ...(maxTokens !== null && { max_tokens: maxTokens }),
    };
    const init = { method: 'POST', signal, ...jsonBody(request) };
    const response = await exchange('/v1/chat/completions', init);
    const requestId = requestIdOf(response);
    yield { type: 'opened', requestId };
    try {
      yield* readCompletion(response, requestId);
    } catch (error) {
      throw isAbort(error) || error instanceof HubError ? error : new HubUnreachable(error, requestId);
    }
  };
}

async function* readCompletion(response: Response, requestId: string | undefined) {
  if (response.body) {
    for await (const data of readEvents(response.body)) {
      if (data === END) return;
      yield* eventsOf(parse(data), requestId);
    }
  }
  throw new HubError('service-failed', { detail: 'the stream ended early' }, requestId);
}

function* eventsOf(value: unknown, requestId: string | undefined): Generator<CompletionEvent> {
  const parsed = chunk.safeParse(value);
  if (!parsed.success) throw hubErrorOf(value, requestId);
  for (const { delta } of parsed.data.choices) {
    if (delta?.content) yield { type: 'text', text: delta.content };
  }
  const used = parsed.data.usage;
  if (used)
    yield { type: 'tokens', tokens: { tokensIn: used.prompt_tokens, tokensOut: used.completion_tokens } };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined; // refused by the schema, as whatever else is no chunk
  }
}
