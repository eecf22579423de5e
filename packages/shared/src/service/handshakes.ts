import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What a connection that wants to become a WebSocket brought beside its request. */
export interface Handshake {
  socket: Socket;
  /** What came behind the request already. */
  head: Buffer;
}

export type HandshakeOf = (request: IncomingMessage) => Handshake | undefined;

/**
 * Lets WebSocket handshakes take the way of every other request: identity, limits, problems and log are the
 * same. Answers how a handler finds the handshake. Open sockets end when the application closes.
 */
export function takeHandshakes(app: FastifyInstance): HandshakeOf {
  const handshakes = new WeakMap<IncomingMessage, Handshake>();
  const open = new Set<Socket>();

  app.server.on('upgrade', (request, _socket, head) => {
    const { socket } = request;
    socket.on('error', () => socket.destroy());
    if (!isWebSocket(request)) {
      startOver(app.server, request, head);
      return;
    }
    app.unusedSockets.delete(socket);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    handshakes.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false; // a refused caller begins anew: what follows on this socket is nobody's
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    app.routing(request, response);
  });
  app.addHook('preClose', (done) => {
    for (const socket of open) socket.destroySoon(); // or the server would wait for them for ever
    done();
  });
  return (request) => handshakes.get(request);
}

const isWebSocket = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

const OFFER = new Set(['connection', 'upgrade', 'http2-settings']);

/**
 * Some clients offer HTTP/2 with each request (`Upgrade: h2c`), one with a body too. An offer may be passed
 * over (RFC 9110, 7.8): the request is read again without it.
 */
function startOver(
  server: Server,
  { method, url, httpVersion, rawHeaders, socket }: IncomingMessage,
  head: Buffer,
) {
  const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!OFFER.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[i + 1] ?? ''}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
