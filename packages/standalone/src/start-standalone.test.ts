import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProgram, temporaryFolder } from './program.fixture.ts';

const CREDENTIALS = { email: 'first@test.example', password: 'a long and unusual passphrase' };

const post = (url: string, path: string, body: unknown) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The process of the embedded PostgreSQL, as it says itself; nothing where none runs. */
function postmasterOf(dataDir: string): number | undefined {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

/** A process that ended is gone, or waits for its parent to look (`Z`). */
function isAlive(pid: number | undefined): boolean {
  const status = `/proc/${pid ?? 0}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

/** What only a developer reads. */
const STACK = /\n {4}at |node:internal/;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const SLOW = { timeout: 90_000 };

test('the hub starts from nothing, finds everything again, and survives being killed', SLOW, async () => {
  await using first = startProgram(folder.path);
  expect((await post(await first.ready, '/api/v1/auth/register', CREDENTIALS)).status).toBe(201);
  const postmaster = postmasterOf(folder.path);
  await first.stop('SIGKILL');
  expect(isAlive(postmaster), 'PostgreSQL outlives a killed run').toBe(true);

  await using second = startProgram(folder.path);
  const url = await second.ready;
  await expect.poll(() => isAlive(postmaster), { message: 'the next run takes it over' }).toBe(false);
  expect((await post(url, '/api/v1/auth/login', CREDENTIALS)).status).toBe(200);

  await using late = startProgram(folder.path);
  const refused = await late.ended;
  expect(refused.code).toBe(1);
  expect(refused.stderr.trim()).toBe(
    `Smart AI Hub did not start: the hub is running here already, as process ${second.pid}: stop it, or set HUB_DATA_DIR to another folder`,
  );
  expect((await fetch(`${url}/ready`)).status, 'the one that runs is left alone').toBe(200);

  const { code, stderr } = await second.stop('SIGTERM');
  expect([code, stderr]).toEqual([0, '']);
  expect(postmasterOf(folder.path)).toBeUndefined();
  expect(existsSync(join(folder.path, 'hub.pid'))).toBe(false);
});

test('what the hub cannot start with is said in one line, and nothing is left running', SLOW, async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const complaints: [Record<string, string>, string][] = [
    [
      { GATEWAY_PORT: String(port) },
      `port ${port} is taken by another program: stop it, or set GATEWAY_PORT to another port`,
    ],
    [{ HOST: '192.0.2.1' }, 'this machine has no address 192.0.2.1: set HOST to one it has'],
    [{ PROVIDERS: '{' }, 'bad configuration:\n  PROVIDERS: is not JSON'],
  ];
  for (const [env, complaint] of complaints) {
    await using program = startProgram(folder.path, env);
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trim()).toContain(`Smart AI Hub did not start: ${complaint}`);
    expect(stderr).not.toMatch(STACK);
    expect(postmasterOf(folder.path)).toBeUndefined();
    expect(existsSync(join(folder.path, 'hub.pid'))).toBe(false);
  }
  other.close();
});

test('a hub that is told to end while it starts ends in order', SLOW, async () => {
  await using program = startProgram(folder.path);
  await expect.poll(() => postmasterOf(folder.path), { timeout: 30_000, interval: 20 }).toBeDefined();
  const { code } = await program.stop('SIGTERM');
  expect(code).toBe(0);
  expect(postmasterOf(folder.path)).toBeUndefined();
  expect(existsSync(join(folder.path, 'hub.pid'))).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  'root hears why PostgreSQL cannot use a folder of root’s own',
  SLOW,
  async () => {
    chmodSync(folder.path, 0o700);
    await using program = startProgram(join(folder.path, 'data'));
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /runs as the user postgres, who cannot enter .*: set HUB_DATA_DIR to a folder that others may/,
    );
    expect(stderr).not.toMatch(STACK);
  },
);

test.each<[string, Record<string, string>, number, RegExp]>([
  [
    'a folder that cannot be written',
    { HUB_DATA_DIR: '/dev/null/hub' },
    1,
    /did not start: cannot write to \/dev\/null\/hub: /,
  ],
  ['a port that is no number', { GATEWAY_PORT: 'http' }, 78, /GATEWAY_PORT/],
])('%s is said before anything is begun', SLOW, async (_what, env, exitCode, message) => {
  await using program = startProgram(folder.path, env);
  const { code, stderr } = await program.ended;
  expect(code).toBe(exitCode);
  expect(stderr.trim()).toMatch(message);
  expect(stderr).not.toMatch(STACK);
  expect(existsSync(join(folder.path, 'postgres'))).toBe(false);
});
