import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { call } from './call.ts';
import { type Dns, NAMES } from './dns.ts';
import type { Guest } from './guest.ts';
import { GATEWAY } from './network.ts';
import { serve } from './serve.ts';

/**
 * An ACME authority (RFC 8555): Let's Encrypt's own test server, which asks the guests back on port 80. It
 * remembers accounts until it ends; certbot does not get on with one that forgot its own.
 */
export interface Authority extends AsyncDisposable {
  /** What an ACME client is given as its server. */
  directory: string;
  /** The root and the intermediate that sign what it issues; new ones with each start. */
  chain: { root: X509Certificate; intermediate: X509Certificate };
  /** Lets a guest trust the authority's own HTTPS, as the public ones are trusted. */
  trustIn: (guest: Guest) => Promise<void>;
}

const PORT = 14_000;
const MANAGEMENT_PORT = 15_000;

interface AuthorityOptions {
  dns: Dns;
  /** How long its certificates last. */
  lifetimeSeconds: number;
}

/** Starts an authority that issues certificates of the given lifetime, at once and to whoever proves a name. */
export async function startAuthority({ dns, lifetimeSeconds }: AuthorityOptions): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-acme-'));
  const [key, certificate, config] = ['key.pem', 'cert.pem', 'config.json'].map((name) => join(folder, name));
  if (!key || !certificate || !config) throw new Error('unreachable');
  await makeCertificate(key, certificate);
  const pebble = {
    listenAddress: `${GATEWAY.v4}:${PORT}`,
    managementListenAddress: `${GATEWAY.v4}:${MANAGEMENT_PORT}`,
    certificate,
    privateKey: key,
    httpPort: 80,
    tlsPort: 443,
    certificateValidityPeriod: lifetimeSeconds,
  };
  await writeFile(config, JSON.stringify({ pebble }));
  const server = await serve({
    program: 'env',
    // Neither its pauses nor its random refusals of nonces: those test ACME clients, and ours is certbot.
    args: [
      ...['PEBBLE_VA_NOSLEEP=1', 'PEBBLE_WFE_NONCEREJECT=0'],
      ...['pebble', '-config', config, '-dnsserver', dns.server],
    ],
    ready: /ACME directory available/,
  });
  const ca = await readFile(certificate, 'utf8');
  const [root, intermediate] = await Promise.all(
    ['roots', 'intermediates'].map((kind) => fetchSigner(kind, ca)),
  );
  if (!root || !intermediate) throw new Error('unreachable');
  return {
    directory: `https://${NAMES.acme}:${PORT}/dir`,
    chain: { root, intermediate },
    trustIn: async (guest) => {
      await guest.run(['tee', '/usr/local/share/ca-certificates/test-authority.crt'], { input: ca });
      await guest.run(['update-ca-certificates']);
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function makeCertificate(key: string, certificate: string): Promise<void> {
  await call('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${NAMES.acme}`, '-addext', `subjectAltName=DNS:${NAMES.acme},IP:${GATEWAY.v4}`],
    ...['-keyout', key, '-out', certificate],
  ]);
}

async function fetchSigner(kind: string, ca: string): Promise<X509Certificate> {
  const pem = await new Promise<string>((resolve, reject) => {
    const url = `https://${GATEWAY.v4}:${MANAGEMENT_PORT}/${kind}/0`;
    get(url, { agent: new Agent({ ca }) }, (answer) => {
      text(answer).then(resolve, reject);
    }).once('error', reject);
  });
  return new X509Certificate(pem);
}
