import { lookup as lookupName, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { Client, errors } from 'undici';
import { DomainError } from '../contracts/index.ts';
import { nearnessOf } from './egress-addresses.ts';

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export interface EgressOptions {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Origins (`http://127.0.0.1:3000`) that an administrator allowed to be local, and to speak http. */
  allowed?: readonly string[];
  /** Of the answer's body, in bytes. */
  maxBytes?: number;
  /** For everything together, in milliseconds. */
  timeout?: number;
  /** Of a GET or HEAD; 0 hands a redirect back as the answer. */
  maxRedirects?: number;
  signal?: AbortSignal;
  /** How names are resolved; the system's way by default. */
  resolve?: Resolve;
}

export interface EgressAnswer {
  status: number;
  /** Names in lower case; what came several times is joined by comma. */
  headers: Record<string, string>;
  body: Buffer;
}

/** What goes along to another origin; everything else may be a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'user-agent']);

/** Of all headers of an answer, in bytes. */
const MAX_HEADER_BYTES = 16_384;

const refused = (detail: string, cause?: unknown) => new DomainError('egress-refused', { detail, cause });

/**
 * The one way to call an address that a person can influence. Only https, only public addresses, the connection
 * goes to an address that was checked (so that a name cannot change its mind in between), each redirect is checked
 * like the first address, and size and time are bounded. Rejects with `egress-refused` for what may not be called,
 * and with `egress-failed` where the other side cannot be reached or answers too late or too much.
 */
export async function egress(url: string | URL, options: EgressOptions = {}): Promise<EgressAnswer> {
  const { timeout = 10_000, maxRedirects = 3, method = 'GET' } = options;
  const deadline = AbortSignal.timeout(timeout);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  let target = checkUrl(url, options);
  let { headers = {} } = options;
  for (let redirects = 0; ; redirects++) {
    const addresses = await addressesOf(target, options, signal);
    const answer = await exchange(target, addresses, { ...options, headers, signal });
    const next = redirectOf(answer, target, method);
    if (next === undefined || maxRedirects === 0) return answer;
    if (redirects === maxRedirects) throw refused(`it redirects more than ${maxRedirects} times`);
    const from = target.origin;
    target = checkUrl(next, options);
    if (target.origin !== from) headers = harmless(headers);
  }
}

/** Refuses now what `egress` would refuse later, for whoever saves an address; a name may still change its mind. */
export async function checkEgress(
  url: string,
  options: Pick<EgressOptions, 'allowed' | 'timeout' | 'resolve'> = {},
): Promise<void> {
  await addressesOf(checkUrl(url, options), options, AbortSignal.timeout(options.timeout ?? 5_000));
}

/**
 * How a pool of kept connections to this address finds it: at every new connection, the name is resolved and checked
 * as `egress` does. Throws `egress-refused` for what may not be called whatever its name stands for.
 */
export function egressLookup(
  url: string,
  options: Pick<EgressOptions, 'allowed' | 'timeout' | 'resolve'> = {},
): LookupFunction {
  const target = checkUrl(url, options);
  const literal = literalOf(target);
  if (literal) requireFitting([literal], target, options); // for which nobody looks up a name
  return (hostname, how, callback) => {
    const deadline = AbortSignal.timeout(options.timeout ?? 5_000);
    addressesOf(target, options, deadline).then(
      (addresses) => pinnedTo(addresses)(hostname, how, callback),
      (error: unknown) => callback(error instanceof DomainError ? error : failureOf(error, deadline), ''),
    );
  };
}

type FetchInit = { [K in 'method' | 'headers' | 'body' | 'signal']?: RequestInit[K] | undefined };

/** The same in the shape of `fetch`, for libraries that ask for one; a redirect is handed back, as they expect. */
export const egressFetch =
  (bounds: Pick<EgressOptions, 'allowed' | 'maxBytes' | 'timeout' | 'resolve'> = {}) =>
  async (url: string | URL, init: FetchInit = {}): Promise<Response> => {
    const { method = 'GET', headers = {}, body: given = null } = init;
    const request = new Request('https://carrier.invalid', { method, headers, body: given }); // of any shape, made one
    const body = given === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const answer = await egress(url, {
      ...bounds,
      method: methodOf(request.method),
      headers: Object.fromEntries(request.headers),
      maxRedirects: 0,
      ...(body && { body }),
      ...(init.signal && { signal: init.signal }),
    });
    const isEmpty = answer.status === 204 || answer.status === 304;
    return new Response(isEmpty ? null : Uint8Array.from(answer.body), answer);
  };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function methodOf(name: string) {
  const method = METHODS.find((known) => known === name);
  if (method === undefined) throw refused(`the method ${name} is not sent`);
  return method;
}

const isAllowed = (url: URL, { allowed = [] }: EgressOptions) =>
  allowed.some((entry) => new URL(entry).origin === url.origin);

function checkUrl(given: string | URL, options: EgressOptions): URL {
  if (!URL.canParse(String(given))) throw refused('it is not an address');
  const url = new URL(given);
  if (url.username !== '' || url.password !== '') throw refused('it holds a name or password');
  const speaks = url.protocol === 'https:' || (url.protocol === 'http:' && isAllowed(url, options));
  if (!speaks) throw refused('it is not https');
  return url;
}

const resolveName: Resolve = (hostname) => promisify(lookupName)(hostname, { all: true });

/** What the target's name stands for, once and for all of this request; one bad address spoils the name. */
async function addressesOf(
  target: URL,
  options: EgressOptions,
  signal: AbortSignal,
): Promise<LookupAddress[]> {
  const literal = literalOf(target);
  const { resolve = resolveName } = options;
  const found = literal ? [literal] : await beforeAbort(resolve(target.hostname), signal);
  requireFitting(found, target, options);
  return found;
}

/** The address itself, where it stands in place of a name. */
function literalOf({ hostname }: URL): LookupAddress | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family === 0 ? undefined : { address, family };
}

function requireFitting(found: readonly LookupAddress[], target: URL, options: EgressOptions): void {
  const fits = isAllowed(target, options) ? ['public', 'local'] : ['public'];
  const bad = found.find(({ address }) => !fits.includes(nearnessOf(address)));
  if (bad || found.length === 0) throw refused('it leads to an address that is not public');
}

/** A lookup cannot be called off; its answer is waited for no longer. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(failureOf(signal.reason, signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, (error: unknown) => reject(failureOf(error, signal)));
  });
}

type Exchange = EgressOptions & { headers: Record<string, string>; signal: AbortSignal };

/** One request over a connection of its own to one of these addresses; TLS still verifies the name. */
async function exchange(
  target: URL,
  addresses: LookupAddress[],
  { method = 'GET', headers, body, maxBytes = 1_048_576, signal }: Exchange,
): Promise<EgressAnswer> {
  const client = new Client(target.origin, {
    connect: { lookup: pinnedTo(addresses) },
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: maxBytes,
  });
  try {
    const answer = await client.request({
      method,
      path: target.pathname + target.search,
      headers: { 'user-agent': 'smart-ai-hub', ...headers },
      signal,
      ...(body !== undefined && { body }),
    });
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      ),
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  } catch (error) {
    throw failureOf(error, signal);
  } finally {
    await client.destroy();
  }
}

/** Node asks for all addresses or for one; it hears of no other than these. */
const pinnedTo =
  (addresses: LookupAddress[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  };

/** Says what happened and not at which address: an answer must not map a network. */
function failureOf(cause: unknown, signal: AbortSignal): DomainError {
  if (signal.aborted) return new DomainError('egress-failed', { detail: 'it did not answer in time', cause });
  const isTooMuch =
    cause instanceof errors.ResponseExceededMaxSizeError || cause instanceof errors.HeadersOverflowError;
  const detail = isTooMuch ? 'it answered with too much' : 'it could not be reached or broke off';
  return new DomainError('egress-failed', { detail, cause });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function redirectOf({ status, headers }: EgressAnswer, from: URL, method: string): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (!URL.canParse(location, from.href)) throw refused('it redirects to what is no address');
  return new URL(location, from);
}

const harmless = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.has(name.toLowerCase())));
