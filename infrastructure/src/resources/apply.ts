import { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { runAll } from '../machine/run-all.ts';
import { guarded } from './guard.ts';
import { makePlan, type Plan, type Step } from './plan.ts';
import type { Resource } from './resource.ts';

export interface Report {
  done: string[];
  failed?: { id: string; says: string; details: readonly string[] };
  left: string[];
}

export interface Applying {
  machine: Machine;
  /** A new connection as the deploy user that becomes root; throws a Failure when that fails. */
  knock: () => Promise<void>;
  /** Told before each step. */
  onStep?: (id: string, index: number, all: number) => void;
  /** Ids whose data may be destroyed. */
  targets?: readonly string[];
}

/**
 * Makes the changes of a plan in their order, each verified, and stops at the first that fails. What is done stays done:
 * the next plan holds what is left. Throws a Failure before the first change where data would go that is no target.
 */
export async function applyPlan({ steps }: Plan, applying: Applying): Promise<Report> {
  refuseLoss(steps, applying.targets ?? []);
  const ids = steps.map(({ resource }) => resource.id);
  for (const [index, step] of steps.entries()) {
    applying.onStep?.(step.resource.id, index + 1, steps.length);
    const failure = await applyStep(step, applying).then(() => undefined, failureOf);
    if (failure) {
      const { message, details } = failure;
      const failed = { id: step.resource.id, says: message, details: withoutSecrets(details, steps) };
      return { done: ids.slice(0, index), failed, left: ids.slice(index + 1) };
    }
  }
  return { done: ids, left: [] };
}

function refuseLoss(steps: readonly Step[], targets: readonly string[]): void {
  const lost = steps.filter(({ resource, change }) => change.destroys && !targets.includes(resource.id));
  if (lost.length === 0) return;
  throw new Failure(
    'this plan destroys data, and nothing was changed',
    lost.map(({ resource }) => resource.id),
    'Name each that may go, with --target.',
  );
}

async function applyStep({ resource, change }: Step, { machine, knock }: Applying): Promise<void> {
  if (resource.class === 'connectivity') await guarded(machine, resource.id, change, knock);
  else await runAll(machine, change.commands);
  await verify(machine, resource);
}

async function verify(machine: Machine, resource: Resource): Promise<void> {
  const { steps } = await makePlan(machine, [{ ...resource, after: [] }]);
  const lines = steps.flatMap(({ change }) => change.lines.map(({ sign, text }) => `${sign} ${text}`));
  if (lines.length > 0) throw new Failure('it was changed, and is still not as it shall be', lines);
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/** Characters in a row that tell something of a secret; programs quote parts of what they do not understand. */
const TELLING = 16;

/** What a machine said, without the lines that hold something secret of this plan, or a part of it. */
function withoutSecrets(said: readonly string[], steps: readonly Step[]): string[] {
  const secrets = steps
    .flatMap(({ change }) => change.commands)
    .flatMap(({ secret, stdin = '' }) => (secret ? stdin.split('\n') : []))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return said.map((line) => (secrets.some((secret) => tells(line, secret)) ? '[REDACTED]' : line));
}

function tells(line: string, secret: string): boolean {
  if (line.includes(secret)) return true;
  for (let at = 0; at + TELLING <= line.length; at += 1)
    if (secret.includes(line.slice(at, at + TELLING))) return true;
  return false;
}
