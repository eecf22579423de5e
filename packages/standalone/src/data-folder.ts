import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Why the platform cannot start here, and what to do: one line for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const random = () => randomBytes(32).toString('base64url');

const secrets = z.object({
  databaseOwner: z.string(),
  databaseAuth: z.string(),
  databaseCore: z.string(),
  serviceToken: z.string(),
  signingSeed: z.string(),
  /** Came later: a folder of before gets one. */
  sealingKey: z.string().default(random),
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
    const made = mkdirSync(root, { recursive: true });
    if (made !== undefined) chmodSync(root, 0o755); // PostgreSQL may run as another user; secrets have modes of their own
    accessSync(root, constants.W_OK);
  } catch (cause) {
    throw new StartError(`cannot write to ${root}: make it writable or set HUB_DATA_DIR to another folder`, {
      cause,
    });
  }
  const lock = join(root, 'hub.pid');
  takeLock(lock);
  const release = () => {
    rmSync(lock, { force: true });
  };
  try {
    return { postgres: join(root, 'postgres'), secrets: loadSecrets(root), release };
  } catch (error) {
    release();
    throw error;
  }
}

/** One of several runs that begin at once gets the file; a file of a run that is no more is taken over. */
function takeLock(lock: string): void {
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (holder === process.pid || !isHub(holder)) rmSync(lock, { force: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (cause) {
    throw new StartError(
      `the hub is running here already, as process ${holder}: stop it, or set HUB_DATA_DIR to another folder`,
      { cause },
    );
  }
}

/** Whether that process lives and is one of ours: numbers are given out again after a crash. */
function isHub(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || /standalone|start\.mjs/.test(readFileSync(commandLine, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // it lives, as somebody else
  }
}

/** Made once, at random; nobody has to think one up. */
function loadSecrets(root: string): Secrets {
  const file = join(root, 'secrets.json');
  if (existsSync(file)) return readSecrets(file);
  if (existsSync(join(root, 'postgres', 'PG_VERSION'))) {
    throw new StartError(
      `${file} is gone, and the database beside it cannot be opened without: put it back from a backup, or set HUB_DATA_DIR to another folder`,
    );
  }
  const made: Secrets = {
    databaseOwner: random(),
    databaseAuth: random(),
    databaseCore: random(),
    serviceToken: random(),
    signingSeed: random(),
    sealingKey: random(),
  };
  writeSecrets(file, made);
  return made;
}

/** Whole or not at all, whenever this process is killed. */
function writeSecrets(file: string, made: Secrets): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readSecrets(file: string): Secrets {
  try {
    const written = readFileSync(file, 'utf8');
    const known = secrets.parse(JSON.parse(written));
    if (!written.includes(known.sealingKey)) writeSecrets(file, known);
    return known;
  } catch (cause) {
    throw new StartError(`${file} is damaged: put it back from a backup`, { cause });
  }
}
