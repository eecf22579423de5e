import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** What a vendor sent as text; '' where it sent something else in its place. */
const text = z.string().catch('');
/** A count of nothing is left out. */
const count = z.int().min(0).catch(0);

const part = z
  .object({
    text,
    thought: z.boolean().catch(false),
    thoughtSignature: text,
    functionCall: z
      .object({ id: text, name: z.string().min(1), args: z.unknown().optional() })
      .optional()
      .catch(undefined),
  })
  .catch({ text: '', thought: false, thoughtSignature: '', functionCall: undefined });

const candidate = z.object({
  content: z.object({ parts: z.array(part).catch([]) }).catch({ parts: [] }),
  finishReason: text,
});

const usage = z.object({
  promptTokenCount: z.int().min(0),
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
});

const answer = z.object({
  candidates: z.array(candidate).catch([]),
  promptFeedback: z
    .object({ blockReason: text, blockReasonMessage: text })
    .catch({ blockReason: '', blockReasonMessage: '' }),
  usageMetadata: usage.optional().catch(undefined),
  responseId: text,
  modelVersion: text,
});

export type Counts = z.output<typeof usage>;

/** A call of a function, as it was said: whole, and at once. */
export interface Call {
  id: string;
  name: string;
  args: unknown;
  signature: string;
}

export type Piece = { type: 'text' | 'thinking'; text: string } | { type: 'call'; call: Call };

export interface Ending {
  /** Why the answer ended; '' where it has not. */
  stop: string;
  /** Why the prompt was not answered at all, in the vendor's words; '' where it was. */
  refusal: string;
}

/** An answer, or a part of one in a stream. */
export interface GeminiAnswer extends Ending {
  id: string;
  model: string;
  pieces: Piece[];
  counts: Counts | undefined;
}

/**
 * An answer of https://ai.google.dev/api/generate-content#generatecontentresponse, as far as it is one, whatever else
 * its vendor put there; the first candidate of it, since more than one is never asked for.
 */
export function readAnswer(given: object | undefined): GeminiAnswer {
  const {
    candidates,
    promptFeedback,
    usageMetadata: counts,
    responseId: id,
    modelVersion: model,
  } = answer.parse({ ...given });
  const { blockReason, blockReasonMessage } = promptFeedback;
  const [first] = candidates;
  return {
    ...{ id, model, counts },
    pieces: first?.content.parts.flatMap(pieceOf) ?? [],
    stop: blockReason || (first?.finishReason ?? ''),
    refusal: blockReason && (blockReasonMessage || `the prompt was blocked: ${blockReason}`),
  };
}

/** Pictures, and what Google's own tools did, have no place in a chat. */
function pieceOf({ text: words, thought, thoughtSignature, functionCall }: z.output<typeof part>): Piece[] {
  if (functionCall) {
    const { id, name, args } = functionCall;
    return [{ type: 'call', call: { id, name, args, signature: thoughtSignature } }];
  }
  return words === '' ? [] : [{ type: thought ? 'thinking' : 'text', text: words }];
}

/** Usage as https://platform.openai.com/docs/api-reference/chat/object has it; thinking is output there. */
export function completionUsage(counts: Counts | undefined): object | undefined {
  if (!counts) return undefined;
  const { promptTokens, completionTokens } = tokensOf(counts);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: counts.cachedContentTokenCount },
    completion_tokens_details: { reasoning_tokens: counts.thoughtsTokenCount },
  };
}

/** What was sent holds what came from the cache; what was thought comes on top of what was said. */
export const tokensOf = ({ promptTokenCount, candidatesTokenCount, thoughtsTokenCount }: Counts) => ({
  promptTokens: promptTokenCount,
  completionTokens: candidatesTokenCount + thoughtsTokenCount,
});

/** What Google held back, for whatever reason. */
const WITHHELD =
  /^(?:(?:IMAGE_)?(?:SAFETY|RECITATION|PROHIBITED_CONTENT|OTHER)|LANGUAGE|BLOCKLIST|SPII|JAILBREAK)$/;
const BROKEN =
  /^(?:MALFORMED_FUNCTION_CALL|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS|MISSING_THOUGHT_SIGNATURE|MALFORMED_RESPONSE)$/;

/**
 * Why an answer ended, https://ai.google.dev/api/generate-content#FinishReason, in OpenAI's words. Throws
 * `provider-failed` where the model said something that nobody can use: it is worth another try.
 */
export function finishReason({ stop, refusal }: Ending, called: boolean): string {
  if (BROKEN.test(stop))
    throw new DomainError('provider-failed', { detail: `the provider gave up its answer: ${stop}` });
  if (refusal !== '' || WITHHELD.test(stop)) return 'content_filter';
  if (stop === 'MAX_TOKENS') return 'length';
  return called ? 'tool_calls' : 'stop';
}
