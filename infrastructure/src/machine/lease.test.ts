import { EventEmitter, once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import { withLease } from './lease.ts';
import { localMachine } from './local.fixture.ts';
import type { Machine } from './machine.ts';

/** This machine, with the lease in a folder of the test. */
async function machineWithLease() {
  const machine = await localMachine();
  const file = join(machine.folder, 'applying');
  const here = (commands: readonly Command[]) =>
    commands.map((one): Command => {
      const [program, ...args] = one.argv;
      return { ...one, argv: [program, ...args.map((arg) => (arg === '/run/hub/applying' ? file : arg))] };
    });
  const leasing: Machine = {
    name: 'here',
    read: (commands) => machine.read(here(commands)),
    change: (commands) => machine.change(here(commands)),
  };
  return { leasing, file, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
}

const EIGHT = Array.from({ length: 8 }, (_, index) => `operator ${index}`);

test('of eight applies at once one goes on, and the others hear who is there and change nothing', async () => {
  await using machine = await machineWithLease();
  const worked: string[] = [];
  let refused = 0;
  const others = new EventEmitter();
  const othersAreRefused = once(others, 'refused');
  const outcomes = await Promise.all(
    EIGHT.map((who) =>
      withLease(machine.leasing, who, async () => {
        worked.push(who);
        await othersAreRefused;
      }).catch((error: unknown) => {
        refused += 1;
        if (refused === EIGHT.length - 1) others.emit('refused');
        return error;
      }),
    ),
  );
  expect(worked).toHaveLength(1);
  const failures = outcomes.filter((one) => one instanceof Failure);
  expect(failures.map(({ message }) => message)).toEqual(
    Array.from({ length: 7 }, () => `here is being changed by ${worked[0]}`),
  );
  expect(failures[0]?.remedy).toContain('ten minutes');

  // The machine is free again once the one is done.
  await withLease(machine.leasing, 'the next', () => Promise.resolve(worked.push('the next')));
  expect(worked.at(-1)).toBe('the next');
});

test('lesson 21: a lease that its owner left behind is over after ten minutes', async () => {
  await using machine = await machineWithLease();
  const take = () => withLease(machine.leasing, 'the next', () => Promise.resolve('worked'));
  const leftBehind = async (minutes: number) => {
    await writeFile(machine.file, 'somebody\ngone for good\n');
    const then = Date.now() / 1000 - minutes * 60;
    await utimes(machine.file, then, then);
  };
  await leftBehind(9);
  await expect(take()).rejects.toThrow('here is being changed by gone for good');
  await leftBehind(12);
  expect(await take()).toBe('worked');
});
