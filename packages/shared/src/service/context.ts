import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What belongs to one request and travels with it through every service and log line. */
export interface RequestScope {
  requestId: string;
  /** W3C Trace Context, `traceparent`. */
  traceparent: string;
  actorId?: string;
}

const REQUEST_ID = /^[\w-]{8,64}$/;
/** W3C Trace Context, 3.2: version 00, ids that are not all zero. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const storage = new AsyncLocalStorage<RequestScope>();

/** The scope of the request that is being served, if any. */
export const currentScope = (): RequestScope | undefined => storage.getStore();

/** Runs `work` so that its log lines and its calls to other services carry the scope. */
export const runInScope = <T>(scope: RequestScope, work: () => T): T => storage.run(scope, work);

/** A scope from incoming headers: ids that are well-formed are honoured, others made anew. */
export function scopeFrom(headers: Record<string, string | string[] | undefined>): RequestScope {
  const { 'x-request-id': requestId, traceparent } = headers;
  return {
    requestId: typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID(),
    traceparent:
      typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : newTraceparent(),
  };
}

/** Headers for a call to another service: the same request and trace, a span of its own. */
export function outgoingScopeHeaders(scope = currentScope()): Record<string, string> {
  if (!scope) return {};
  const [version, traceId, , flags] = scope.traceparent.split('-');
  return {
    'x-request-id': scope.requestId,
    traceparent: `${version}-${traceId}-${newSpan()}-${flags}`,
  };
}

const newTraceparent = () => `00-${randomUUID().replaceAll('-', '')}-${newSpan()}-00`;

/** From a UUID, since Node keeps random bytes ready for those alone. */
const newSpan = () => randomUUID().replaceAll('-', '').slice(0, 16);
