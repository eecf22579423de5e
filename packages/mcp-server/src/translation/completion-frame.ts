import { randomUUID } from 'node:crypto';
import { z } from 'zod';

export interface CompletionHead {
  id: string;
  created: number;
  model: string;
}

const text = z.string().catch('');
const headShape = z.object({ id: text, model: text }).catch({ id: '', model: '' });

/** What every part of a chat says of itself; the id keeps the vendor's, so that a call can be found there again. */
export function completionHead(answer: unknown): CompletionHead {
  const { id, model } = headShape.parse(answer);
  return {
    id: `chatcmpl-${id.replace(/^msg_/, '') || randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
  };
}

/** A chunk of the first choice: https://platform.openai.com/docs/api-reference/chat/streaming. */
export const chunkEvent = (head: CompletionHead | undefined, delta: object, reason: string | null = null) =>
  partEvent(head, { choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] });

/** What ends a stream: the usage, where it is known, and the mark that there is no more. */
export const lastEvents = (head: CompletionHead | undefined, usage: object | undefined) =>
  `${usage ? partEvent(head, { choices: [], usage }) : ''}data: [DONE]\n\n`;

const partEvent = ({ id, created, model }: Partial<CompletionHead> = {}, fields: object) =>
  `data: ${JSON.stringify({ id, created, model, object: 'chat.completion.chunk', ...fields })}\n\n`;
