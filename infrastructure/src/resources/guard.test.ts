import { expect, test } from 'vitest';
import { command } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { withLease } from '../machine/lease.ts';
import { guarded } from './guard.ts';

const change = {
  lines: [],
  commands: [command('ufw', 'reload')],
  revert: { files: ['/etc/ufw/user.rules'], commands: [command('ufw', 'reload')] },
};
const NAME = 'hub-revert-firewall-ufw /var/lib/hub/revert/firewall-ufw';
const letIn = () => Promise.resolve();
const keptOut = () => Promise.reject(new Failure('far does not answer'));

/** The guard's own steps by their last word. */
const steps = (told: readonly string[]) =>
  told.map((words) => {
    if (words.startsWith('{  /bin/sh')) return 'arm';
    if (words.startsWith('{rm -rf')) return 'disarm';
    return words.startsWith('{sh "$2/revert"}') ? 'revert' : words;
  });

test('lesson 19: what could lock out is armed, changed, proven by a new connection, disarmed', async () => {
  const machine = toldMachine();
  const knock = () => {
    machine.told.push('knock');
    return Promise.resolve();
  };
  await guarded(machine, 'firewall ufw', change, knock);
  expect(steps(machine.told)).toEqual(['arm', 'ufw reload', 'knock', 'disarm']);
  expect(machine.told[0]).toContain(`${NAME} 120 /etc/ufw/user.rules <<< `);
});

test('nothing is changed on a machine that could not undo it', async () => {
  const machine = toldMachine(() => ({ code: 1, stderr: 'Failed to connect to bus' }));
  await expect(guarded(machine, 'firewall ufw', change, letIn)).rejects.toMatchObject({
    details: ['Failed to connect to bus'],
  });
  expect(steps(machine.told)).toEqual(['arm']);
});

test.each([
  ['the change fails', letIn, 'ufw reload ended with 1. It was undone.'],
  ['nobody gets in', keptOut, 'far does not answer. It was undone.'],
])('lesson 19: it is undone at once where %s', async (_, knock, says) => {
  const fails = knock === letIn;
  const machine = toldMachine((words) => (fails && words === 'ufw reload' ? { code: 1 } : undefined));
  await expect(guarded(machine, 'firewall ufw', change, knock)).rejects.toThrow(says);
  expect(steps(machine.told)).toEqual(['arm', 'ufw reload', 'revert']);
});

test('lesson 19: where the machine is gone, it undoes the change itself, and the report says so', async () => {
  const machine = toldMachine((words) => (words.includes('{sh "$2/revert"}') ? 'gone' : undefined));
  await expect(guarded(machine, 'firewall ufw', change, keptOut)).rejects.toThrow(
    'The machine undoes it by itself within 120 s.',
  );
});

test('two operators at once: the second hears who is there, and changes nothing', async () => {
  const machine = toldMachine(() => ({ code: 1, stderr: 'ann from 192.0.2.1\n' }));
  const work = () => Promise.reject(new Error('must not be called'));
  await expect(withLease(machine, 'bob', work)).rejects.toThrow('far is being changed by ann from 192.0.2.1');
  expect(machine.told).toHaveLength(1);
});

test('every change renews the lease, and the end gives it back', async () => {
  const machine = toldMachine();
  const outcomes = await withLease(machine, 'bob', (leased) => leased.change([command('true')]));
  expect(outcomes).toHaveLength(1);
  expect(machine.told.map((words) => words.split(' ')[0])).toEqual(['{touch', '{touch', 'true', '{[']);
});
