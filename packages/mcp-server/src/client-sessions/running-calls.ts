import type { KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

const CHANNEL = 'mcp-cancelled';

/** As its client numbers it (JSON-RPC 2.0, 4); longer ones are answered, and cannot be cancelled. */
const requestId = z.union([z.string().max(200), z.number()]);
const request = z.object({ method: z.string(), id: requestId });
const cancelled = z.object({
  method: z.literal('notifications/cancelled'),
  params: z.object({ requestId }),
});
const told = z.object({ session: z.string(), id: requestId });
type Named = z.output<typeof told>;

/** Calls of sessions that are being answered, by whichever process, and may be cancelled at any. */
export interface RunningCalls {
  /** Aborts `ending` when the client cancels this message, if it is a call; what it answers ends that. */
  begin: (session: string, message: unknown, ending: AbortController) => () => void;
  /** Ends the call that this message cancels, if it is that of a session; one that is over is let be. */
  hear: (session: string, message: unknown) => Promise<void>;
}

/** What runs in this process, and hears of what others are told (MCP 2025-11-25, cancellation). */
export async function openRunningCalls(
  keyValue: Pick<KeyValue, 'publish' | 'subscribe'>,
): Promise<RunningCalls> {
  const running = new Map<string, AbortController>();
  const cancel = (named: Named): boolean => {
    const ending = running.get(keyOf(named));
    ending?.abort(new Error('the client cancelled the call'));
    return ending !== undefined;
  };
  await keyValue
    .subscribe(CHANNEL, (text) => {
      const { data } = told.safeParse(JSON.parse(text));
      if (data) cancel(data);
    })
    .catch((): undefined => undefined); // the store is away: it subscribes once it is back

  return {
    begin: (session, message, ending) => {
      const { data: call } = request.safeParse(message);
      if (!call) return () => undefined;
      const key = keyOf({ session, id: call.id });
      running.set(key, ending);
      return () => {
        if (running.get(key) === ending) running.delete(key);
      };
    },
    hear: async (session, message) => {
      const { data: said } = cancelled.safeParse(message);
      if (!said) return;
      const named = { session, id: said.params.requestId };
      if (!cancel(named)) await keyValue.publish(CHANNEL, JSON.stringify(named));
    },
  };
}

/** `1` and `"1"` are two calls. */
const keyOf = ({ session, id }: Named): string => JSON.stringify([session, id]);
