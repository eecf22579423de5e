interface Waiting<I, O> {
  item: I;
  resolve: (value: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Natural batching: when no call is on its way an item goes at once; while one is, the next items gather
 * and leave together. `send` answers in the order of its items.
 */
export function naturalBatch<I, O>(
  send: (items: I[]) => Promise<O[]>,
  limit: number,
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let busy = false;

  const flush = async () => {
    busy = true;
    while (waiting.length > 0) await sendTogether(waiting.splice(0, limit), send);
    busy = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void flush();
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
