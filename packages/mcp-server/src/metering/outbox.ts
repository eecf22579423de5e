export interface Outbox<I> {
  add: (item: I) => void;
  /** Sends what waits now, without gathering. */
  flush: () => Promise<void>;
  /** Sends what is left, for `timeout` ms at most; answers how many items could not be sent. */
  close: (timeout: number) => Promise<number>;
}

export interface OutboxOptions<I> {
  send: (items: I[]) => Promise<unknown>;
  /** Milliseconds that items gather before they leave together. */
  gather: number;
  limit: number;
  /** Milliseconds after which an item that could not be sent is given up. */
  keep: number;
  onTrouble: (error: unknown, waiting: number) => void;
  onLost: (items: I[]) => void;
}

const LONGEST_PAUSE = 5_000;

/** Items that must arrive but that nobody waits for: gathered, sent together, tried again until too old. */
export function createOutbox<I>({
  send,
  gather,
  limit,
  keep,
  onTrouble,
  onLost,
}: OutboxOptions<I>): Outbox<I> {
  let waiting: { item: I; addedAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;

  const dropOld = () => {
    const old = waiting.filter(({ addedAt }) => Date.now() - addedAt > keep);
    if (old.length === 0) return;
    waiting = waiting.filter((entry) => !old.includes(entry));
    onLost(old.map(({ item }) => item));
  };

  const sendSome = async () => {
    const batch = waiting.slice(0, limit);
    try {
      await send(batch.map(({ item }) => item));
      waiting = waiting.slice(batch.length);
      failures = 0;
    } catch (error) {
      failures += 1;
      onTrouble(error, waiting.length);
      dropOld();
    }
  };

  const sendNow = () => {
    clearTimeout(timer);
    timer = undefined;
    running ??= sendSome().finally(() => {
      running = undefined;
      schedule();
    });
    return running;
  };

  const schedule = () => {
    if (timer || running || waiting.length === 0) return;
    const pause = failures === 0 ? gather : Math.min(100 * 2 ** failures, LONGEST_PAUSE);
    timer = setTimeout(() => void sendNow(), pause);
  };

  return {
    add: (item) => {
      waiting.push({ item, addedAt: Date.now() });
      schedule();
    },
    flush: async () => {
      if (waiting.length > 0) await sendNow();
    },
    close: async (timeout) => {
      const end = Date.now() + timeout;
      while (waiting.length > 0 && Date.now() < end) await sendNow();
      clearTimeout(timer);
      return waiting.length;
    },
  };
}
