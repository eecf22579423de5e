import { z } from 'zod';
import { usageOf } from '../completions/measure.ts';
import { completionId, freshId } from './completion-shape.ts';

export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal';

/** Anthropic counts what came from its cache beside the other input, OpenAI within it. */
export interface MessageUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}

/** A message's id, from that of the completion. */
export const messageId = (completion: object) => `msg_${completionId(completion)}`;

/** The id of a tool call that its vendor gave none. */
export const toolUseId = () => `toolu_${freshId()}`;

const FINISHES: Record<string, StopReason> = {
  length: 'max_tokens',
  content_filter: 'refusal',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
};

/**
 * Why a message ended (https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons). A vendor that was
 * told which tool to call says `stop` (https://platform.openai.com/docs/guides/function-calling), and so do some always.
 */
export function stopReason(
  finish: string | undefined,
  how: { called: boolean; refused: boolean },
): StopReason {
  const said = finish !== undefined && Object.hasOwn(FINISHES, finish) ? FINISHES[finish] : undefined;
  if (said) return said;
  if (how.refused) return 'refusal';
  return how.called ? 'tool_use' : 'end_turn';
}

const cachedUsage = z.object({
  usage: z.object({ prompt_tokens_details: z.object({ cached_tokens: z.int().min(0) }) }),
});

/** The usage that a completion or a chunk reports, where it makes sense. */
export function messageUsage(answer: object): MessageUsage | undefined {
  const usage = usageOf(answer);
  if (!usage) return undefined;
  const reported = cachedUsage.safeParse(answer).data?.usage.prompt_tokens_details.cached_tokens ?? 0;
  const cached = Math.min(reported, usage.promptTokens);
  return {
    input_tokens: usage.promptTokens - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage.completionTokens,
  };
}

/** Where no usage was reported. */
export const noUsage = (inputTokens: number): MessageUsage => ({
  input_tokens: inputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
});
