import type { Tokens } from './completion.ts';
import type { Hub } from './hub.ts';

/** A call is settled some 20 to 100 ms after its stream; after about 6 s we stop asking. */
const WAITS_MS = [80, 160, 320, 640, 1280, 1500, 2000];
/** Calls of other programs may have come between, but hardly more than this. */
const LATEST = 50;

export interface SettledCall {
  tokens: Tokens;
  micro: number;
}

export type Wait = (ms: number) => Promise<void>;

const wait: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What one call used and cost, once that is written; nothing if it takes too long. */
export async function findSettledCall(
  hub: Pick<Hub, 'usage'>,
  requestId: string,
  pause: Wait = wait,
): Promise<SettledCall | undefined> {
  for (const ms of WAITS_MS) {
    await pause(ms);
    const { items } = await hub.usage.listUsage({ query: { limit: LATEST } });
    const row = items.find((item) => item.requestId === requestId);
    if (!row) continue;
    const tokens = { tokensIn: row.promptTokens, tokensOut: row.completionTokens };
    return { tokens, micro: row.creditsMicro };
  }
  return undefined;
}
