import { createHash } from 'node:crypto';
import type { Command } from '../commands/command.ts';
import type { Machine } from '../machine/machine.ts';
import { ordered } from './order.ts';
import type { Change, Resource } from './resource.ts';

export interface Step {
  resource: Resource;
  change: Change;
}

export interface Plan {
  host: string;
  /** In the order in which they are made. */
  steps: readonly Step[];
  /** What a person should know of what stays as it is. */
  notes: readonly string[];
  /** Of all that would be done; the same plan has the same hash. */
  hash: string;
}

/** Reads a machine in one round trip, and says what must be done so that it is as these resources say. */
export async function makePlan(machine: Machine, resources: readonly Resource[]): Promise<Plan> {
  const sorted = ordered(resources);
  const outcomes = await machine.read(sorted.flatMap(({ reads }) => reads));
  let next = 0;
  const notes: string[] = [];
  const steps = sorted.flatMap((resource) => {
    const found = outcomes.slice(next, (next += resource.reads.length));
    notes.push(...(resource.notes?.(found) ?? []));
    const change = resource.compare(found);
    return change ? [{ resource, change }] : [];
  });
  return { host: machine.name, steps, notes, hash: hashOf(machine.name, steps) };
}

/** 12 hexadecimal digits, enough to tell plans of one machine apart. What is secret does not count. */
function hashOf(host: string, steps: readonly Step[]): string {
  const told = steps.map(({ resource, change }) => ({
    id: resource.id,
    lines: change.lines,
    commands: change.commands.map(withoutSecret),
  }));
  return createHash('sha256')
    .update(JSON.stringify([host, told]))
    .digest('hex')
    .slice(0, 12);
}

const withoutSecret = ({ argv, stdin, secret = false }: Command) => [argv, secret ? 'secret' : stdin];
