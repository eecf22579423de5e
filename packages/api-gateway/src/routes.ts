import { DomainError, opensWay } from '@smart-ai-hub/shared/contracts';
import { type HandshakeOf, runInScope } from '@smart-ai-hub/shared/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { headersFor } from './headers.ts';
import { isLocal } from './local.ts';
import { shownIn } from './protocols.ts';
import type { Identify, Identity } from './identity.ts';
import type { RequireKnownOrigin } from './origins.ts';
import type { LimitRate } from './rate-limit.ts';
import { type ServiceName, type Upstream, type Way, WAYS } from './upstreams.ts';

export interface RouteParts {
  upstreams: Record<ServiceName, Upstream>;
  identify: Identify;
  limitRate: LimitRate;
  requireKnownOrigin: RequireKnownOrigin;
  handshakeOf: HandshakeOf;
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
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null);
  });
  app.decorateRequest('identity');
  for (const way of WAYS) {
    for (const url of [way.prefix, `${way.prefix}/*`]) {
      app.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url,
        // in its scope, so that the question which key this is carries the request's id on
        onRequest: (request, reply) => {
          if (way.local && !isLocal(request)) throw new DomainError('not-found');
          return runInScope(request.scope, () => admit(way, request, reply, parts));
        },
        handler: (request, reply) => forward(way, request, reply, parts),
      });
    }
  }
}

/** A bad token is refused before anything else, and counts against its address, so that guessing is slow. */
async function admit(
  way: Way,
  request: FastifyRequest,
  reply: FastifyReply,
  { identify, limitRate, requireKnownOrigin, bodyLimit }: RouteParts,
) {
  try {
    if (way.ownPages) requireKnownOrigin(request.headers.origin);
    request.identity = await identify(credentialOf(way, request));
    checkResource(way, request.identity);
  } catch (error) {
    await limitRate(undefined, request.ip, reply);
    throw error;
  }
  if (request.identity) request.scope.actorId = request.identity.actor.userId;
  await limitRate(request.identity, request.ip, reply);
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw new DomainError('body-too-large');
}

/** A client's token opens its one resource (RFC 8707) and nothing else. */
function checkResource({ prefix, closed }: Way, identity: Identity | undefined): void {
  const issuedFor = identity?.actor.resource;
  const isElsewhere = issuedFor !== undefined && !opensWay(issuedFor, prefix);
  if (isElsewhere || (closed && !identity)) throw new DomainError('unauthenticated');
}

/**
 * What the caller shows: `Authorization`, the `x-api-key` of Anthropic's clients, or a sub-protocol. The one that there may be
 * (RFC 9110, 5.3): of several, a proxy in front might have gone by another than we do.
 */
function credentialOf({ socket }: Way, { raw: { rawHeaders }, headers }: FastifyRequest): string | undefined {
  const isCredential = (text: string, index: number) =>
    index % 2 === 0 && (text.length === 13 || text.length === 9) && CREDENTIALS.has(text.toLowerCase());
  const shown = socket ? shownIn(headers['sec-websocket-protocol']) : [];
  if (rawHeaders.filter(isCredential).length + shown.length > 1) throw new DomainError('unauthenticated');
  if (shown[0] !== undefined) return `Bearer ${shown[0]}`;
  const key = headers['x-api-key'];
  return key === undefined ? headers.authorization : `Bearer ${String(key)}`;
}

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'x-api-key']);

async function forward(
  way: Way,
  request: FastifyRequest,
  reply: FastifyReply,
  { upstreams, handshakeOf }: RouteParts,
) {
  const { identity, ip: address, scope } = request;
  const cookie = way.cookies ? request.headers.cookie : undefined;
  const headers = headersFor(request.headers, { identity, address, scope, cookie });
  const upstream = upstreams[way.service];
  const handshake = handshakeOf(request.raw);
  if (handshake) await upstream.upgrade(request, reply, headers, handshake);
  else await upstream.forward(request, reply, headers);
  return reply;
}
