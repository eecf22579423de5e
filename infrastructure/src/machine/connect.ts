import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Endpoint, rootShell, sshArgv, sshExitArgv } from '../commands/ssh.ts';
import type { Host } from '../config/schema.ts';
import { type Machine, shellMachine } from './machine.ts';
import { run } from './spawn.ts';
import { isRefused, sshFailure } from './ssh-failure.ts';

export interface Connection {
  machine: Machine;
  /** The user that was let in. */
  user: string;
  /** The operator's address as the machine sees it. */
  operator: string;
  /** The port of sshd on the machine itself. */
  sshdPort: number;
  /** A new connection as the host's own user that becomes root; throws a Failure when that fails. */
  knock: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Connects as the host's own user, or as its first user while there is no other, and shares that connection.
 * Throws a Failure when the host does not answer, is another one, or refuses the key.
 */
export async function connect(host: Host, sshConfig?: string): Promise<Connection> {
  const controlFolder = await mkdtemp(join(tmpdir(), 'hub-'));
  const endpoint = { address: host.address, port: host.port, user: host.user, sshConfig, controlFolder };
  const close = async (user: string) => {
    await run(sshExitArgv({ ...endpoint, user }));
    await rm(controlFolder, { recursive: true, force: true });
  };
  try {
    const { user, operator, sshdPort } = await enter(endpoint, [host.user, host.firstUser]);
    const inside = { ...endpoint, user };
    return {
      machine: shellMachine(host.name, sshArgv(inside, rootShell(user)), (_, answer) =>
        sshFailure(inside, answer),
      ),
      user,
      operator,
      sshdPort,
      knock: () => knock({ ...endpoint, controlFolder: undefined }),
      close: () => close(user),
    };
  } catch (error) {
    await rm(controlFolder, { recursive: true, force: true });
    throw error;
  }
}

async function enter(endpoint: Endpoint, users: readonly string[]) {
  for (const user of new Set(users)) {
    const inside = { ...endpoint, user };
    const answer = await run(sshArgv(inside, ['printenv', 'SSH_CONNECTION']));
    if (answer.code === 0) return { user, ...sidesOf(answer.stdout) };
    if (!isRefused(answer)) throw sshFailure(inside, answer);
  }
  const said = { code: 255, stdout: '', stderr: 'Permission denied' };
  throw sshFailure({ ...endpoint, user: [...new Set(users)].join(' or ') }, said);
}

/** Client’s address and port, server’s address and port (sshd(8), SSH_CONNECTION). */
function sidesOf(connection: string) {
  const [operator = '', , , sshdPort = ''] = connection.trim().split(' ');
  return { operator, sshdPort: Number(sshdPort) };
}

/** sshd is away for a moment while it reads its settings anew; a firewall that is shut stays so. */
const KNOCKS = 5;
const BETWEEN_MS = 1_000;

async function knock(endpoint: Endpoint): Promise<void> {
  const argv = sshArgv(endpoint, ['sudo', '-n', 'true']);
  let answer = await run(argv);
  for (let tries = 1; tries < KNOCKS && answer.code !== 0; tries += 1) {
    await setTimeout(BETWEEN_MS);
    answer = await run(argv);
  }
  if (answer.code !== 0) throw sshFailure(endpoint, answer);
}
