import type { ConversationMessage } from '@smart-ai-hub/shared/contracts';
import type { Message, Tokens } from '../api/completion.ts';

export type Charge =
  | { state: 'none' }
  | { state: 'settling'; estimateMicro: number | undefined }
  | { state: 'charged'; micro: number }
  | { state: 'unknown' };

/** One question with its answer and its receipt. */
export interface Turn {
  id: number;
  model: string;
  question: string;
  answer: string;
  /** `unanswered`: the question is kept, and its page went away before an answer was. */
  state: 'waiting' | 'streaming' | 'complete' | 'stopped' | 'failed' | 'unanswered';
  requestId: string | undefined;
  tokens: Tokens | undefined;
  charge: Charge;
  error: unknown;
  /** As what the question and the answer are kept. */
  questionId: string | undefined;
  answerId: string | undefined;
  /** Why the answer is not kept. */
  unkept: unknown;
}

export function newTurn(id: number, model: string, question: string): Turn {
  return {
    ...{ id, model, question, answer: '', state: 'waiting', requestId: undefined, tokens: undefined },
    ...{ charge: { state: 'none' }, error: undefined, questionId: undefined, answerId: undefined },
    unkept: undefined,
  };
}

/** What the model has to know: questions that got an answer. */
export function historyOf(turns: readonly Turn[]): Message[] {
  return turns
    .filter(({ answer }) => answer !== '')
    .flatMap(({ question, answer }) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
}

/** The newest message of these turns that is kept. */
export function newestOf(turns: readonly Turn[]): string | null {
  const last = turns.findLast(({ questionId }) => questionId !== undefined);
  return last?.answerId ?? last?.questionId ?? null;
}

/** Kept messages as turns; ids of turns count from 0. */
export function turnsOf(messages: readonly ConversationMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const open = turns.at(-1);
    if (message.role === 'user') turns.push(asked(turns.length, message));
    else if (open) turns.splice(-1, 1, answered(open, message));
  }
  return turns;
}

const asked = (id: number, { content, id: questionId }: ConversationMessage): Turn => ({
  ...newTurn(id, '', content),
  state: 'unanswered',
  questionId,
});

function answered(turn: Turn, { content, state, model, requestId, receipt, id }: ConversationMessage): Turn {
  return {
    ...{
      ...turn,
      answer: content,
      state,
      model: model ?? '',
      requestId: requestId ?? undefined,
      answerId: id,
    },
    ...(receipt && {
      tokens: { tokensIn: receipt.promptTokens, tokensOut: receipt.completionTokens },
      charge: { state: 'charged', micro: receipt.creditsMicro },
    }),
  };
}
