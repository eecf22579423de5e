import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { NAMES } from './dns.ts';
import { GATEWAY } from './network.ts';

export interface Delivery {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebhookSink extends AsyncDisposable {
  /** As the guests call it; any path below is taken. */
  url: string;
  /** What came, oldest first. */
  deliveries: Delivery[];
}

const PORT = 8088;

/** A web server that takes every request and answers 204; with a key and its certificate, by https. */
export async function startWebhookSink(tls?: { key: string; cert: string }): Promise<WebhookSink> {
  const deliveries: Delivery[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      deliveries.push({ method, path, headers, body });
      response.writeHead(204).end();
    });
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.listen(PORT, GATEWAY.v4);
  await once(server, 'listening');
  return {
    url: `${tls ? 'https' : 'http'}://${NAMES.hooks}:${PORT}`,
    deliveries,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
