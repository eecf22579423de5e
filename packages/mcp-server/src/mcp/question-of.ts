import type { Question } from '../upstreams/connection.ts';
import type { RoundState } from './confirm-call.ts';
import { clientMeta, hearsLogs } from './envelope.ts';
import type { Passing } from './pass-call.ts';

/** The call as the tool's own server hears it: nothing in it says who calls, and nothing that they said is lost. */
export function questionOf({ passed, args, call }: Passing, before: RoundState | undefined): Question {
  const { _meta: meta, inputResponses, signal, notify } = call.mcpReq;
  const { progressToken, ...rest } = meta ?? {};
  return {
    method: 'tools/call',
    params: {
      name: passed.tool.name,
      ...(args !== undefined && { arguments: args }),
      _meta: { ...rest, ...clientMeta(call) },
      // what was answered to the hub's own question is not for the server
      ...(before?.agreed && inputResponses && { inputResponses }),
      ...(before?.server !== undefined && { requestState: before.server }),
    },
    signal,
    ...(progressToken !== undefined && {
      onProgress: (progress) =>
        void notify({ method: 'notifications/progress', params: { ...progress, progressToken } }).catch(gone),
    }),
    ...(hearsLogs(call) && {
      onLog: (params) => void notify({ method: 'notifications/message', params }).catch(gone),
    }),
  };
}

/** Whoever went away hears nothing. */
const gone = () => undefined;
