import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { parseObject } from '../../completions/measure.ts';
import { completionHead } from '../completion-frame.ts';
import { argumentsOf } from '../message-shape.ts';
import {
  type Call,
  completionUsage,
  finishReason,
  type GeminiAnswer,
  type Piece,
  readAnswer,
} from './gemini-shape.ts';
import { signed } from './thought-signature.ts';

/**
 * An answer of https://ai.google.dev/api/generate-content as the completion that a caller of
 * https://platform.openai.com/docs/api-reference/chat/object expects; thinking stands where DeepSeek and vLLM have it.
 * Throws `provider-failed` for what is no answer.
 */
export function geminiToCompletion(text: string, model: string): string {
  const answer = readAnswer(parseObject(text));
  if (!answer.stop)
    throw new DomainError('provider-failed', {
      detail: 'the provider answered something that is not an answer',
    });
  const message = messageOf(answer);
  const usage = completionUsage(answer.counts);
  return JSON.stringify({
    ...headOf(answer, model),
    object: 'chat.completion',
    choices: [
      { index: 0, message, logprobs: null, finish_reason: finishReason(answer, 'tool_calls' in message) },
    ],
    ...(usage && { usage }),
  });
}

/** The model as the vendor names its version, else as the caller named it. */
export const headOf = ({ id, model }: GeminiAnswer, asked: string) =>
  completionHead({ id, model: model || asked });

function messageOf({ pieces, refusal }: GeminiAnswer) {
  const thought = textOf(pieces, 'thinking');
  const calls = pieces.flatMap((piece) => (piece.type === 'call' ? [toolCall(piece.call)] : []));
  return {
    role: 'assistant',
    content: textOf(pieces, 'text') || null,
    refusal: refusal || null,
    ...(thought !== '' && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

const textOf = (pieces: Piece[], type: 'text' | 'thinking') =>
  pieces.map((piece) => (piece.type === type ? piece.text : '')).join('');

/** A call as a chat has it; not every model gives it an id. */
export const toolCall = ({ id, name, args, signature }: Call) => ({
  id: id || `call_${randomUUID()}`,
  type: 'function',
  function: { name, arguments: argumentsOf(args) },
  ...signed(signature),
});
