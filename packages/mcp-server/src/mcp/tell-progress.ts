import type { ServerContext } from '@modelcontextprotocol/server';

/** Tells whoever waits for a tool what has come so far. */
export type Tell = (message: string) => Promise<void>;

/** What the library knows of a call, as far as it matters here. */
interface Call {
  mcpReq: Pick<ServerContext['mcpReq'], '_meta' | 'notify'>;
}

/** Progress notifications, for callers that asked for them (MCP 2026-07-28, progress). */
export function tellProgress({ mcpReq: { _meta: meta, notify } }: Call): Tell {
  const progressToken = meta?.progressToken;
  let progress = 0;
  return async (message) => {
    if (progressToken === undefined) return;
    progress += 1;
    const params = { progressToken, progress, message };
    // whoever went away hears nothing; the call behind it ends by rules of its own
    await notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
