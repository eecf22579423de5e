import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testLog } from '../testing/log.ts';
import { createApp } from './http.ts';
import { closeAll } from './start.ts';

const FIXTURE = fileURLToPath(new URL('start.fixture.mjs', import.meta.url));
const GOOD = { NODE_ENV: 'production', SERVICE_TOKEN: 'kJ8vQ2nL5xR7tY0wE3uI6oP9aS4dF1gH', PORT: '0' };

let folder: string;
let child: ChildProcess;
const left: ChildProcess[] = [];
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-start-'));
});
afterEach(() => {
  for (const process of left.splice(0)) process.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A real process of the fixture, in a folder of its own. */
function run(env: Record<string, string>) {
  out = '';
  err = '';
  child = spawn(process.execPath, [FIXTURE], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  left.push(child);
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
}

const ended = async (): Promise<unknown> =>
  child.exitCode ?? child.signalCode ?? (await once(child, 'close'))[0];

async function started(): Promise<string> {
  run(GOOD);
  const [message] = await once(child, 'message');
  expect(message).toBe('ready');
  return `http://${String(line('listening')['address'])}`;
}

const lines = (): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
const line = (message: string) => lines().find((one) => one['message'] === message) ?? {};
const messages = () => lines().map(({ message }) => message);

describe('a start', () => {
  test('says "ready" once it listens, logs where, and shows the operator the notice but logs it not', async () => {
    const url = await started();
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect(line('listening')).toMatchObject({ level: 'info', service: 'fixture' });
    expect(out).toContain('\nNOTICE for the operator\n');
    expect(messages()).not.toContain('NOTICE for the operator');
  });

  test('with a bad configuration prints every mistake and exits with 78', async () => {
    run({ NODE_ENV: 'canary', PORT: 'canary', MODE: 'canary' });
    await expect(ended()).resolves.toBe(78);
    expect(err.trimEnd().split('\n')).toEqual([
      'fixture: bad configuration:',
      expect.stringMatching(/^ {2}NODE_ENV: ./),
      '  SERVICE_TOKEN is missing',
      expect.stringMatching(/^ {2}PORT: ./),
      expect.stringMatching(/^ {2}MODE: ./),
    ]);
    expect(out + err).not.toContain('canary');
  });

  test('with a configuration that is bad only together does the same', async () => {
    run({ ...GOOD, MODE: 'bad-together' });
    await expect(ended()).resolves.toBe(78);
    expect(err).toBe('fixture: bad configuration:\n  REDIS_URL is missing; production needs Redis\n');
  });

  test('that fails otherwise logs why and exits with 1', async () => {
    run({ ...GOOD, MODE: 'bad-build' });
    await expect(ended()).resolves.toBe(1);
    expect(line('uncaught exception')).toMatchObject({
      level: 'error',
      error: { message: 'the database is not there' },
    });
  });

  test('on a taken port logs why and exits with 1', async () => {
    const url = await started();
    run({ ...GOOD, PORT: new URL(url).port });
    await expect(ended()).resolves.toBe(1);
    expect(line('uncaught exception')).toMatchObject({ error: { code: 'EADDRINUSE' } });
  });

  test('takes what is not set from a .env file beside it', async () => {
    writeFileSync(join(folder, '.env'), 'MODE=bad-together\nPORT=canary\n');
    run(GOOD);
    await expect(ended()).resolves.toBe(78);
    expect(err).toContain('REDIS_URL');
  });
});

describe('SIGTERM', () => {
  test('lets what is under way end, takes nothing new, closes in reverse and exits with 0', async () => {
    const url = await started();
    const answer = fetch(`${url}/slow`);
    await expect.poll(messages).toContain('slow begun');
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await expect.poll(() => isRefused(url)).toBe(true);
    expect(messages()).not.toContain('opened last, closed first');
    child.send('go on');
    await expect((await answer).json()).resolves.toEqual({ word: 'go on' });
    await expect(ended()).resolves.toBe(0);
    expect(messages().slice(-5)).toEqual([
      'closing',
      'opened last, closed first',
      'a resource did not close',
      'opened first, closed last',
      'closed',
    ]);
    expect(messages().filter((message) => message === 'closing')).toHaveLength(1);
  });

  test('with nothing to do ends at once, whatever connections are kept', async () => {
    const url = await started();
    await fetch(`${url}/health`);
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    await once(idle, 'connect');
    const start = performance.now();
    child.kill('SIGTERM');
    await expect(ended()).resolves.toBe(0);
    expect(performance.now() - start).toBeLessThan(3000);
    idle.destroy();
  });
});

const isRefused = (url: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });

test.each([
  ['/throw', 'uncaught exception', 'nobody catches this'],
  ['/reject', 'unhandled rejection', 'nobody awaits this'],
])('after %s the process says why and exits with 1', async (path, message, reason) => {
  const url = await started();
  await expect(fetch(`${url}${path}`)).rejects.toThrow();
  await expect(ended()).resolves.toBe(1);
  expect(line(message)).toMatchObject({
    level: 'error',
    error: { message: reason, stack: expect.stringContaining('start.fixture.mjs') },
  });
});

test('what does not end in time is cut, and the resources are closed after it', async () => {
  const { logger } = testLog();
  const app = createApp({ service: 'test', version: '0', logger });
  const order: string[] = [];
  app.get('/never', () => new Promise(() => undefined));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const cut = fetch(`${url}/never`).catch(() => order.push('cut'));
  await expect
    .poll(() => new Promise((resolve) => app.server.getConnections((_, count) => resolve(count))))
    .toBe(1);
  await closeAll({ app, close: [async () => order.push('closed')] }, logger, 100);
  await cut;
  expect(order.toSorted()).toEqual(['closed', 'cut']);
});
