import type { Turn } from './turn.ts';

export interface Totals {
  tokensIn: number;
  tokensOut: number;
  costMicro: number;
  /** Some part of the cost is not charged yet, so the sum may still move. */
  settling: boolean;
}

/** What the whole conversation used so far; estimates count until the charge is known. */
export function totalsOf(turns: readonly Turn[]): Totals {
  return {
    tokensIn: sum(turns, ({ tokens }) => tokens?.tokensIn ?? 0),
    tokensOut: sum(turns, ({ tokens }) => tokens?.tokensOut ?? 0),
    costMicro: sum(turns, costOf),
    settling: turns.some(({ charge }) => charge.state === 'settling'),
  };
}

function costOf({ charge }: Turn): number {
  if (charge.state === 'charged') return charge.micro;
  return charge.state === 'settling' ? (charge.estimateMicro ?? 0) : 0;
}

function sum(turns: readonly Turn[], value: (turn: Turn) => number): number {
  return turns.reduce((total, turn) => total + value(turn), 0);
}
