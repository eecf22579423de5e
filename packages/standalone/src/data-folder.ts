import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Why the platform cannot start here, and what to do: one line for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const secrets = z.object({
  databaseOwner: z.string(),
  databaseAuth: z.string(),
  databaseCore: z.string(),
  serviceToken: z.string(),
  signingSeed: z.string(),
});
export type Secrets = z.output<typeof secrets>;

export interface DataFolder {
  postgres: string;
  secrets: Secrets;
  /** Lets the next run have the folder. */
  release: () => void;
}

/** Takes the folder for this process: made when it is not there, refused while another run has it. */
export function takeDataFolder(folder: string): DataFolder {
  const root = resolve(folder);
  try {
    mkdirSync(root, { recursive: true, mode: 0o755 });
    accessSync(root, constants.W_OK);
  } catch (cause) {
    throw new StartError(`cannot write to ${root}: make it writable or set HUB_DATA_DIR to another folder`, {
      cause,
    });
  }
  const lock = join(root, 'hub.pid');
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (holder !== process.pid && isHub(holder)) {
    throw new StartError(
      `the hub is running here already, as process ${holder}: stop it, or set HUB_DATA_DIR to another folder`,
    );
  }
  writeFileSync(lock, String(process.pid));
  return {
    postgres: join(root, 'postgres'),
    secrets: loadSecrets(join(root, 'secrets.json')),
    release: () => {
      rmSync(lock, { force: true });
    },
  };
}

/** Whether that process lives and is one of ours: numbers are given out again after a crash. */
function isHub(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || /standalone|start\.mjs/.test(readFileSync(commandLine, 'utf8'));
}

/** Made once, at random; nobody has to think one up. */
function loadSecrets(file: string): Secrets {
  if (existsSync(file)) return secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  const random = () => randomBytes(32).toString('base64url');
  const made: Secrets = {
    databaseOwner: random(),
    databaseAuth: random(),
    databaseCore: random(),
    serviceToken: random(),
    signingSeed: random(),
  };
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}
