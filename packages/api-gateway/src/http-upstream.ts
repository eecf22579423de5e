import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { Handshake } from '@smart-ai-hub/shared/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Dispatcher, errors, Pool } from 'undici';
import { answerHeaders } from './headers.ts';
import type { ServiceName, Upstream } from './upstreams.ts';

export interface HttpUpstreamOptions {
  /** Milliseconds until a service begins its answer. */
  headersTimeout: number;
  /** Milliseconds between two parts of an answer. */
  bodyTimeout: number;
  /** Bytes of a request body. */
  bodyLimit: number;
}

/** Milliseconds to reach a service. */
const CONNECT_TIMEOUT = 2_000;
/** Requests under way at once, per service: each has a connection of its own while it lasts. */
const CONNECTIONS = 4_096;

/** A service over HTTP with kept connections. The body streams both ways and is never read here. */
export function httpUpstream(name: ServiceName, url: string, options: HttpUpstreamOptions): Upstream {
  const { origin, protocol } = new URL(url);
  const { headersTimeout, bodyTimeout, bodyLimit } = options;
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT },
  });
  const dial = protocol === 'https:' ? httpsRequest : httpRequest;

  return {
    name,
    forward: async (request, reply, headers) => {
      const { method, url: path } = request;
      const body = bodyOf(request, bodyLimit);
      try {
        await relay(pool, { method, path, headers, body, headersTimeout, bodyTimeout }, reply);
      } catch (error) {
        body?.destroy();
        if (!reply.raw.headersSent && !reply.raw.destroyed) throw failureOf(error, name);
        reply.hijack();
        reply.raw.destroy();
      }
    },
    upgrade: (request, reply, headers, handshake) =>
      new Promise((resolve, reject) => {
        const offer = { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
        const asked = dial(origin, {
          path: request.url,
          headers: offer,
          agent: false,
          timeout: headersTimeout,
        });
        asked.once('upgrade', (answer, upstream, first) => {
          joinSockets(reply, handshake, { answer, upstream, first });
          resolve();
        });
        asked.once('response', (answer) => {
          beginAnswer(reply, answer.statusCode ?? 0, answer.headers);
          pipeline(answer, reply.raw, () => undefined); // an answer that breaks off breaks ours off
          resolve();
        });
        asked.once('timeout', () => asked.destroy(new errors.HeadersTimeoutError()));
        asked.once('error', (error) => {
          reject(failureOf(error, name));
        });
        handshake.socket.once('close', () => asked.destroy());
        asked.end();
      }),
    probe: async () => {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: '/health',
        headersTimeout: 2_000,
      });
      await body.dump();
      if (statusCode >= 400) throw new Error(`${name} answered its health check with ${statusCode}`);
    },
    close: () => pool.destroy(),
  };
}

/**
 * One request to a service, and its answer part by part as fast as the slower side takes it; rejects where
 * the answer did not come to its end. A caller who goes away ends the request.
 */
const relay = (pool: Pool, options: Dispatcher.DispatchOptions, reply: FastifyReply): Promise<void> =>
  new Promise((resolve, reject) => {
    const { raw } = reply;
    pool.dispatch(options, {
      onRequestStart: (controller) => {
        const leave = () => controller.abort(new Error('the caller went away'));
        if (raw.destroyed) leave();
        else raw.once('close', leave);
      },
      onResponseStart: (controller, status, headers) => {
        if (status < 200) return; // an interim answer is for us
        beginAnswer(reply, status, headers);
        raw.on('drain', () => controller.resume());
      },
      onResponseData: (controller, chunk) => {
        if (!raw.write(chunk)) controller.pause();
      },
      onResponseEnd: () => {
        raw.end();
        resolve();
      },
      onResponseError: (_controller, error) => {
        reject(error);
      },
    });
  });

/** The head of a service's answer on top of what we say ourselves; only then is the reply out of Fastify's hands. */
function beginAnswer(reply: FastifyReply, status: number, answered: IncomingMessage['headers']): void {
  const { raw } = reply;
  for (const [header, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(header, value);
  }
  raw.writeHead(status, answerHeaders(answered));
  reply.hijack();
}

/** The caller's body as it streams in; one of unknown length is cut off where it passes the limit. */
function bodyOf({ headers, raw }: FastifyRequest, limit: number): Transform | null {
  const isEmpty = headers['transfer-encoding'] === undefined && !Number(headers['content-length']);
  if (isEmpty) return null;
  let size = 0;
  const body = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      done(size > limit ? new DomainError('body-too-large') : null, chunk);
    },
  });
  raw.pipe(body);
  // A service may answer without hearing the rest: the caller gets rid of it all the same, and hears the answer.
  body.once('close', () => raw.resume());
  return body;
}

interface Switched {
  answer: IncomingMessage;
  upstream: Socket;
  first: Buffer;
}

/** From here on bytes go to and fro as they are. */
function joinSockets(
  reply: FastifyReply,
  { socket, head }: Handshake,
  { answer, upstream, first }: Switched,
): void {
  reply.hijack();
  reply.raw.detachSocket(socket);
  const said = Object.entries({ ...answer.headers, 'x-request-id': reply.request.scope.requestId });
  const lines = said.flatMap(([key, value]) => [value ?? []].flat().map((one) => `${key}: ${one}`));
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(first);
  upstream.write(head);
  upstream.setTimeout(0);
  upstream.once('error', () => upstream.destroy());
  upstream.once('close', () => socket.destroySoon());
  socket.once('close', () => upstream.destroy());
  upstream.pipe(socket).pipe(upstream);
}

/** Nobody was there to hear us; everything else broke off after it heard. */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

function failureOf(error: unknown, service: string): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof errors.HeadersTimeoutError) {
    return new DomainError('service-timeout', { detail: service, cause: error });
  }
  if (error instanceof Error && 'code' in error && NOT_REACHED.has(String(error.code))) {
    return new DomainError('service-unavailable', {
      detail: `${service} does not answer`,
      cause: error,
    });
  }
  return new DomainError('service-failed', { detail: service, cause: error });
}
