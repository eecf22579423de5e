import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../commands/command.ts';
import { type Machine, shellMachine } from './machine.ts';

/** This machine, by a shell of its own; what tests change lies in a folder that goes with it. */
export interface LocalMachine extends Machine, AsyncDisposable {
  folder: string;
  /** Every command that was to change something. */
  asked: Command[];
  /** Who runs the tests, as owner of files. */
  owner: string;
}

/** Breaks off, as a power cut does, before the command with this number. */
export interface Cut {
  after: number;
}

export async function localMachine(cut?: Cut, below = tmpdir()): Promise<LocalMachine> {
  const folder = await mkdtemp(join(below, 'hub-'));
  const machine = shellMachine('here', ['/bin/sh', '-s']);
  const asked: Command[] = [];
  return {
    ...machine,
    folder,
    asked,
    owner: userInfo().username,
    change: async (commands) => {
      const left = cut ? cut.after - asked.length : commands.length;
      asked.push(...commands);
      if (left < commands.length) {
        if (left > 0) await machine.change(commands.slice(0, left));
        throw new PowerCut();
      }
      return machine.change(commands);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}
