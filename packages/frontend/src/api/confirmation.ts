import type { Exchange } from './exchange.ts';
import { HubError } from './hub-error.ts';
import { createListeners } from './listeners.ts';

export type Confirmation = ReturnType<typeof createConfirmation>;

/** The question whether it is really the person: calls ask it, a dialog answers it, once for all who wait. */
export function createConfirmation() {
  const { tell, subscribe } = createListeners();
  let waiting: { answered: Promise<boolean>; resolve: (confirmed: boolean) => void } | undefined;
  return {
    subscribe,
    isAsked: () => waiting !== undefined,
    /** Resolves with false when the person would rather not. */
    ask: (): Promise<boolean> => {
      if (!waiting) {
        let resolve = (_confirmed: boolean) => undefined as void;
        const answered = new Promise<boolean>((settle) => (resolve = settle));
        waiting = { answered, resolve };
        tell();
      }
      return waiting.answered;
    },
    answer: (confirmed: boolean): void => {
      const { resolve } = waiting ?? {};
      waiting = undefined;
      resolve?.(confirmed);
      tell();
    },
  };
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
