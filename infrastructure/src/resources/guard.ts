import { arm, disarm, type Guard, REVERT_SECONDS, revertNow } from '../commands/guard.ts';
import { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { runAll } from '../machine/run-all.ts';
import type { Change } from './resource.ts';

/**
 * Makes a change that could lock the operator out: the machine undoes it by itself after two minutes, unless a new
 * connection as the deploy user becomes root before. Throws a Failure that says whether it was undone.
 */
export async function guarded(
  machine: Machine,
  id: string,
  { commands, revert }: Change,
  knock: () => Promise<void>,
): Promise<void> {
  const guard: Guard = {
    name: id.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase(),
    files: revert?.files ?? [],
    commands: revert?.commands ?? [],
  };
  await runAll(machine, [arm(guard)]);
  try {
    await runAll(machine, commands);
    await knock();
    await runAll(machine, [disarm(guard)]);
  } catch (error) {
    throw await undone(machine, guard, error);
  }
}

/** The failure that led here, with what became of the change. */
async function undone(machine: Machine, guard: Guard, cause: unknown): Promise<unknown> {
  if (!(cause instanceof Failure)) return cause;
  const became = await runAll(machine, [revertNow(guard)]).then(
    () => 'It was undone.',
    () => `The machine undoes it by itself within ${REVERT_SECONDS} s.`,
  );
  return new Failure(`${cause.message}. ${became}`, cause.details, cause.remedy);
}
