import { batchText, readAnswers } from '../commands/batch.ts';
import type { Command, Outcome } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import { run } from './spawn.ts';

/** A machine that commands can be run on as root. */
export interface Machine {
  /** As it is called in messages. */
  name: string;
  /** Runs all commands in one round trip, whatever they answer. */
  read: (commands: readonly Command[]) => Promise<Outcome[]>;
  /** Runs commands in one round trip until one fails; the last answer is the one that failed. */
  change: (commands: readonly Command[]) => Promise<Outcome[]>;
}

/**
 * A machine behind a program that is a root shell with its script on stdin: ssh, or `sh -s` here.
 * `explain` turns what that program said when it broke into a Failure.
 */
export function shellMachine(name: string, argv: readonly string[], explain = broken): Machine {
  const batch = async (commands: readonly Command[], stopAtFailure: boolean) => {
    if (commands.length === 0) return [];
    const answer = await run(argv, batchText(commands, { stopAtFailure }));
    const outcomes = readAnswers(answer.stdout);
    const isWhole = outcomes.length === commands.length || (stopAtFailure && outcomes.at(-1)?.code !== 0);
    if (answer.code !== 0 || outcomes.length === 0 || !isWhole) throw explain(name, answer);
    return outcomes;
  };
  return {
    name,
    read: (commands) => batch(commands, false),
    change: (commands) => batch(commands, true),
  };
}

function broken(name: string, { code, stderr }: Outcome): Failure {
  return new Failure(
    `the connection to ${name} was lost (exit ${code})`,
    stderr.trim().split('\n').filter(Boolean),
  );
}
