import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
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
/** Where it tells about itself lies this far above. */
const TO_MANAGEMENT = 1000;
const LISTEN_MS = 20_000;

interface AuthorityOptions {
  dns: Dns;
  /** How long its certificates last. */
  lifetimeSeconds: number;
  /** Two at once need two. */
  port?: number;
}

/** Starts an authority that issues certificates of the given lifetime, at once and to whoever proves a name. */
export async function startAuthority({
  dns,
  lifetimeSeconds,
  port = PORT,
}: AuthorityOptions): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-acme-'));
  const [key, certificate, config] = ['key.pem', 'cert.pem', 'config.json'].map((name) => join(folder, name));
  if (!key || !certificate || !config) throw new Error('unreachable');
  await makeCertificate({ key, certificate, name: NAMES.acme });
  const pebble = {
    listenAddress: `${GATEWAY.v4}:${port}`,
    managementListenAddress: `${GATEWAY.v4}:${port + TO_MANAGEMENT}`,
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
  const end = async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
  try {
    const ca = await readFile(certificate, 'utf8');
    return {
      directory: `https://${NAMES.acme}:${port}/dir`,
      chain: await fetchChain(`${GATEWAY.v4}:${port + TO_MANAGEMENT}`, ca),
      trustIn: (guest) => trust(guest, `authority-${port}`, ca),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Pebble says that it serves and begins to listen then; on a busy machine there is a while between. */
async function fetchChain(management: string, ca: string): Promise<Authority['chain']> {
  const fetched = (kind: string) =>
    vi.waitFor(() => fetchSigner(`${management}/${kind}/0`, ca), { timeout: LISTEN_MS, interval: 50 });
  return { root: await fetched('roots'), intermediate: await fetched('intermediates') };
}

/** A certificate that signs itself, for a name at this machine's address. */
export async function makeCertificate(made: {
  key: string;
  certificate: string;
  name: string;
}): Promise<void> {
  const { key, certificate, name } = made;
  await call('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:${GATEWAY.v4}`],
    ...['-keyout', key, '-out', certificate],
  ]);
}

/** Lets a guest believe who shows a certificate, as it believes the public authorities. */
export async function trust(guest: Guest, name: string, pem: string): Promise<void> {
  await guest.run(['tee', `/usr/local/share/ca-certificates/test-${name}.crt`], { input: pem });
  await guest.run(['update-ca-certificates']);
}

async function fetchSigner(place: string, ca: string): Promise<X509Certificate> {
  const pem = await new Promise<string>((resolve, reject) => {
    get(`https://${place}`, { agent: new Agent({ ca }) }, (answer) => {
      text(answer).then(resolve, reject);
    }).once('error', reject);
  });
  return new X509Certificate(pem);
}
