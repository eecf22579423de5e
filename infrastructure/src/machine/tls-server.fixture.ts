import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

/** A server that shows a certificate which nobody vouches for. */
export interface TlsServer extends AsyncDisposable {
  port: number;
  serial: string;
}

export async function startTlsServer(name: string): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-tls-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const pem = readFileSync(certificate);
  const server = createServer({ key: readFileSync(key), cert: pem });
  rmSync(folder, { recursive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    serial: new X509Certificate(pem).serialNumber,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
