import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import { attempt, call, type CallOptions, type Outcome } from './call.ts';
import { LABEL } from './engine.ts';
import { type Address, attachment, placeOf } from './network.ts';

/** What `ssh` is given to reach a guest as root: nothing of the operator's own configuration. */
export interface SshEndpoint {
  host: string;
  port: number;
  user: string;
  /** Paths of the private key and of the file with the guest's host key. */
  identity: string;
  knownHosts: string;
}

/** A booted Debian 12 that behaves as a rented server. */
export interface Guest extends AsyncDisposable {
  name: string;
  /** Where the outside reaches it, every port. */
  address: Address;
  /** On loopback, for what should not know of guests. */
  ssh: SshEndpoint;
  /** Runs a program inside, as root, past network and sshd; rejects when it fails. */
  run: (argv: readonly string[], options?: CallOptions) => Promise<string>;
  /** The same, whatever its exit code. */
  attempt: (argv: readonly string[], options?: CallOptions) => Promise<Outcome>;
  /** Keeps the disk as an image that guests can start from; resolves to its tag. */
  snapshot: (tag: string) => Promise<string>;
  /** What a power cut does: every process is gone at once. */
  cutPower: () => Promise<void>;
  /** Boots it again, with the disk that it had. */
  start: () => Promise<void>;
}

/** A guest is a container with an init of its own; these are the rights that systemd, ufw and Docker ask for. */
const RIGHTS = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'].flatMap((name) => ['--cap-add', name]),
  ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
  ...['--tmpfs', '/run', '--tmpfs', '/run/lock', '--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw'],
  ...['--cgroupns', 'host', '--stop-signal', 'SIGRTMIN+3'],
];

const FIRST = 10;
const LAST = 99;
const BOOT_MS = 90_000;

/** A Docker Engine inside needs a folder that is no overlay, and loads modules of the kernel. */
const NESTED = ['--cap-add', 'SYS_MODULE', '--volume', '/var/lib/docker'];

/**
 * Boots a guest from an image, the bare one when none is named; resolves when systemd says `running`. `engine` where
 * Docker shall run inside.
 */
export async function startGuest(image = inject('guests').image, { engine = false } = {}): Promise<Guest> {
  const { number, id } = await create(image, engine ? NESTED : []);
  const { name, address, loopback } = placeOf(number);
  const folder = await mkdtemp(join(tmpdir(), 'hub-guest-'));
  const knownHosts = join(folder, 'known_hosts');
  const inside = (argv: readonly string[]) => ['exec', '--interactive', id, ...argv];
  const guest: Guest = {
    name,
    address,
    ssh: { host: loopback, port: 22, user: 'root', identity: inject('guests').key, knownHosts },
    run: (argv, options) => call('docker', inside(argv), options),
    attempt: (argv, options) => attempt('docker', inside(argv), options),
    snapshot: async (tag) => {
      // What programs have not written yet would be missing, as after a power cut.
      await guest.run(['sync']);
      await call('docker', ['commit', '--change', `LABEL ${LABEL}=snapshot`, id, tag]);
      return tag;
    },
    cutPower: async () => {
      await call('docker', ['kill', '--signal', 'KILL', id]);
    },
    start: async () => {
      await call('docker', ['start', id]);
      await booted(guest);
    },
    [Symbol.asyncDispose]: async () => {
      await call('docker', ['rm', '--force', '--volumes', id]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await call('docker', ['cp', `${inject('guests').key}.pub`, `${id}:/root/.ssh/authorized_keys`]);
    await guest.start();
    const key = await guest.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    await writeFile(
      knownHosts,
      [loopback, address.v4, address.v6].map((host) => `${host} ${key}\n`).join(''),
    );
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
  return guest;
}

/** Takes the first free number, by the container's name; afterwards the id is used, which nobody has again. */
async function create(image: string, rights: readonly string[]): Promise<{ number: number; id: string }> {
  for (let number = FIRST; number <= LAST; number += 1) {
    const { name, address, loopback } = placeOf(number);
    const { code, stdout, stderr } = await attempt('docker', [
      ...['create', '--name', name, '--hostname', name, '--label', `${LABEL}=${number}`],
      ...[...RIGHTS, ...rights, ...attachment(address), '--publish', `${loopback}:22:22`, image],
    ]);
    if (code === 0) return { number, id: stdout.trim() };
    if (!stderr.includes('is already in use by container')) throw new Error(`no guest: ${stderr.trim()}`);
  }
  throw new Error(`no guest: numbers ${FIRST} to ${LAST} are taken`);
}

/** Rejects with the units that failed, when systemd came up without them. */
async function booted(guest: Guest): Promise<void> {
  const state = await vi.waitFor(
    async () => {
      const { stdout, stderr } = await guest.attempt(['systemctl', 'is-system-running', '--wait']);
      const word = stdout.trim();
      if (word !== 'running' && word !== 'degraded') throw new Error(`${guest.name}: ${word || stderr}`);
      return word;
    },
    { timeout: BOOT_MS, interval: 200 },
  );
  if (state === 'running') return;
  const failed = await guest.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend']);
  throw new Error(`${guest.name} is degraded: ${failed}`);
}
