import { DomainError } from '@smart-ai-hub/shared/contracts';
import { scopeFrom } from '@smart-ai-hub/shared/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { headersFor } from './headers.ts';
import type { Identify, Identity } from './identity.ts';
import type { LimitRate } from './rate-limit.ts';
import { type ServiceName, type Upstream, type Way, wayOf, WAYS } from './upstreams.ts';

export interface RouteParts {
  upstreams: Record<ServiceName, Upstream>;
  identify: Identify;
  limitRate: LimitRate;
  /** Bytes. */
  bodyLimit: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | undefined;
  }
}

/** Every prefix of the table: who calls, how often, then on to the service. Bodies are not read. */
export function registerWays(app: FastifyInstance, parts: RouteParts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => { done(null); });
  app.decorateRequest('identity');
  for (const way of WAYS) {
    for (const url of [way.prefix, `${way.prefix}/*`]) {
      app.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url,
        onRequest: (request, reply) => admit(request, reply, parts),
        handler: (request, reply) => forward(way, request, reply, parts),
      });
    }
  }
}

/** A bad token is refused before anything else, and counts against its address, so that guessing is slow. */
async function admit(request: FastifyRequest, reply: FastifyReply, { identify, limitRate, bodyLimit }: RouteParts) {
  try {
    request.identity = await identify(request.headers.authorization);
  } catch (error) {
    await limitRate(undefined, request.ip, reply);
    throw error;
  }
  if (request.identity) request.scope.actorId = request.identity.actor.userId;
  await limitRate(request.identity, request.ip, reply);
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw new DomainError('body-too-large');
}

async function forward(way: Way, request: FastifyRequest, reply: FastifyReply, { upstreams }: RouteParts) {
  const { identity, ip: address, scope } = request;
  const cookie = way.cookies ? request.headers.cookie : undefined;
  await upstreams[way.service].forward(request, reply, headersFor(request.headers, { identity, address, scope, cookie }));
  return reply;
}

/** WebSocket handshakes: the same admission, then the socket belongs to the service. Answers how to end them all. */
export function passUpgrades(app: FastifyInstance, { upstreams, identify }: RouteParts): () => Promise<void> {
  const open = new Set<{ destroy(): void }>();
  app.server.on('upgrade', (request, socket, head) => {
    const way = wayOf(request.url?.split('?', 1)[0] ?? '/');
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    if (!way) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    identify(request.headers.authorization).then(
      (identity) => {
        const address = request.socket.remoteAddress ?? '';
        const sender = { identity, address, scope: scopeFrom(request.headers), cookie: undefined };
        upstreams[way.service].upgrade(request, socket, head, headersFor(request.headers, sender));
      },
      () => socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n'),
    );
  });
  return () => {
    for (const socket of open) socket.destroy();
    return Promise.resolve();
  };
}
