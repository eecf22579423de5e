import type { Question } from '../upstreams/question.ts';
import type { RoundState } from './confirm-call.ts';
import { clientMeta, type McpCall } from './call-client.ts';

interface Asked {
  method: string;
  params: Record<string, unknown>;
  call: McpCall;
}

/** What is asked as its server hears it: nothing in it says who asks, and nothing that they said is lost. */
export function questionOf({ method, params, call }: Asked, before: RoundState | undefined): Question {
  const { _meta: meta, inputResponses, signal, notify } = call.mcpReq;
  const { progressToken, ...rest } = meta ?? {};
  return {
    method,
    params: {
      ...params,
      _meta: { ...rest, ...clientMeta(call) },
      // what was answered to the hub's own question is not for the server
      ...((before?.agreed ?? true) && inputResponses && { inputResponses }),
      ...(before?.server !== undefined && { requestState: before.server }),
    },
    signal,
    ...(progressToken !== undefined && {
      onProgress: (progress) =>
        void notify({ method: 'notifications/progress', params: { ...progress, progressToken } }).catch(gone),
    }),
    onLog: (said) => {
      if (call.client.hears(said['level']))
        void notify({ method: 'notifications/message', params: said }).catch(gone);
    },
  };
}

/** Whoever went away hears nothing. */
const gone = () => undefined;
