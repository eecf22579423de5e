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
  /** Ends every request at once. */
  close: () => Promise<void>;
}

/** Milliseconds to connect. */
const CONNECT = 5_000;
/** Connections kept to one server. */
const CONNECTIONS = 32;
/** Of all headers of an answer, in bytes. */
const MAX_HEADER_BYTES = 16_384;
/** What a stream that a server opens by itself is answered with: the hub hears servers when it asks them. */
const NO_STREAM = 405;

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
  return {
    fetch: async (given, { method = 'GET', headers, body, signal } = {}) => {
      const target = new URL(given);
      if (target.origin !== origin) throw new DomainError('egress-refused', { detail: 'it leads elsewhere' });
      const sent = new Headers(headers);
      if (method === 'GET' && !sent.has('last-event-id')) return new Response(null, { status: NO_STREAM });
      const call = calls.getStore();
      const answer = await pool.request({
        method: methodOf(method),
        path: target.pathname + target.search,
        headers: { 'user-agent': 'smart-ai-hub', ...Object.fromEntries(sent) },
        ...(typeof body === 'string' && { body }),
        signal: endOf(call, { method, signal }),
      });
      answer.body.on('error', () => undefined); // whoever reads hears it too; after a cancel nobody does
      const isEmpty = [202, 204, 304].includes(answer.statusCode);
      if (isEmpty) await answer.body.dump();
      return new Response(isEmpty ? null : bounded(answer.body, maxBytes, call), {
        status: answer.statusCode,
        headers: Object.entries(answer.headers).flatMap(([name, value = []]) =>
          [value].flat().map((one): [string, string] => [name, one]),
        ),
      });
    },
    close: () => pool.destroy(),
  };
}

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

async function* bounded(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  call: CallRequests | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    call?.broken.abort(error);
    throw error;
  }
}

function methodOf(name: string): 'GET' | 'POST' | 'DELETE' {
  if (name === 'GET' || name === 'POST' || name === 'DELETE') return name;
  throw new DomainError('egress-refused', { detail: `the method ${name} is not sent` });
}
