import type { SocketCall } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { type HeardParts, hearParts } from '../completions/hear-parts.ts';
import { choiceOf } from '../translation/completion-shape.ts';

/** An answer in OpenAI's format, as clients of `/ws` are told it. */
export interface HeardAnswer extends HeardParts {
  /** What its last message says. */
  data: () => object;
}

/** `tell` gets each part of a stream. */
export function hearAnswer(call: SocketCall, tell: (data: object) => Promise<void>): HeardAnswer {
  if (call.type === 'embedding') return hearVectors();
  return call.stream ? hearStream(tell) : hearWhole();
}

function hearStream(tell: (data: object) => Promise<void>): HeardAnswer {
  let finishReason: string | null = null;
  const heard = hearParts(async (part) => {
    finishReason = choiceOf(part)?.finish ?? finishReason;
    const words = wordsOf(part);
    if (Object.keys(words).length > 0) await tell(words);
  });
  return { ...heard, data: () => ({ finishReason }) };
}

function hearWhole(): HeardAnswer {
  let data = {};
  const heard = hearParts((part) => {
    data = { text: '', ...wordsOf(part), finishReason: choiceOf(part)?.finish ?? null };
    return Promise.resolve();
  });
  return { ...heard, data: () => data };
}

const vectors = z.object({ data: z.array(z.object({ embedding: z.array(z.number()) })) });

function hearVectors(): HeardAnswer {
  let embeddings: number[][] = [];
  const heard = hearParts((part) => {
    embeddings = (vectors.safeParse(part).data?.data ?? []).map(({ embedding }) => embedding);
    return Promise.resolve();
  });
  return { ...heard, data: () => ({ embeddings }) };
}

const calls = z.object({ tool_calls: z.array(z.unknown()).min(1) });
const called = z.object({ choices: z.tuple([z.object({ delta: calls }).or(z.object({ message: calls }))]) });

/** What was said; calls of tools stay as they are, so that they can be sent back so. */
function wordsOf(part: object): object {
  const { text = '', refusal = '', thinking = '' } = choiceOf(part)?.said ?? {};
  const choice = called.safeParse(part).data?.choices[0];
  const toolCalls = choice && ('delta' in choice ? choice.delta : choice.message).tool_calls;
  return {
    ...(text + refusal !== '' && { text: text + refusal }),
    ...(thinking !== '' && { thinking }),
    ...(toolCalls && { toolCalls }),
  };
}
