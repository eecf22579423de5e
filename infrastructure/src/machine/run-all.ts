import type { Command, Outcome } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import type { Machine } from './machine.ts';

const SAID_AT_MOST = 20;

/** Runs commands; throws a Failure with the one that failed. */
export async function runAll(machine: Machine, commands: readonly Command[]): Promise<void> {
  const outcomes = await machine.change(commands);
  const last = outcomes.at(-1);
  if (last && last.code !== 0) throw commandFailure(commands[outcomes.length - 1], last);
}

function commandFailure(failed: Command | undefined, { code, stdout, stderr }: Outcome): Failure {
  const [program = 'a command', ...args] = failed?.argv ?? [];
  // A script of ours is named by what it was given, not by its text.
  const words = program === 'sh' && args[0] === '-c' ? args.slice(3) : [program, ...args];
  const said = `${stderr}\n${stdout}`.split('\n').filter((line) => line.trim() !== '');
  return new Failure(`${words.join(' ')} ended with ${code}`, said.slice(-SAID_AT_MOST));
}
