import { cpus } from 'node:os';

/** Milliseconds that one figure may take. */
const LONGEST = 8_000;

/**
 * Milliseconds of each of `count` calls, one after the other, or of as many as there is time for; the first fifth warms
 * up and does not count.
 */
export async function times(count, work) {
  const all = [];
  const end = performance.now() + LONGEST;
  while (all.length < count * 1.25 && performance.now() < end) {
    const startedAt = performance.now();
    await work();
    all.push(performance.now() - startedAt);
  }
  return all.slice(Math.floor(all.length / 5));
}

/** The value that this share of them does not exceed. */
export const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
export const ms = (value) => (value < 0.1 ? value.toFixed(4) : value.toFixed(2));
export const both = (values) => `${ms(percentile(values, 0.5))} / ${ms(percentile(values, 0.99))} ms`;

/** What a figure is of no use without. */
export const machine = () => `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;

/** A table in Markdown, as the README has it. */
export function printTable(heads, rows) {
  console.log(`| ${heads.join(' | ')} |`);
  console.log(`|${heads.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}
