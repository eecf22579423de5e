import { connect } from 'node:tls';
import { Failure } from '../failure.ts';

const PATIENCE_MS = 10_000;

/** Who somebody meets at an address: the serial number of the certificate that is shown for a name. */
export interface Shown {
  /** Hexadecimal, in capitals, as openssl prints it. */
  serial: string;
  /** The name is in it, and this machine knows who signed it. */
  isTrusted: boolean;
}

/** Makes a TLS handshake with a server as anybody would; throws a Failure where there is none. */
export async function handshake(address: string, port: number, servername: string): Promise<Shown> {
  const unreachable = (says: string) =>
    new Failure(`${address}:${port} does not show a certificate for ${servername}`, [says]);
  return new Promise((resolve, reject) => {
    // What is shown is looked at, not trusted: a certificate that is wrong is what is looked for.
    const socket = connect({ host: address, port, servername, rejectUnauthorized: false });
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(unreachable(`no answer after ${PATIENCE_MS / 1000} s`));
    });
    socket.once('error', (error: Error) => reject(unreachable(error.message)));
    socket.once('secureConnect', () => {
      const { serialNumber } = socket.getPeerCertificate();
      resolve({ serial: serialNumber.toUpperCase(), isTrusted: socket.authorized });
      socket.end();
    });
  });
}
