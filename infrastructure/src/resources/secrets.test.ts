import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planJson, planText } from '../cli/show.ts';
import { command } from '../commands/command.ts';
import { seal } from '../commands/secrets.ts';
import { template } from '../host/template.ts';
import { localMachine, type LocalMachine } from '../machine/local.fixture.ts';
import { runAll } from '../machine/run-all.ts';
import { Secret } from '../secrets/secret.ts';
import { applyPlan } from './apply.ts';
import { file } from './file.ts';
import { makePlan } from './plan.ts';
import { AGE_IDENTITY, ageIdentity, type Delivery, openSecrets, sealedSecrets } from './secrets.ts';

const knock = () => Promise.resolve();
const CANARY = 'canary-7d1c';

const given = (machine: LocalMachine, values: Record<string, string>): Delivery[] =>
  Object.entries(values).map(([path, value]) => {
    const [service = '', name = ''] = path.split('/');
    return { service, user: machine.owner, name, value: new Secret(value) };
  });

const placesOf = ({ folder }: LocalMachine) => ({
  identity: join(folder, 'age/identity'),
  sealed: join(folder, 'secrets'),
  list: join(folder, 'secrets.list'),
  open: join(folder, 'run/secrets'),
});

/** What a host has, in a folder; what its unit runs is run here by a shell. */
function resourcesOf(machine: LocalMachine, deliveries: readonly Delivery[]) {
  const { identity, sealed, list, open } = placesOf(machine);
  const script = join(machine.folder, 'open-secrets');
  mkdirSync(join(machine.folder, 'run'), { recursive: true });
  const own = { owner: machine.owner, group: machine.owner };
  const lines = deliveries.map(({ service, user, name }) => `${service} ${user} ${name}\n`);
  return [
    ageIdentity(identity, [], machine.owner),
    sealedSecrets(deliveries, { identity, folder: sealed }, [AGE_IDENTITY]),
    file({ path: list, content: lines.join(''), ...own }),
    file({ path: script, content: template('secrets/open-secrets'), mode: '0755', ...own }),
    openSecrets(deliveries, { open: command(script, identity, sealed, list, open), folder: open }, []),
  ];
}

async function makeSo(machine: LocalMachine, values: Record<string, string>) {
  const resources = resourcesOf(machine, given(machine, values));
  const plan = await makePlan(machine, resources);
  const report = await applyPlan(plan, { machine, knock });
  expect(report.failed).toBeUndefined();
  expect((await makePlan(machine, resources)).steps).toEqual([]);
  return {
    plan,
    lines: plan.steps.flatMap(({ change }) => change.lines.map(({ sign, text }) => `${sign} ${text}`)),
  };
}

/** /dev/shm is in memory, as /run is on a host. */
const machineInMemory = () => localMachine(undefined, '/dev/shm');

const all = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('secrets of services', () => {
  test('are encrypted on disk for the machine alone, and open in memory for their user alone', async () => {
    await using machine = await machineInMemory();
    const { plan, lines } = await makeSo(machine, {
      'core/token': `${CANARY}\nof two lines`,
      'auth/key': 'k',
    });
    expect(lines).toContain('+ core/token');
    const { open, sealed, identity } = placesOf(machine);
    const path = join(open, 'core/token');
    expect(readFileSync(path, 'utf8')).toBe(`${CANARY}\nof two lines`);
    expect([path, join(open, 'core'), identity].map((one) => statSync(one).mode & 0o777)).toEqual([
      0o400, 0o500, 0o400,
    ]);
    const holding = all(machine.folder).filter((one) => readFileSync(one, 'utf8').includes(CANARY));
    expect(holding).toEqual([path]);
    expect(readFileSync(join(sealed, 'core/token.age'), 'utf8')).toMatch(/^age-encryption\.org\/v1\n/);
    const shown = [planText(plan, { colours: true }), JSON.stringify(planJson(plan))];
    const args = machine.asked.flatMap(({ argv }) => argv);
    expect([...shown, ...args].filter((text) => text.includes(CANARY))).toEqual([]);
  });

  test('only what changed is made anew, and what is no longer given is removed', async () => {
    await using machine = await machineInMemory();
    await makeSo(machine, { 'core/token': 'a', 'core/other': 'b', 'auth/key': 'c' });
    const { lines } = await makeSo(machine, { 'core/token': 'A', 'core/other': 'b' });
    // Without those of the list, which names the user.
    expect(lines.filter((line) => !line.includes(machine.owner))).toEqual([
      '~ core/token, another value',
      '- auth/key.age',
      '~ core/token',
      '- auth/key',
    ]);
    expect(existsSync(join(placesOf(machine).open, 'auth/key'))).toBe(false);
  });

  test('what was done to them by hand is found and mended', async () => {
    await using machine = await machineInMemory();
    const values = { 'core/open': 'a', 'core/swapped': 'b', 'core/gone': 'c' };
    await makeSo(machine, values);
    const { identity, sealed, open, list } = placesOf(machine);
    await runAll(machine, [
      command('chmod', '0644', join(open, 'core/open')),
      // By somebody who is root there, but knows no other secret.
      seal(identity, join(sealed, 'core/swapped.age'), 'mine'),
      seal(identity, join(sealed, 'x/stray'), 'mine'),
      command('rm', '-f', join(open, 'core/gone')),
    ]);
    const { lines } = await makeSo(machine, values);
    expect(lines).toEqual(['~ core/swapped, another value', '- x/stray', '~ core/open', '+ core/gone']);

    await runAll(machine, [command('sh', '-c', 'chmod 600 "$1" && echo >"$1"', 'spoil', identity)]);
    const again = await makeSo(machine, values);
    expect(again.lines[0]).toBe('~ none that can be used → another');
    expect(readFileSync(join(open, 'core/swapped'), 'utf8')).toBe('b');

    const script = join(machine.folder, 'open-secrets');
    writeFileSync(list, `core no-such-user open\ncore ${machine.owner} gone\n`);
    const opened = [command('rm', '-rf', open), command(script, identity, sealed, list, open)];
    const [, partly] = await machine.read(opened);
    expect(partly).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('core/open cannot be opened for'),
    });
    expect(readdirSync(join(open, 'core'))).toEqual(['gone']);

    const [answer] = await machine.read([command(script, identity, sealed, list, '/usr/hub-secrets')]);
    expect(answer).toMatchObject({ code: 1, stderr: '/usr/hub-secrets is not in memory\n' });
  });
});
