import type { Line } from './resource.ts';

/** Lines that go and come, in order; what stays is left out. */
export function textDiff(before: string, wanted: string): Line[] {
  const old = linesOf(before);
  const fresh = linesOf(wanted);
  const lengths = commonLengths(old, fresh);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const isCommon = i < old.length && j < fresh.length && old[i] === fresh[j];
    if (isCommon) {
      i += 1;
      j += 1;
    } else if (j >= fresh.length || at(lengths, i + 1, j) >= at(lengths, i, j + 1)) {
      if (i < old.length) lines.push({ sign: '-', text: old[i++] ?? '' });
      else lines.push({ sign: '+', text: fresh[j++] ?? '' });
    } else lines.push({ sign: '+', text: fresh[j++] ?? '' });
  }
  return lines;
}

/** The last end of line ends a line and begins none; where it is missing, that shows. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : [...text.split('\n'), '(no end of line)'];
}

const at = (table: readonly (readonly number[])[], row: number, column: number) => table[row]?.[column] ?? -1;

/** How many lines the rests have in common from each pair of positions on (longest common subsequence). */
function commonLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: fresh.length + 1 }, () => 0),
  );
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? [];
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      row[j] =
        old[i] === fresh[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
