import { CONVERSATION_LIMITS, type NewMessage } from '@smart-ai-hub/shared/contracts';
import type { CompletionEvent, Message, StreamCompletion, Tokens } from '../api/completion.ts';
import { isAbort } from '../api/hub-error.ts';
import { createListeners } from '../api/listeners.ts';
import type { SettledCall } from '../api/settled-charge.ts';
import { type Asking, keepable, type Keeper } from './keeper.ts';
import { type Charge, historyOf, newestOf, newTurn, type Turn } from './turn.ts';

export interface ConversationOptions {
  stream: StreamCompletion;
  keeper: Keeper;
  /** What was said before. */
  before?: readonly Turn[];
  /** The price of a call as far as it can be told before it is settled. */
  estimate: (model: string, tokens: Tokens) => number | undefined;
  /** What the call used and cost, once that is written; nothing where it stays unknown. */
  settled: (requestId: string) => Promise<SettledCall | undefined>;
  /** Resolves once what the charge changed is known anew: only then the turn says that it was charged. */
  onSettled: () => Promise<unknown>;
}

/** The turns of a conversation, and who wants to know when they change. */
function createTurnList(before: readonly Turn[]) {
  const { tell, subscribe } = createListeners();
  let turns = before;
  const show = (next: readonly Turn[]) => {
    turns = next;
    tell();
  };
  return {
    tell,
    subscribe,
    show,
    all: () => turns,
    find: (id: number) => turns.find((turn) => turn.id === id),
    change: (id: number, next: (turn: Turn) => Partial<Turn>) =>
      show(turns.map((turn) => (turn.id === id ? { ...turn, ...next(turn) } : turn))),
  };
}

type TurnList = ReturnType<typeof createTurnList>;

/** One question on its way. */
interface Asked {
  list: TurnList;
  turn: Turn;
  before: readonly Turn[];
  asking: Asking;
  signal: AbortSignal;
}

async function receive({ stream, keeper, estimate }: ConversationOptions, asked: Asked): Promise<void> {
  const { list, before, asking, signal } = asked;
  const { id, question } = asked.turn;
  try {
    const [questionId] = await keeper.write(newestOf(before), [newMessage('user', question)], asking);
    list.change(id, () => ({ questionId }));
    signal.throwIfAborted();
    const messages = messagesOf(before, question, asking.system);
    for await (const event of stream({ ...asking, messages, signal })) {
      list.change(id, (current) => applied(current, event, estimate));
    }
    list.change(id, () => ({ state: 'complete' }));
  } catch (error) {
    list.change(id, () => broken(error));
  }
}

async function keep({ keeper }: ConversationOptions, { list, turn: { id }, asking }: Asked): Promise<void> {
  const turn = list.find(id);
  if (!turn?.questionId || turn.answer === '') return;
  try {
    const [answerId] = await keeper.write(turn.questionId, [answerOf(turn)], asking);
    list.change(id, () => ({ answerId }));
  } catch (error) {
    list.change(id, () => ({ unkept: error }));
  }
}

async function settle(
  { settled, onSettled }: ConversationOptions,
  { list, turn: { id } }: Asked,
): Promise<void> {
  const requestId = list.find(id)?.requestId;
  if (!requestId) return;
  list.change(id, ({ charge }) => (charge.state === 'none' ? { charge: SETTLING } : {}));
  // A receipt that cannot be fetched is shown as unknown; the answer itself is good.
  const call = await settled(requestId).catch(() => undefined);
  await onSettled();
  list.change(id, () =>
    call
      ? { tokens: call.tokens, charge: { state: 'charged', micro: call.micro } }
      : { charge: { state: 'unknown' } },
  );
}

/**
 * A chat: what a page shows, and what it can do. The page writes both sides down: a question before it is sent, so
 * that it is there whatever happens, and an answer when it ends, is stopped or breaks off, with what came until then.
 */
export function createConversation(options: ConversationOptions) {
  const list = createTurnList(options.before ?? []);
  let running: AbortController | undefined;
  let nextId = list.all().length;

  async function ask(before: readonly Turn[], question: string, asking: Asking) {
    if (running || question.trim() === '') return;
    const turn = newTurn(nextId++, asking.model, question);
    const control = new AbortController();
    const asked = { list, turn, before, asking, signal: control.signal };
    running = control;
    list.show([...before, turn]);
    await receive(options, asked);
    await keep(options, asked);
    running = undefined;
    list.tell();
    await settle(options, asked);
  }

  return {
    turns: list.all,
    subscribe: list.subscribe,
    /** From the question until its answer is kept. */
    busy: () => running !== undefined,
    send: (question: string, asking: Asking) => ask(list.all(), question, asking),
    /** Asks the last question once more, or another one in its place. */
    again: (asking: Asking, question = list.all().at(-1)?.question ?? '') =>
      ask(list.all().slice(0, -1), question, asking),
    stop: () => running?.abort(),
  };
}

const SETTLING: Charge = { state: 'settling', estimateMicro: undefined };

const messagesOf = (before: readonly Turn[], question: string, system: string): Message[] => [
  ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
  ...historyOf(before),
  { role: 'user', content: question },
];

const newMessage = (role: NewMessage['role'], content: string): NewMessage => ({
  ...{ role, content: keepable(content, CONVERSATION_LIMITS.messageCharacters) },
  ...{ model: null, state: 'complete', requestId: null },
});

const answerOf = ({ answer, model, state, requestId }: Turn): NewMessage => ({
  ...newMessage('assistant', answer),
  model,
  state: state === 'stopped' || state === 'failed' ? state : 'complete',
  requestId: requestId ?? null,
});

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
