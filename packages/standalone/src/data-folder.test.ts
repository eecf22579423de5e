import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StartError, takeDataFolder } from './data-folder.ts';
import { temporaryFolder } from './program.fixture.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;
const lockOf = (folder: string) => join(folder, 'hub.pid');

/** A living process whose command line has this in it; ends with the test. */
async function livingProcess(word: string) {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', word], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

/** The message of the one error that an operator may get here. */
function refusalOf(folder: string): string {
  try {
    takeDataFolder(folder);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  throw new Error('the folder was taken');
}

test('secrets are made once, at random, for nobody else’s eyes, and found again', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a', 'data');
  const first = takeDataFolder(path);
  first.release();
  const second = takeDataFolder(path);
  second.release();
  expect(second.secrets).toEqual(first.secrets);
  expect(modeOf(join(path, 'secrets.json'))).toBe(0o600);
  expect(new Set(Object.values(first.secrets)).size).toBe(6);
  for (const secret of Object.values(first.secrets)) expect(secret).toMatch(/^[\w-]{43}$/);
  using other = temporaryFolder();
  expect(Object.values(takeDataFolder(other.path).secrets)).not.toContain(first.secrets.signingSeed);
});

test('a folder of before there was a sealing key gets one, and keeps it', () => {
  using folder = temporaryFolder();
  const { secrets, release } = takeDataFolder(folder.path);
  release();
  const { sealingKey: _, ...before } = secrets;
  writeFileSync(join(folder.path, 'secrets.json'), JSON.stringify(before));
  const later = takeDataFolder(folder.path);
  later.release();
  expect(later.secrets).toEqual({ ...before, sealingKey: later.secrets.sealingKey });
  expect(later.secrets.sealingKey).toMatch(/^[\w-]{43}$/);
  expect(takeDataFolder(folder.path).secrets).toEqual(later.secrets);
  expect(modeOf(join(folder.path, 'secrets.json'))).toBe(0o600);
});

test('a folder that is made can be entered by PostgreSQL, whatever the umask', () => {
  using folder = temporaryFolder();
  const former = process.umask(0o077);
  try {
    takeDataFolder(join(folder.path, 'data'));
  } finally {
    process.umask(former);
  }
  expect(modeOf(join(folder.path, 'data'))).toBe(0o755);
  expect(modeOf(join(folder.path, 'data', 'secrets.json'))).toBe(0o600);
});

test('the lock says who has the folder, and is gone after the release', () => {
  using folder = temporaryFolder();
  const taken = takeDataFolder(folder.path);
  expect(readFileSync(lockOf(folder.path), 'utf8')).toBe(String(process.pid));
  taken.release();
  expect(existsSync(lockOf(folder.path))).toBe(false);
});

test('a folder that a living hub has is refused in one line that says what to do', async () => {
  using folder = temporaryFolder();
  await using hub = await livingProcess('packages/standalone/dist/main.js');
  writeFileSync(lockOf(folder.path), String(hub.pid));
  const message = refusalOf(folder.path);
  expect(message).toBe(
    `the hub is running here already, as process ${hub.pid}: stop it, or set HUB_DATA_DIR to another folder`,
  );
  expect(readFileSync(lockOf(folder.path), 'utf8')).toBe(String(hub.pid));
});

test.each(['4194304', '0', '-1', '', 'not a number', '1.5'])(
  'a lock that nobody living holds is taken over: "%s"',
  (holder) => {
    using folder = temporaryFolder();
    writeFileSync(lockOf(folder.path), holder);
    takeDataFolder(folder.path);
    expect(readFileSync(lockOf(folder.path), 'utf8')).toBe(String(process.pid));
  },
);

test('a lock whose number now belongs to another program is taken over', async () => {
  using folder = temporaryFolder();
  await using stranger = await livingProcess('some-editor');
  writeFileSync(lockOf(folder.path), String(stranger.pid));
  expect(() => takeDataFolder(folder.path)).not.toThrow();
});

test('a folder that cannot be written is refused in one line that says what to do', () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'file'), '');
  const inside = join(folder.path, 'file', 'data');
  expect(refusalOf(inside)).toBe(
    `cannot write to ${inside}: make it writable or set HUB_DATA_DIR to another folder`,
  );
});

test.skipIf(process.getuid?.() === 0)('a read-only folder is refused too', () => {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o555);
  expect(refusalOf(folder.path)).toMatch(/^cannot write to /);
});

test.each(['', '{', '{}', '{"databaseOwner":1}', 'null'])(
  'damaged secrets are never replaced: %s',
  (text) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'secrets.json');
    writeFileSync(file, text);
    expect(refusalOf(folder.path)).toBe(`${file} is damaged: put it back from a backup`);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(lockOf(folder.path))).toBe(false);
  },
);

test('new secrets are never made for a database that was made with others', () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'postgres'));
  writeFileSync(join(folder.path, 'postgres', 'PG_VERSION'), '18\n');
  expect(refusalOf(folder.path)).toMatch(
    /secrets\.json is gone, and the database beside it cannot be opened without/,
  );
  expect(existsSync(join(folder.path, 'secrets.json'))).toBe(false);
});
