import { setTimeout } from 'node:timers/promises';
import type { DomainError } from '@smart-ai-hub/shared/contracts';
import { isProvidersFault, mayPass } from './provider-failure.ts';

export interface Patience {
  /** How often everybody is asked again. */
  retries: number;
  /** Milliseconds before the first time; twice as long before each further one. */
  pause: number;
}

/** Milliseconds beyond which a provider that asks to wait is not waited for: the caller is told instead. */
const LONGEST_WAIT = 10_000;

/**
 * Asks one after the other until somebody answers. Where all failed, and one in a way that passes, asks all of them again
 * after a pause with jitter, or after as long as that one asked for. Rejects with the last failure; whatever else goes
 * wrong is thrown at once, and so is the signal's reason when it aborts.
 */
export async function askInTurn<A, T>(
  everybody: readonly A[],
  ask: (one: A) => Promise<T>,
  { retries, pause, signal }: Patience & { signal: AbortSignal },
): Promise<T> {
  for (let round = 0; ; round++) {
    const { answer, failures } = await askEach(everybody, ask);
    if (answer) return answer.value;
    const wait = waitAfter(failures, pause * 2 ** round);
    if (round === retries || wait === undefined) throw failures.at(-1) ?? new Error('nobody was to be asked');
    await setTimeout(wait, undefined, { signal });
  }
}

/** One round: the first answer, or what was the matter with each. */
async function askEach<A, T>(
  everybody: readonly A[],
  ask: (one: A) => Promise<T>,
): Promise<{ answer?: { value: T }; failures: DomainError[] }> {
  const failures: DomainError[] = [];
  for (const one of everybody) {
    try {
      return { answer: { value: await ask(one) }, failures };
    } catch (error) {
      if (!isProvidersFault(error)) throw error;
      failures.push(error);
    }
  }
  return { failures };
}

/** Milliseconds until it makes sense to ask again, with up to half as much jitter; nothing where it makes none. */
function waitAfter(failures: readonly DomainError[], pause: number): number | undefined {
  const waits = failures
    .filter(mayPass)
    .map(({ retryAfter = 0 }) => Math.max(pause, retryAfter * 1000))
    .filter((wait) => wait <= LONGEST_WAIT);
  return waits.length === 0 ? undefined : Math.min(...waits) * (1 + Math.random() / 2);
}
