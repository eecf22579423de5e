import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** What a vendor sent as text; '' where it sent something else in its place. */
const text = z.string().catch('');
const name = z.string().min(1);

const contentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text }),
  z.object({ type: z.literal('thinking'), thinking: text }),
  z.object({ type: z.literal('tool_use'), id: name, name, input: z.unknown().optional() }),
]);
export type ContentBlock = z.output<typeof contentBlock>;

/** A content block that a chat has a place for; undefined for all others, and for garbage. */
export const blockOf = (block: unknown): ContentBlock | undefined => contentBlock.safeParse(block).data;

/** The input of a tool as the text that a chat has in its place. */
export function argumentsOf(input: unknown): string {
  try {
    return JSON.stringify(input ?? {});
  } catch (cause) {
    throw new DomainError('provider-failed', { detail: 'the provider nested arguments too deeply', cause });
  }
}

/** Nothing where a vendor sent no count, or none that makes sense. */
const count = z.int().min(0).nullish().catch(undefined);

const usageShape = z.object({
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).nullish().catch(undefined),
});
export type Counts = Partial<z.output<typeof usageShape>>;

/** The counts of a message, as far as they are known: those of a stream come in parts, the later over the earlier. */
export function withCounts(known: Counts, reported: unknown): Counts {
  const { data = {} } = usageShape.safeParse(reported);
  const given = Object.entries(data).filter(([, value]) => value != null);
  return { ...known, ...Object.fromEntries(given) };
}

/**
 * Usage as https://platform.openai.com/docs/api-reference/chat/object has it, where a message reports it. Anthropic
 * counts what went to and came from its cache beside the other input, OpenAI within it.
 */
export function completionUsage(counts: Counts): object | undefined {
  const { input_tokens: input, output_tokens: output, output_tokens_details: details } = counts;
  if (input == null || output == null) return undefined;
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = counts;
  const prompt = input + (read ?? 0) + (written ?? 0);
  const thought = details?.thinking_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: read ?? 0, cache_write_tokens: written ?? 0 },
    ...(thought != null && { completion_tokens_details: { reasoning_tokens: thought } }),
  };
}

const FINISHES: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  pause_turn: 'length', // there is more to be said: `stop` would call it whole
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Why a message ended, https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons. */
export const finishReason = (stop: string): string =>
  (Object.hasOwn(FINISHES, stop) ? FINISHES[stop] : undefined) ?? 'stop';

const stopShape = z.object({
  stop_reason: text,
  stop_details: z.object({ explanation: text }).nullish().catch(undefined),
});

export interface Ending {
  /** '' where the message has not ended. */
  stop: string;
  /** Why the model refused, in the vendor's words; '' where it did not, or did not say. */
  refusal: string;
}

/** How a message ended, or the part of a stream that says so. */
export function endingOf(part: unknown): Ending {
  const { stop_reason: stop, stop_details: details } = stopShape.safeParse(part).data ?? { stop_reason: '' };
  return { stop, refusal: stop === 'refusal' ? (details?.explanation ?? '') : '' };
}
