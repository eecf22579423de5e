import type { DomainError, ProviderHealth } from '@smart-ai-hub/shared/contracts';
import { isProvidersFault } from './provider-failure.ts';

/** Answers that the usual wait is taken from. */
const REMEMBERED = 20;

export type Told = Pick<ProviderHealth, 'state' | 'since' | 'answersInMs' | 'lastFailure'>;

/** What a provider's last answers told of it. */
export interface HealthWatch {
  /** Makes a call, and remembers how it began or failed. */
  watch: <T>(call: () => Promise<T>) => Promise<T>;
  /** An answer that had begun well broke off. */
  brokeOff: () => void;
  told: () => Told;
}

/** Nothing is known before the first call. Being asked to slow down is an answer: the provider is there. */
export function watchHealth(): HealthWatch {
  let facts: Omit<Told, 'answersInMs'> = { state: 'unasked', since: null, lastFailure: null };
  let waits: number[] = [];

  const turn = (state: Told['state']) => {
    if (facts.state !== state) facts = { ...facts, state, since: new Date().toISOString() };
  };
  const fail = (code: DomainError['code']) => {
    facts = { ...facts, lastFailure: { code, at: new Date().toISOString() } };
    turn(code === 'provider-rate-limited' ? 'up' : 'down');
  };
  return {
    watch: async (call) => {
      const begun = performance.now();
      try {
        const answer = await call();
        waits = [...waits, performance.now() - begun].slice(-REMEMBERED);
        turn('up');
        return answer;
      } catch (error) {
        if (isProvidersFault(error)) fail(error.code);
        throw error;
      }
    },
    brokeOff: () => {
      fail('provider-failed');
    },
    told: () => ({ ...facts, answersInMs: median(waits) }),
  };
}

function median(values: readonly number[]): number | null {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return middle === undefined ? null : Math.round(middle);
}
