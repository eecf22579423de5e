interface Waiting<I, O> {
  item: I;
  resolve: (value: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Natural batching: when no batch is on its way an item goes at once; while one is, the next items gather
 * and leave together when it is back, at most `limit` of them. `send` answers in the order of its items.
 */
export function naturalBatch<I, O>(
  send: (items: I[]) => Promise<O[]>,
  { limit }: { limit: number },
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let isBusy = false;

  const flush = async () => {
    isBusy = true;
    while (waiting.length > 0) await sendTogether(waiting.splice(0, limit), send);
    isBusy = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isBusy) void flush();
    });
}

export interface Lanes<I> {
  /** How many go side by side. */
  lanes: number;
  /** Items with the same answer go by the same lane. */
  keyOf: (item: I) => string;
}

/** Lanes side by side, where items of different lanes have nothing to wait for from one another. */
export function inLanes<I, O>({ lanes, keyOf }: Lanes<I>, openLane: () => (item: I) => O): (item: I) => O {
  const opened = Array.from({ length: lanes }, openLane);
  const laneOf = (key: string) => Buffer.from(key).reduce((sum, byte) => sum + byte, 0) % lanes;
  return (item) => {
    const lane = opened[laneOf(keyOf(item))];
    if (!lane) throw new RangeError(`${lanes} lanes are none`);
    return lane(item);
  };
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
