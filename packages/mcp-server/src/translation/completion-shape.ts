import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { signatureOf } from './gemini/thought-signature.ts';

/** What a vendor sent as text; nothing where it sent something else in its place. */
const text = z.string().nullish().catch(undefined);
const calledFunction = z.object({ name: text, arguments: text }).nullish().catch(undefined);

const toolCall = z
  .object({
    index: z.int().optional().catch(undefined),
    id: text,
    function: calledFunction,
    extra_content: z.unknown().optional(),
  })
  .catch({});

const message = z.object({
  content: text,
  reasoning_content: text,
  reasoning: text,
  refusal: text,
  tool_calls: z.array(toolCall).nullish().catch(undefined),
  function_call: calledFunction,
});

const firstChoice = z.object({
  index: z.literal(0).nullish(),
  message: message.optional().catch(undefined),
  delta: message.optional().catch(undefined),
  finish_reason: text,
});

/** A call of a function, or a part of one; '' for what was not said. */
export interface ToolCall {
  index: number | undefined;
  id: string;
  name: string;
  args: string;
  /** What its vendor wants to see again with the call, sealed. */
  signature: string;
}

/** What a model said, or a part of it; '' for what it did not say. */
export interface Said {
  thinking: string;
  text: string;
  refusal: string;
  calls: ToolCall[];
}

export interface Choice {
  said: Said | undefined;
  finish: string | undefined;
}

/**
 * The first choice of a completion or of a chunk of one, whatever else its vendor put there
 * (https://platform.openai.com/docs/api-reference/chat/object and …/chat/streaming; `reasoning_content` is DeepSeek's
 * and vLLM's name for what OpenRouter and Ollama call `reasoning`). More than one is never asked for.
 */
export function choiceOf(part: object): Choice | undefined {
  const choices: unknown = Reflect.get(part, 'choices');
  if (!Array.isArray(choices)) return undefined;
  const list: unknown[] = choices;
  const first = list
    .map((choice) => firstChoice.safeParse(choice).data)
    .find((choice) => choice !== undefined);
  return first && { said: saidIn(first.delta ?? first.message), finish: first.finish_reason ?? undefined };
}

function saidIn(found: z.output<typeof message> | undefined): Said | undefined {
  if (!found) return undefined;
  const { content, refusal, reasoning, reasoning_content: thinking, function_call: old } = found;
  const calls = found.tool_calls ?? (old ? [{ index: 0, function: old }] : []);
  return {
    thinking: [thinking, reasoning].find(Boolean) ?? '',
    text: content ?? '',
    refusal: refusal ?? '',
    calls: calls.map(callOf),
  };
}

const callOf = ({ index, id, function: called, ...rest }: z.output<typeof toolCall>): ToolCall => ({
  index,
  id: id ?? '',
  name: called?.name ?? '',
  args: called?.arguments ?? '',
  signature: signatureOf(rest),
});

/** The vendor's id of a completion without its prefix, so that it can be found again there; a new one where it has none. */
export function completionId(completion: object): string {
  const id: unknown = Reflect.get(completion, 'id');
  const known = typeof id === 'string' && /^[\w-]{1,100}$/.test(id) ? id.replace(/^chatcmpl-/, '') : '';
  return known || freshId();
}

export const freshId = () => randomUUID().replaceAll('-', '');

export const notACompletion = (cause?: unknown) =>
  new DomainError('provider-failed', {
    detail: 'the provider answered something that is not a completion',
    cause,
  });
