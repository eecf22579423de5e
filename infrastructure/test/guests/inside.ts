import type { Machine } from '../../src/machine/machine.ts';
import { shellMachine } from '../../src/machine/machine.ts';
import { applyPlan } from '../../src/resources/apply.ts';
import { makePlan } from '../../src/resources/plan.ts';
import type { Resource } from '../../src/resources/resource.ts';
import type { Guest } from './guest.ts';

/** A guest as hubctl changes it, past network and sshd. */
export const inside = ({ name }: Guest): Machine =>
  shellMachine(name, ['docker', 'exec', '--interactive', name, '/bin/sh', '-s']);

/** Makes a guest as these resources say; throws with what failed, or with what is still not as it shall be. */
export async function makeSo(machine: Machine, resources: readonly Resource[]): Promise<void> {
  const knock = () => Promise.resolve();
  const { failed } = await applyPlan(await makePlan(machine, resources), { machine, knock });
  if (failed) throw new Error(`${failed.id}: ${failed.says}\n${failed.details.join('\n')}`);
  const { steps } = await makePlan(machine, resources);
  const left = steps.flatMap(({ resource, change }) => [
    resource.id,
    ...change.lines.map(({ sign, text }) => `  ${sign} ${text}`),
  ]);
  if (left.length > 0) throw new Error(`not as they shall be:\n${left.join('\n')}`);
}

/** Ids of what is not as it shall be. */
export async function driftOf(machine: Machine, resources: readonly Resource[]): Promise<string[]> {
  return (await makePlan(machine, resources)).steps.map(({ resource }) => resource.id);
}
