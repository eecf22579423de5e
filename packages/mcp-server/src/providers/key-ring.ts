/** The keys of one account with a vendor, or of several: used in turn, one that is worn out after the others. */
export interface KeyRing<K> {
  /** Every key once, in the order in which they are to be tried. */
  inTurn: () => K[];
  /** The vendor asked that this key be left alone for so many seconds. */
  rest: (key: K, seconds: number) => void;
  /** Keys that are left alone now. */
  resting: () => number;
}

/** `now` is in milliseconds. */
export function createKeyRing<K>(keys: readonly K[], now = () => performance.now()): KeyRing<K> {
  const restsUntil = new Map<K, number>();
  const rested = (key: K) => Math.max(0, (restsUntil.get(key) ?? 0) - now());
  let turn = 0;
  return {
    inTurn: () => {
      const from = turn++ % Math.max(1, keys.length);
      return [...keys.slice(from), ...keys.slice(0, from)].sort((a, b) => rested(a) - rested(b));
    },
    rest: (key, seconds) => restsUntil.set(key, now() + seconds * 1000),
    resting: () => keys.filter((key) => rested(key) > 0).length,
  };
}
