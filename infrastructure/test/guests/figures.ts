import { appendFileSync } from 'node:fs';
import { inject } from 'vitest';

/** Notes what was measured for the table at the end of the run; whether it is good enough is said by an assertion. */
export function figure(about: string, measured: string | number, limit: string): void {
  appendFileSync(inject('guests').figures, `${JSON.stringify([about, String(measured), limit])}\n`);
}

/** How long something took, in seconds, beside what it came to. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
