import { randomUUID } from 'node:crypto';
import type { Outcome } from '../commands/command.ts';
import { giveBackLease, takeLease } from '../commands/lease.ts';
import { Failure } from '../failure.ts';
import type { Machine } from './machine.ts';

/**
 * Does `work` while nobody else changes the machine; every change of it renews the lease. Throws a Failure where
 * somebody has it already, or has taken it since.
 */
export async function withLease<T>(
  machine: Machine,
  who: string,
  work: (leased: Machine) => Promise<T>,
): Promise<T> {
  const owner = randomUUID();
  const take = takeLease(owner, who);
  requireLease(machine, (await machine.change([take]))[0]);
  const leased: Machine = {
    ...machine,
    change: async (commands) => {
      const [first, ...rest] = await machine.change([take, ...commands]);
      requireLease(machine, first);
      return rest;
    },
  };
  try {
    return await work(leased);
  } finally {
    await machine.read([giveBackLease(owner)]);
  }
}

function requireLease({ name }: Machine, answer?: Outcome): void {
  if (answer?.code === 0) return;
  const remedy = 'Wait for its end; a lease that nobody renews is over after ten minutes.';
  throw new Failure(`${name} is being changed by ${answer?.stderr.trim() ?? 'somebody'}`, [], remedy);
}
