import { once } from 'node:events';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { Pool } from 'undici';
import { type Caller, DomainError, type Transport } from '../contracts/index.ts';
import type { ServiceVerb } from './bind.ts';
import { outgoingScopeHeaders } from './context.ts';
import type { Secret } from './secret.ts';

export interface TransportOptions {
  serviceToken: Secret;
  /** How long an answer may take, in milliseconds. */
  timeout?: number;
}

export interface ClosableTransport extends Transport {
  close: () => Promise<void>;
}

const headersOf = (serviceToken: Secret, hasBody: boolean, caller?: Caller) => ({
  ...outgoingScopeHeaders(),
  ...(caller ? headersOfCaller(caller) : { authorization: `Bearer ${serviceToken.reveal()}` }),
  ...(hasBody && { 'content-type': 'application/json' }),
});

/** What the gateway would say of them. */
const headersOfCaller = ({ token, address, userAgent }: Caller) => ({
  authorization: `Bearer ${token}`,
  'x-forwarded-for': address,
  ...(userAgent !== undefined && { 'user-agent': userAgent }),
});

const unavailable = (cause: unknown) => new DomainError('service-unavailable', { cause });

/** Calls another service over HTTP with kept connections; an outage is `service-unavailable`. */
export function httpTransport(
  baseUrl: string,
  { serviceToken, timeout = 10_000 }: TransportOptions,
): ClosableTransport {
  const pool = new Pool(baseUrl, {
    connections: 64,
    connect: { timeout: 2000 },
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
  const transport: Transport = async ({ method, path, body, signal, caller }) => {
    try {
      const answer = await pool.request({
        method,
        path,
        headers: headersOf(serviceToken, body !== undefined, caller),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: parseJson(text) };
    } catch (error) {
      throw error instanceof DomainError ? error : unavailable(error);
    }
  };
  return Object.assign(transport, { close: () => pool.destroy() });
}

/**
 * Calls a service of the same process without a socket: what is for services by its verb, anything else through
 * its route and hooks.
 */
export function appTransport(
  app: () => FastifyInstance,
  { serviceToken }: TransportOptions,
): ClosableTransport {
  const accepted = new WeakSet<ServiceVerb>();
  const knows = (verb: ServiceVerb) => {
    if (!accepted.has(verb) && verb.accepts(serviceToken.reveal())) accepted.add(verb);
    return accepted.has(verb);
  };
  const transport: Transport = async ({ method, path, body, signal, caller }) => {
    const service = built(app);
    const verb = caller ? undefined : service.serviceVerbs.get(`${method} ${path}`);
    if (verb && !knows(verb)) throw new DomainError('unauthenticated');
    if (verb) return unlessAborted(verb.call(body), signal);
    const headers = headersOf(serviceToken, body !== undefined, caller);
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const given = { method, url: path, headers, ...payload, ...(signal && { signal }) };
    const answer = await ask(service, given);
    return { status: answer.statusCode, body: parseJson(answer.payload) };
  };
  return Object.assign(transport, { close: () => Promise.resolve() });
}

/** Services that call each other are built one after the other. */
function built(app: () => FastifyInstance): FastifyInstance {
  try {
    return app();
  } catch (error) {
    throw unavailable(error);
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return Promise.race([
    work,
    once(signal, 'abort').then((): never => {
      throw unavailable(signal.reason);
    }),
  ]);
}

async function ask(service: FastifyInstance, given: InjectOptions): Promise<LightMyRequestResponse> {
  try {
    return await service.inject(given);
  } catch (error) {
    throw unavailable(error);
  }
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('service-unavailable', { detail: 'a service answered without JSON', cause });
  }
}
