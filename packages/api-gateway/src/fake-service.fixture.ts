import { once } from 'node:events';
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** Somebody behind the gateway, on a loopback port; what is still open is cut at the end. */
export interface FakeService extends AsyncDisposable {
  url: string;
  /** Ends it early: from then on nobody listens there. */
  stop: () => Promise<void>;
}

/** A service that answers over HTTP as the test says. */
export const fakeService = (answer: RequestListener): Promise<FakeService> => listenOn(createServer(answer));

/** A service that speaks no HTTP of its own accord: the test has the bare socket. */
export const rawService = (talk: (socket: Socket) => void): Promise<FakeService> =>
  listenOn(createTcpServer(talk));

/** An address where nobody listens. */
export async function nobody(): Promise<string> {
  const service = await rawService((socket) => socket.destroy());
  await service.stop();
  return service.url;
}

export async function listenOn(server: Server | HttpServer): Promise<FakeService> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined); // whoever cut it is the subject of the test
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, stop, [Symbol.asyncDispose]: stop };
}
