import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AuthorizingProxy extends AsyncDisposable {
  url: string;
  /** Where it leads, and the token that it adds. */
  lead: (target: string, token: string) => void;
}

/** Passes everything on with a token: the suite sends none. */
export async function authorizingProxy(): Promise<AuthorizingProxy> {
  let [target, authorization] = ['', ''];
  const server = createServer((asked, answer) => {
    const { method, url = '', headers } = asked;
    const sent = request(new URL(url, target), { method, headers: { ...headers, authorization } });
    sent.on('response', (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    sent.on('error', () => answer.destroy());
    answer.on('close', () => sent.destroy());
    asked.pipe(sent);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    lead: (to, token) => {
      [target, authorization] = [to, `Bearer ${token}`];
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
