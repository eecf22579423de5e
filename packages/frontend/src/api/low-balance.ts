/** Less than this pays for hardly any call. */
const NOTHING_MICRO = 1_000;

/** Whether somebody has less than they want to be told of, or as good as nothing; of a threshold of 0, never. */
export function lowBalance(availableMicro: number, lowBalanceMicro: number): 'low' | 'empty' | undefined {
  if (availableMicro >= lowBalanceMicro) return undefined;
  return availableMicro < NOTHING_MICRO ? 'empty' : 'low';
}
