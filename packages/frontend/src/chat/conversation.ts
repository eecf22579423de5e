import type { CompletionEvent, Message, StreamCompletion, Tokens } from '../api/completion.ts';
import { isAbort } from '../api/hub-error.ts';
import { createListeners } from '../api/listeners.ts';
import type { SettledCall } from '../api/settled-charge.ts';

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
  state: 'waiting' | 'streaming' | 'complete' | 'stopped' | 'failed';
  requestId: string | undefined;
  tokens: Tokens | undefined;
  charge: Charge;
  error: unknown;
}

export interface ConversationOptions {
  stream: StreamCompletion;
  /** The price of a call as far as it can be told before it is settled. */
  estimate: (model: string, tokens: Tokens) => number | undefined;
  /** What the call used and cost, once that is written; nothing where it stays unknown. */
  settled: (requestId: string) => Promise<SettledCall | undefined>;
  onSettled: () => void;
}

/** A chat with one model at a time: what a page shows, and what it can do. */
export function createConversation({ stream, estimate, settled, onSettled }: ConversationOptions) {
  const { tell, subscribe } = createListeners();
  let turns: readonly Turn[] = [];
  let running: AbortController | undefined;
  let nextId = 1;

  function show(next: readonly Turn[]) {
    turns = next;
    tell();
  }

  const change = (id: number, next: (turn: Turn) => Partial<Turn>) =>
    show(turns.map((turn) => (turn.id === id ? { ...turn, ...next(turn) } : turn)));

  async function receive(turn: Turn, messages: Message[], signal: AbortSignal) {
    try {
      for await (const event of stream({ model: turn.model, messages, signal })) {
        change(turn.id, (current) => applied(current, event, estimate));
      }
      change(turn.id, () => ({ state: 'complete' }));
    } catch (error) {
      change(turn.id, () => broken(error));
    }
  }

  async function settle(id: number) {
    const requestId = turns.find((turn) => turn.id === id)?.requestId;
    if (!requestId) return;
    change(id, ({ charge }) => (charge.state === 'none' ? { charge: SETTLING } : {}));
    // A receipt that cannot be fetched is shown as unknown; the answer itself is good.
    const call = await settled(requestId).catch(() => undefined);
    change(id, () =>
      call
        ? { tokens: call.tokens, charge: { state: 'charged', micro: call.micro } }
        : { charge: { state: 'unknown' } },
    );
    onSettled();
  }

  return {
    turns: () => turns,
    subscribe,
    async send(model: string, question: string) {
      if (running || question.trim() === '') return;
      const messages: Message[] = [...historyOf(turns), { role: 'user', content: question }];
      const turn = newTurn(nextId++, model, question);
      const control = new AbortController();
      running = control;
      show([...turns, turn]);
      await receive(turn, messages, control.signal);
      if (running === control) running = undefined;
      await settle(turn.id);
    },
    stop: () => running?.abort(),
    clear: () => {
      running?.abort();
      running = undefined;
      show([]);
    },
  };
}

const SETTLING: Charge = { state: 'settling', estimateMicro: undefined };

function newTurn(id: number, model: string, question: string): Turn {
  return {
    id,
    model,
    question,
    answer: '',
    state: 'waiting',
    requestId: undefined,
    tokens: undefined,
    charge: { state: 'none' },
    error: undefined,
  };
}

function applied(
  turn: Turn,
  event: CompletionEvent,
  estimate: ConversationOptions['estimate'],
): Partial<Turn> {
  switch (event.type) {
    case 'opened':
      return { requestId: event.requestId };
    case 'text':
      return { state: 'streaming', answer: turn.answer + event.text };
    case 'tokens': {
      const estimateMicro = estimate(turn.model, event.tokens);
      return { tokens: event.tokens, charge: { state: 'settling', estimateMicro } };
    }
  }
}

/** A call that was refused has no id here, so that nothing looks for its charge; its error keeps the id. */
function broken(error: unknown): Partial<Turn> {
  return isAbort(error) ? { state: 'stopped' } : { state: 'failed', error };
}

/** What the model has to know: questions that got an answer. */
function historyOf(turns: readonly Turn[]): Message[] {
  return turns
    .filter(({ answer }) => answer !== '')
    .flatMap(({ question, answer }) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
}
