import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pm2 } from '../../src/host/pm2.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { call } from './call.ts';
import { figure } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { driftOf, inside, makeSo } from './inside.ts';
import { endAll, untilEnd } from './until-end.ts';

/** As a release brings it. */
const PM2 = 'pm2@7.0.4';
const CACHE = join(homedir(), '.cache/smart-ai-hub/guests', PM2);

/** Two workers that say who they are. */
const SERVER = `require('node:http')
  .createServer((request, response) => response.end(JSON.stringify({ user: process.getuid(), pid: process.pid })))
  .listen(3000, '127.0.0.1', () => process.send('ready'));
`;
const ECOSYSTEM = `module.exports = { apps: [
  { name: 'hello', script: 'server.js', exec_mode: 'cluster', instances: 2, wait_ready: true },
] };
`;

const resources = pm2([]);
const SLOT = '/opt/smart-ai-hub/slots/blue';
const UNIT = 'hub-release@blue.service';

let guest: Guest;
let machine: Machine;

beforeAll(async () => {
  guest = await untilEnd(startGuest());
  machine = inside(guest);
  await makeSo(machine, resources);
  await putRelease();
});
afterAll(endAll);

/** A folder with Node.js, PM2 and a program, behind a slot’s link, owned by root. */
async function putRelease(): Promise<void> {
  if (!existsSync(join(CACHE, 'node_modules/pm2'))) {
    await mkdir(CACHE, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    // Not by --prefix: that would be another npm's, without what is configured for all on this machine.
    await writeFile(join(CACHE, 'package.json'), '{"private":true}');
    await call('npm', ['install', ...quiet, PM2], { cwd: CACHE, timeoutMs: 300_000 });
  }
  const release = '/opt/smart-ai-hub/releases/one';
  const folder = await mkdtemp(join(tmpdir(), 'hub-release-'));
  await writeFile(join(folder, 'server.js'), SERVER);
  await writeFile(join(folder, 'ecosystem.config.cjs'), ECOSYSTEM);
  await guest.run(['mkdir', '-p', `${release}/node/bin`, '/opt/smart-ai-hub/slots']);
  await call('docker', ['cp', `${folder}/.`, `${guest.name}:${release}`]);
  await call('docker', ['cp', process.execPath, `${guest.name}:${release}/node/bin/node`]);
  await call('docker', ['cp', join(CACHE, 'node_modules'), `${guest.name}:${release}/node_modules`]);
  await guest.run(['chown', '-R', 'root:root', release]);
  await guest.run(['chmod', '-R', 'go+rX', release]);
  await guest.run(['ln', '-s', release, SLOT]);
  await rm(folder, { recursive: true });
}

/** What a worker says; nothing while none answers. */
async function ask() {
  const talk = `exec 3<>/dev/tcp/127.0.0.1/3000 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n 1 <&3`;
  const { code, stdout } = await guest.attempt(['bash', '-c', talk]);
  return code === 0 ? (JSON.parse(stdout.trim()) as { user: number; pid: number }) : undefined;
}

/** Numbers of the processes that run the program. */
const workers = async () => {
  const { stdout } = await guest.attempt(['pgrep', '-u', 'hub', '-f', 'server.js']);
  return stdout.trim().split('\n').filter(Boolean);
};

it('a release runs under PM2 as a user of its own, and its unit may do little', async () => {
  await guest.run(['systemctl', 'enable', '--now', UNIT]);
  await expect.poll(ask, { timeout: 60_000 }).toBeDefined();
  const user = Number(await guest.run(['id', '-u', 'hub']));
  expect((await ask())?.user).toBe(user);
  expect(await workers()).toHaveLength(2);
  await guest.run(['systemd-analyze', 'verify', UNIT]);
  const judged = await guest.run(['systemd-analyze', 'security', '--no-pager', UNIT]);
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(judged)?.[1]);
  figure('exposure of hub-release@.service', exposure, '≤ 2.0');
  expect(exposure).toBeLessThanOrEqual(2);
});

it('a worker that dies comes back, and so does all after a power cut', async () => {
  const before = await ask();
  await guest.run(['kill', '-9', String(before?.pid)]);
  await expect
    .poll(async () => (await workers()).filter((pid) => pid !== String(before?.pid)), { timeout: 20_000 })
    .toHaveLength(2);
  await guest.cutPower();
  await guest.start();
  await expect.poll(ask, { timeout: 60_000 }).toBeDefined();
  expect(await driftOf(machine, resources)).toEqual([]);
});

it('a slot without a release is no failure', async () => {
  await guest.run(['systemctl', 'enable', '--now', 'hub-release@green.service']);
  expect(
    await guest.run(['systemctl', 'show', '-p', 'ConditionResult', '--value', 'hub-release@green.service']),
  ).toBe('no');
});
