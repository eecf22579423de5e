/** What a run of tests measured, with what it had to be. */
const figures: [about: string, measured: string, limit: string][] = [];

/** Notes a figure; whether it is good enough is said by an assertion. */
export function figure(about: string, measured: string | number, limit: string): void {
  figures.push([about, String(measured), limit]);
}

/** For `afterAll`: prints what was noted as a table, and forgets it. */
export function printFigures(): void {
  const rows: typeof figures = [['', 'measured', 'limit'], ...figures.splice(0)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `guests: ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`;
  process.stdout.write(rows.map(line).join(''));
}

/** How long something took, in seconds, beside what it came to. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
