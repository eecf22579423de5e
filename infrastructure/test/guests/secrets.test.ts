import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/chain.ts';
import { HOST_LOG, readLog, record } from '../../src/audit/record.ts';
import { hostSecrets } from '../../src/host/secrets.ts';
import { type Machine, shellMachine } from '../../src/machine/machine.ts';
import { applyPlan } from '../../src/resources/apply.ts';
import { makePlan } from '../../src/resources/plan.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { startDns } from './dns.ts';
import { type Guest, startGuest } from './guest.ts';
import { preparedImage } from './prepared.ts';
import { endAll, untilEnd } from './until-end.ts';

/** As packages.ts installs it. */
const WITH_AGE = [
  ['apt-get', 'update', '--quiet=2'],
  ['apt-get', 'install', '--yes', '--quiet=2', '--no-install-recommends', 'age'],
  ['useradd', '--system', 'hub'],
] as const;

const CANARY = 'canary-9b41';
const FILE = '/run/smart-ai-hub/secrets/core-service/token';
const resources = hostSecrets(
  [{ service: 'core-service', user: 'hub', name: 'token', value: new Secret(CANARY) }],
  [],
);

let guest: Guest;
let machine: Machine;

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest(await preparedImage(WITH_AGE)));
  machine = shellMachine(guest.name, ['docker', 'exec', '--interactive', guest.name, '/bin/sh', '-s']);
});
afterAll(endAll);

const knock = () => Promise.resolve();

it('secrets are encrypted on disk, and in memory for one user', async () => {
  const report = await applyPlan(await makePlan(machine, resources), { machine, knock });
  expect(report).toMatchObject({ left: [] });
  expect(report.failed).toBeUndefined();
  expect((await makePlan(machine, resources)).steps).toEqual([]);
  expect(await guest.run(['stat', '-c', '%a %U', FILE])).toBe('400 hub');
  expect(await guest.run(['stat', '-f', '-c', '%T', FILE])).toBe('tmpfs');
  expect(await guest.run(['setpriv', '--reuid=hub', '--clear-groups', 'cat', FILE])).toBe(CANARY);
  const stranger = await guest.attempt(['setpriv', '--reuid=nobody', '--clear-groups', 'cat', FILE]);
  expect(stranger).toMatchObject({ code: 1, stdout: '' });
  const onDisk = await guest.attempt([
    'grep',
    '-rl',
    CANARY,
    '/etc',
    '/var',
    '/usr/local',
    '/root',
    '/tmp',
    '/home',
  ]);
  expect(onDisk).toMatchObject({ code: 1, stdout: '' });
});

it('their unit may do little', async () => {
  await guest.run(['systemd-analyze', 'verify', 'hub-secrets.service']);
  const judged = await guest.run(['systemd-analyze', 'security', '--no-pager', 'hub-secrets.service']);
  const exposure = Number(/exposure level for hub-secrets\.service: ([\d.]+)/.exec(judged)?.[1]);
  expect(exposure).toBeLessThanOrEqual(2);
});

it('after a power cut they are there without hubctl, and what somebody changed is found', async () => {
  await guest.cutPower();
  await guest.start();
  expect(await guest.run(['cat', FILE])).toBe(CANARY);
  expect((await makePlan(machine, resources)).steps).toEqual([]);
  await guest.run(['chmod', '0644', FILE]);
  const { steps } = await makePlan(machine, resources);
  expect(steps.map(({ resource }) => resource.id)).toEqual(['secrets in memory']);
});

it('the log of what was done survives, and says what was changed in it', async () => {
  const entry = {
    at: new Date().toISOString(),
    who: 'ann@laptop',
    verb: 'apply',
    facts: {},
    outcome: 'done',
  } as const;
  for (let count = 0; count < 3; count += 1) await record(machine, HOST_LOG, entry);
  await guest.cutPower();
  await guest.start();
  expect(verifyLog(await readLog(machine, HOST_LOG))).toEqual([]);
  expect(await guest.run(['stat', '-c', '%a %U', HOST_LOG])).toBe('600 root');
  await guest.run(['sed', '-i', '2s/ann/bob/', HOST_LOG]);
  expect(verifyLog(await readLog(machine, HOST_LOG))).toEqual([
    'line 2 was changed, or line 3: the hash of the one is not in the other',
  ]);
});
