import { AsyncLocalStorage } from 'node:async_hooks';
import type { FetchLike } from '@modelcontextprotocol/client';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { egressLookup } from '@smart-ai-hub/shared/service';
import { Pool } from 'undici';

export interface FetchBounds {
  /** Bytes of one answer, whether it comes whole or in events. */
  maxBytes: number;
  /** Milliseconds until an answer begins, and between two parts of it. */
  timeout: number;
  /** An administrator allowed its origin to be local, or to speak http. */
  mayBeLocal: boolean;
}

export interface GuardedFetch {
  fetch: FetchLike;
  /** Opens the stream of a server of 2025, in which it says what belongs to no call. */
  openStream: (headers: Record<string, string>) => Promise<Response>;
  /** Ends every request at once. */
  close: () => Promise<void>;
}

/** Milliseconds to connect. */
const CONNECT = 5_000;
/** Connections kept to one server. */
const CONNECTIONS = 32;
/** Of all headers of an answer, in bytes. */
const MAX_HEADER_BYTES = 16_384;
/** What the library is answered that opens a stream by itself: the hub opens one where somebody wants to hear it. */
const NO_STREAM = 405;
const LISTEN = 'subscriptions/listen';

/**
 * `fetch` to one origin and no other, over kept connections whose every address is checked as `egress` does. Redirects
 * are handed back. Throws `egress-refused` for what may not be called whatever its name stands for.
 */
export function openGuardedFetch(url: string, { maxBytes, timeout, mayBeLocal }: FetchBounds): GuardedFetch {
  const { origin } = new URL(url);
  const lookup = egressLookup(url, { allowed: mayBeLocal ? [origin] : [] });
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { lookup, timeout: CONNECT },
    ...{ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: timeout, bodyTimeout: timeout },
  });
  const send: FetchLike = async (given, { method = 'GET', headers, body, signal } = {}) => {
    const target = new URL(given);
    if (target.origin !== origin) throw new DomainError('egress-refused', { detail: 'it leads elsewhere' });
    const sent = new Headers(headers);
    const call = calls.getStore();
    const isNews = isStream(method, sent) || sent.get('mcp-method') === LISTEN;
    const answer = await pool.request({
      method: methodOf(method),
      path: target.pathname + target.search,
      headers: { 'user-agent': 'smart-ai-hub', ...Object.fromEntries(sent) },
      ...(typeof body === 'string' && { body }),
      ...(isNews && { bodyTimeout: 0 }), // it may have nothing to tell for days
      signal: endOf(call, { method, signal }),
    });
    answer.body.on('error', () => undefined); // whoever reads hears it too; after a cancel nobody does
    const isEmpty = [202, 204, 304].includes(answer.statusCode);
    if (isEmpty) await answer.body.dump();
    return new Response(isEmpty ? null : bounded(answer.body, { maxBytes, call, isNews }), {
      status: answer.statusCode,
      headers: Object.entries(answer.headers).flatMap(([name, value = []]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      ),
    });
  };
  return {
    fetch: async (given, init = {}) =>
      isStream(init.method ?? 'GET', new Headers(init.headers))
        ? new Response(null, { status: NO_STREAM })
        : send(given, init),
    openStream: (headers) => send(url, { headers }),
    close: () => pool.destroy(),
  };
}

/** True for a stream that is not the rest of an answer. */
const isStream = (method: string, headers: Headers) => method === 'GET' && !headers.has('last-event-id');

/** An answer that is too large. */
export class TooLarge extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** Of one call: a library that reads events tells nobody why they ended. */
export interface CallRequests {
  /** Aborted with the reason where an answer to the call breaks off. */
  broken: AbortController;
  /** Aborted once nobody waits for its answer any more: a server of 2025 is told, and may let its stream stand open. */
  left: AbortSignal;
  /** What is posted next is no more the call: an answer of its client, or word that it was given up. */
  isSent?: boolean;
}

const calls = new AsyncLocalStorage<CallRequests>();

/** What ends a request: its own signal, and of a call, or of a stream in which that goes on, that nobody waits for it. */
function endOf(
  call: CallRequests | undefined,
  { method, signal }: { method: string; signal: AbortSignal | null | undefined },
): AbortSignal | null {
  if (!call) return signal ?? null;
  const isOfCall = method === 'GET' || !call.isSent;
  call.isSent = true;
  const signals = [signal, isOfCall && call.left].filter((one) => one instanceof AbortSignal);
  return AbortSignal.any(signals);
}

/** Runs a call, to which the requests that it makes belong. */
export const withinCall = <T>(call: CallRequests, run: () => Promise<T>): Promise<T> => calls.run(call, run);

interface Bounds {
  maxBytes: number;
  call: CallRequests | undefined;
  /** Has no end, and so no size: the bound is that of one event. */
  isNews: boolean;
}

async function* bounded(
  body: AsyncIterable<Buffer>,
  { maxBytes, call, isNews }: Bounds,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLarge(maxBytes);
      if (isNews && END_OF_EVENT.some((end) => chunk.includes(end))) bytes = 0;
      yield chunk;
    }
  } catch (error) {
    call?.broken.abort(error);
    throw error;
  }
}

/** A blank line (WHATWG HTML, 9.2.6); one that comes in two parts is counted to the next event. */
const END_OF_EVENT = ['\n\n', '\r\n\r\n'];

function methodOf(name: string): 'GET' | 'POST' | 'DELETE' {
  if (name === 'GET' || name === 'POST' || name === 'DELETE') return name;
  throw new DomainError('egress-refused', { detail: `the method ${name} is not sent` });
}
