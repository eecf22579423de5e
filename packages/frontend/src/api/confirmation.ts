import type { Exchange } from './exchange.ts';
import { HubError } from './hub-error.ts';
import { createListeners } from './listeners.ts';

export type Confirmation = ReturnType<typeof createConfirmation>;

/** The question whether it is really the person: calls ask it, a dialog answers it, once for all who wait. */
export function createConfirmation() {
  const { tell, subscribe } = createListeners();
  let waiting: Question | undefined;
  return {
    subscribe,
    isAsked: () => waiting !== undefined,
    /** Resolves with false when the person would rather not. */
    ask: (): Promise<boolean> => {
      const question = (waiting ??= newQuestion());
      tell();
      return question.answered;
    },
    answer: (confirmed: boolean): void => {
      waiting?.answer(confirmed);
      waiting = undefined;
      tell();
    },
  };
}

interface Question {
  answered: Promise<boolean>;
  answer: (confirmed: boolean) => void;
}

function newQuestion(): Question {
  let answer: Question['answer'] = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    answer = resolve;
  });
  return { answered, answer };
}

/** When the hub wants a fresh proof of who somebody is, asks for it and repeats the call once. */
export function withConfirmation(exchange: Exchange, { ask }: Confirmation): Exchange {
  return async (path, init) => {
    try {
      return await exchange(path, init);
    } catch (error) {
      const isWanted = error instanceof HubError && error.code === 'step-up-required';
      if (!isWanted || !(await ask())) throw error;
      return exchange(path, init);
    }
  };
}
