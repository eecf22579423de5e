interface Waiting<I, O> {
  item: I;
  resolve: (value: O) => void;
  reject: (error: unknown) => void;
}

export interface BatchOptions {
  /** Items that leave together at most. */
  limit: number;
  /** Batches that may be on their way at once. */
  lanes: number;
}

/**
 * Natural batching: when no batch is on its way an item goes at once; while one is, the next items gather
 * and leave together when it is back, or by another lane as soon as they are `limit`. `send` answers in the order
 * of its items.
 */
export function naturalBatch<I, O>(
  send: (items: I[]) => Promise<O[]>,
  { limit, lanes }: BatchOptions,
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let busy = 0;

  const flush = async () => {
    busy += 1;
    while (waiting.length > 0) await sendTogether(waiting.splice(0, limit), send);
    busy -= 1;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy === 0 || (busy < lanes && waiting.length >= limit)) void flush();
    });
}

async function sendTogether<I, O>(batch: Waiting<I, O>[], send: (items: I[]) => Promise<O[]>): Promise<void> {
  try {
    const results = await send(batch.map(({ item }) => item));
    batch.forEach(({ resolve, reject }, i) => {
      const result = results[i];
      if (result === undefined) reject(new Error('a batch was answered in part'));
      else resolve(result);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
