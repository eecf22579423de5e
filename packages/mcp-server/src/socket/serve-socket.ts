import { DomainError, SOCKET_PROTOCOL, type SocketCall } from '@smart-ai-hub/shared/contracts';
import {
  admitActor,
  countsOf,
  type Guards,
  type LimitsByRole,
  logFailure,
  type RateLimiter,
  type RequestScope,
  requirePermission,
  runInScope,
  scopeFrom,
  socketError,
  takeHandshakes,
} from '@smart-ai-hub/shared/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import type { McpDeps } from '../context.ts';
import { answerCall, type Fail } from './answer-call.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Line } from './line.ts';
import { type LiveActor, type LiveActorParts, openLiveActor } from './live-actor.ts';
import type { OpenSockets } from './open-sockets.ts';
import type { Send } from './sender.ts';

/** Bytes of one message: images travel in it. */
const LARGEST_MESSAGE = 8 * 1024 * 1024;
const ACCESS = 'services:use';

export interface SocketParts extends LiveActorParts {
  guards: Guards;
  deps: McpDeps;
  sockets: OpenSockets;
  rateLimiter: RateLimiter;
  rateLimits: LimitsByRole;
}

/** The door `/ws`: many calls over one WebSocket, each as if it came over HTTP. See docs/websocket.md. */
export function serveSocket(app: FastifyInstance, parts: SocketParts): void {
  app.addHook('preClose', () => parts.sockets.drain()); // before the sockets below are cut
  const handshakeOf = takeHandshakes(app);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
  });
  app.get('/ws', async (request, reply) => {
    if (request.url.includes('?')) throw new DomainError('invalid-request', { detail: NO_QUERY });
    const admitted = await admitActor(request, ACCESS, parts.guards);
    const handshake = handshakeOf(request.raw);
    if (!handshake) throw new DomainError('invalid-request', { detail: 'this address is for WebSockets' });
    parts.sockets.requireRoom(admitted.actor.userId);
    const { socket: transport, head } = handshake;
    reply.hijack();
    reply.raw.detachSocket(transport);
    server.handleUpgrade(request.raw, transport, head, (socket) => {
      const live = openLiveActor(admitted, parts);
      const answer = (call: SocketCall, line: Line, send: Send) =>
        answerAs({ ...parts, request, reply, live, connection }, call, line, send);
      const { requestId } = request.scope;
      const connection = openConnection({ socket, transport, requestId, answer });
      parts.sockets.add(admitted.actor.userId, connection, live);
    });
    return reply;
  });
}

const NO_QUERY =
  'nothing is read of a query here: show a token or key in Authorization, or as a sub-protocol';

interface Caller extends SocketParts {
  request: FastifyRequest;
  reply: FastifyReply;
  live: LiveActor;
  connection: Connection;
}

/** A call as whoever the client is by now, in a scope of its own. */
function answerAs(caller: Caller, call: SocketCall, line: Line, send: Send): Promise<void> {
  const { request, reply, deps, live } = caller;
  const scope = scopeFrom({});
  const fail = failing(caller, call, scope, send);
  return runInScope(scope, async () => {
    try {
      const actor = await live.now();
      scope.actorId = actor.userId;
      requirePermission(actor, ACCESS);
      await limitRate(caller, actor);
      const { requestId } = scope;
      const { ip: address, headers } = request;
      const ctx = { ...deps, actor, requestId, address, userAgent: headers['user-agent'] };
      await answerCall({ ...ctx, http: { request, reply } }, call, line, { send, fail });
    } catch (thrown) {
      await fail(thrown);
    }
  });
}

/** Says it to the client and to the log; a credential that has ended ends the socket too. */
const failing =
  (
    { request, deps, sockets, connection }: Caller,
    { id, type }: SocketCall,
    { requestId }: RequestScope,
    send: Send,
  ): Fail =>
  async (thrown, usage) => {
    const error = request.server.toDomainError(thrown);
    logFailure(error, { route: request.routeOptions.url, type }, deps.logger);
    await send({ id, type: 'error', error: socketError(error, requestId), usage });
    if (error.code === 'unauthenticated') sockets.endOf(connection);
  };

/** As the gateway counts requests over HTTP, and together with them. */
async function limitRate(
  { rateLimiter, rateLimits, request }: Caller,
  actor: Awaited<ReturnType<LiveActor['now']>>,
): Promise<void> {
  for (const { subject, windows } of countsOf(actor, request.ip, rateLimits)) {
    const { allowed, resetSeconds } = await rateLimiter.consume(subject, windows);
    if (!allowed) throw new DomainError('rate-limited', { retryAfter: resetSeconds });
  }
}
