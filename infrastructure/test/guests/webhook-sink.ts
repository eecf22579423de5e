import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
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

/** A web server that takes every request and answers 204. */
export async function startWebhookSink(): Promise<WebhookSink> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      deliveries.push({ method, path, headers, body });
      response.writeHead(204).end();
    });
  });
  server.listen(PORT, GATEWAY.v4);
  await once(server, 'listening');
  return {
    url: `http://${NAMES.hooks}:${PORT}`,
    deliveries,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
