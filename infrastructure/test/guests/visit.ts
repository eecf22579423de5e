import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { DOMAIN } from './dns.ts';

export interface Visited {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of the certificate that was shown. */
  serial: string;
}

interface Visit {
  path?: string;
  /** Who may have signed the certificate, as PEM. */
  ca: string;
  headers?: Record<string, string>;
}

/** Opens an address of the platform as a browser does; rejects where the certificate does not hold. */
export async function visit(
  address: string,
  { path = '/health/edge', ca, headers }: Visit,
): Promise<Visited> {
  const sent = request({
    ...{ host: address, port: 443, servername: DOMAIN, ca, path, agent: false },
    headers: { host: DOMAIN, ...headers },
  });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const { serialNumber } = (answer.socket as TLSSocket).getPeerCertificate();
  return { ...(await heard(answer)), serial: serialNumber };
}

/** The same by port 80, where there is no certificate. */
export async function visitPlainly(address: string, path = '/'): Promise<Omit<Visited, 'serial'>> {
  const sent = plain({ host: address, path, headers: { host: DOMAIN }, agent: false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return heard(answer);
}

const heard = async (answer: IncomingMessage) => ({
  status: answer.statusCode,
  headers: answer.headers,
  text: await text(answer),
});
