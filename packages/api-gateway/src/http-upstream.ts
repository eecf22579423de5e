import { connect } from 'node:net';
import { Transform } from 'node:stream';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { FastifyRequest } from 'fastify';
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

/** A service over HTTP with kept connections. The body streams both ways and is never read here. */
export function httpUpstream(name: ServiceName, url: string, options: HttpUpstreamOptions): Upstream {
  const { hostname, port, origin } = new URL(url);
  const pool = new Pool(origin, { connections: 512, pipelining: 1, connect: { timeout: 2_000 } });

  return {
    name,
    forward: async (request, reply, headers) => {
      const { raw } = reply;
      try {
        await pool.stream(
          {
            method: request.method, // the router lets no other through
            path: request.url,
            headers,
            body: bodyOf(request, options.bodyLimit),
            headersTimeout: options.headersTimeout,
            bodyTimeout: options.bodyTimeout,
          },
          ({ statusCode, headers: answered }) => {
            reply.hijack();
            for (const [header, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(header, value);
            raw.writeHead(statusCode, answerHeaders(answered));
            return raw;
          },
        );
      } catch (error) {
        if (raw.headersSent || raw.destroyed) raw.destroy();
        else throw failureOf(error, name);
      }
    },
    upgrade: (request, socket, head, headers) => {
      const upstream = connect(Number(port), hostname);
      upstream.once('connect', () => {
        const lines = Object.entries({ ...headers, host: `${hostname}:${port}`, connection: 'Upgrade', upgrade: 'websocket' });
        const text = lines.flatMap(([key, value]) => [value ?? []].flat().map((one) => `${key}: ${one}`)).join('\r\n');
        upstream.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${text}\r\n\r\n`);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.once('error', () => socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n'));
      upstream.once('close', () => socket.destroy());
      socket.once('close', () => upstream.destroy());
      socket.once('error', () => upstream.destroy());
    },
    probe: async () => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: '/health', headersTimeout: 2_000 });
      await body.dump();
      if (statusCode >= 400) throw new Error(`${name} answered its health check with ${statusCode}`);
    },
    close: () => pool.destroy(),
  };
}

/** The caller's body as it streams in; one of unknown length is cut off where it passes the limit. */
function bodyOf({ headers, raw }: FastifyRequest, limit: number) {
  if (Number(headers['content-length'] ?? 0) > 0) return raw;
  if (headers['transfer-encoding'] === undefined) return null;
  let size = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      done(size > limit ? new DomainError('body-too-large') : null, chunk);
    },
  });
  raw.once('aborted', () => meter.destroy(new Error('the caller went away')));
  return raw.pipe(meter);
}

function failureOf(error: unknown, service: string): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new DomainError('service-timeout', { detail: service, cause: error });
  }
  if (error instanceof errors.SocketError) return new DomainError('service-failed', { detail: service, cause: error });
  return new DomainError('service-unavailable', { detail: `${service} does not answer`, retryAfter: 1, cause: error });
}
