/** This list with the item at one place put by some places further up (below 0) or down; past an end it stays. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] {
  const to = Math.min(Math.max(at + by, 0), list.length - 1);
  const rest = list.toSpliced(at, 1);
  return rest.toSpliced(to, 0, ...list.slice(at, at + 1));
}
