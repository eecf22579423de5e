import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, GATEWAY } from './network.ts';
import { serve } from './serve.ts';

/** RFC 6761: nobody owns a name below `test`. */
export const DOMAIN = 'hub.test';

/** Names of what the machine itself answers for its guests. */
export const NAMES = { acme: `acme.${DOMAIN}`, mail: `mail.${DOMAIN}`, hooks: `hooks.${DOMAIN}` };

/** Held by one file of tests at a time; how long another waits for it. */
const LOCK = join(tmpdir(), 'hub-guests-dns.lock');
const PATIENCE_MS = 500_000;

export interface Dns extends AsyncDisposable {
  /** The address of the server, with its port. */
  server: string;
  /** From now on the name and what is below `www` of it are answered with the address. */
  point: (name: string, address: Address) => Promise<void>;
}

const line = (name: string, { v4, v6 }: Address) => `${v4} ${name} www.${name}\n${v6} ${name} www.${name}\n`;

/**
 * The name server of guests: the test domain from here, everything else as this machine sees it. There is one address for
 * it, so there is one at a time: another is waited for.
 */
export async function startDns(): Promise<Dns> {
  const turn = await serve({
    program: 'flock',
    // dnsmasq closes what it was given, a lock too.
    args: ['--no-fork', LOCK, 'sh', '-c', 'echo held && exec sleep infinity'],
    ready: /^held$/,
    timeoutMs: PATIENCE_MS,
  });
  try {
    const dns = await startServer();
    return {
      ...dns,
      [Symbol.asyncDispose]: async () => {
        await dns[Symbol.asyncDispose]();
        await turn[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await turn[Symbol.asyncDispose]();
    throw error;
  }
}

async function startServer(): Promise<Dns> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-dns-'));
  const hosts = join(folder, 'hosts');
  const known = new Map<string, Address>(
    Object.values(NAMES).map((name) => [name, { v4: GATEWAY.v4, v6: GATEWAY.v6 }]),
  );
  const write = () => writeFile(hosts, [...known].map(([name, address]) => line(name, address)).join(''));
  await write();
  const server = await serve({
    program: 'dnsmasq',
    args: [
      ...['--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null', '--pid-file'],
      // As root and in root's group: a program that changes who it is loses the signal that ends it with us.
      ...['--user=root', '--group=root'],
      ...['--bind-interfaces', '--except-interface=lo', `--listen-address=${GATEWAY.v4}`, '--cache-size=0'],
      ...['--no-hosts', `--addn-hosts=${hosts}`, `--local=/${DOMAIN}/`],
    ],
    ready: /read .*hosts - \d+/,
  });
  return {
    server: `${GATEWAY.v4}:53`,
    point: async (name, address) => {
      known.set(name, address);
      await write();
      const read = server.said(/read .*hosts - \d+/);
      process.kill(server.pid, 'SIGHUP');
      await read;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
