import { z } from 'zod';
import { parseObject } from '../completions/measure.ts';
import { choiceOf, notACompletion, type Said, type ToolCall } from './completion-shape.ts';
import { sealedThought } from './gemini/thought-signature.ts';
import { messageId, messageUsage, noUsage, stopReason, toolUseId } from './message-frame.ts';

/**
 * A completion (https://platform.openai.com/docs/api-reference/chat/object) as the message that a caller of
 * https://platform.claude.com/docs/en/api/messages expects. Throws `provider-failed` for what is no completion.
 */
export function completionToMessage(text: string, model: string): string {
  const completion = parseObject(text);
  const choice = completion && choiceOf(completion);
  if (!completion || !choice?.said) throw notACompletion();
  const content = contentOf(choice.said);
  const called = content.some(({ type }) => type === 'tool_use');
  try {
    return JSON.stringify({
      id: messageId(completion),
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: stopReason(choice.finish, { called, refused: choice.said.refusal !== '' }),
      stop_sequence: null,
      usage: messageUsage(completion) ?? noUsage(0),
    });
  } catch (error) {
    throw notACompletion(error); // arguments nested deeper than can be written
  }
}

/** Thinking of another vendor has no signature; a refusal is told in the same place as what it refuses. */
function contentOf({ thinking, text, refusal, calls }: Said) {
  const told = text + refusal;
  return [
    ...(thinking ? [{ type: 'thinking', thinking, signature: '' }] : []),
    ...(told ? [{ type: 'text', text: told }] : []),
    ...calls.filter(({ name }) => name !== '').flatMap(callBlocks),
  ];
}

const callBlocks = (call: ToolCall) =>
  call.signature === '' ? [toolUse(call)] : [sealedThought(call.signature), toolUse(call)];

const toolUse = ({ id, name, args }: ToolCall) => ({
  type: 'tool_use',
  id: id || toolUseId(),
  name,
  input: inputOf(args),
});

/**
 * A tool's input is always an object; what a model did not finish, or got wrong, is told as the vendor tells it:
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming.
 */
function inputOf(args: string): object {
  if (args.trim() === '') return {};
  return parseObject(args) ?? { INVALID_JSON: args };
}

const ERROR_TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const chatError = z.object({ error: z.object({ message: z.string().min(1) }) });

/**
 * An error of https://platform.openai.com/docs/guides/error-codes in the shape and with the type that
 * https://platform.claude.com/docs/en/api/errors gives for its status. What is no such error has no words of its own:
 * they may be a proxy's page.
 */
export function chatErrorToMessage(text: string, status: number): string {
  const { data } = chatError.safeParse(parseObject(text));
  const message = data?.error.message ?? `the provider answered with status ${status}`;
  const type = ERROR_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return JSON.stringify({ type: 'error', error: { type, message } });
}
