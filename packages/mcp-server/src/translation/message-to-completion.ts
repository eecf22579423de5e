import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { parseObject } from '../completions/measure.ts';
import { completionHead } from './completion-frame.ts';
import {
  argumentsOf,
  blockOf,
  completionUsage,
  type ContentBlock,
  endingOf,
  finishReason,
  withCounts,
} from './message-shape.ts';

const messageShape = z.looseObject({ type: z.literal('message'), content: z.array(z.unknown()) });

/**
 * A message (https://platform.claude.com/docs/en/api/messages) as the completion that a caller of
 * https://platform.openai.com/docs/api-reference/chat/object expects; thinking stands where DeepSeek and vLLM have it.
 * Throws `provider-failed` for what is no message.
 */
export function messageToCompletion(text: string): string {
  const { data: message } = messageShape.safeParse(parseObject(text));
  if (!message)
    throw new DomainError('provider-failed', {
      detail: 'the provider answered something that is not a message',
    });
  const blocks = message.content.map(blockOf).filter((block) => block !== undefined);
  const { stop, refusal } = endingOf(message);
  const usage = completionUsage(withCounts({}, message['usage']));
  const said = { ...messageOf(blocks), refusal: refusal || null };
  return JSON.stringify({
    ...completionHead(message),
    object: 'chat.completion',
    choices: [{ index: 0, message: said, logprobs: null, finish_reason: finishReason(stop) }],
    ...(usage && { usage }),
  });
}

function messageOf(blocks: ContentBlock[]) {
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const thoughts = blocks.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])).join('');
  const calls = blocks.flatMap((block) => (block.type === 'tool_use' ? [toolCall(block)] : []));
  return {
    role: 'assistant',
    content: texts.join('') || null,
    ...(thoughts !== '' && { reasoning_content: thoughts }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

const toolCall = ({ id, name, input }: Extract<ContentBlock, { type: 'tool_use' }>) => ({
  id,
  type: 'function',
  function: { name, arguments: argumentsOf(input) },
});

const errorShape = z.object({ error: z.object({ type: z.string().catch(''), message: z.string() }) });

/** Those of https://platform.claude.com/docs/en/api/errors that are about the request itself. */
const ABOUT_THE_REQUEST = new Set(['invalid_request_error', 'not_found_error', 'request_too_large', '']);
const SAME_NAME = new Set(['authentication_error', 'permission_error', 'rate_limit_error']);

/**
 * An error (https://platform.claude.com/docs/en/api/errors) as
 * https://platform.openai.com/docs/guides/error-codes has it, with the vendor's own words and its own name as the code.
 */
export function messageErrorToChat(text: string): string {
  const { data } = errorShape.safeParse(parseObject(text));
  const { type, message } = data?.error ?? { type: '', message: 'the provider refused the request' };
  return JSON.stringify({ error: { message, type: errorType(type), param: null, code: type || null } });
}

function errorType(type: string): string {
  if (SAME_NAME.has(type)) return type;
  if (type === 'billing_error') return 'insufficient_quota';
  return ABOUT_THE_REQUEST.has(type) ? 'invalid_request_error' : 'server_error';
}
