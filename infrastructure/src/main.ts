import { createInterface } from 'node:readline/promises';
import { runHubctl } from './cli/run.ts';

/** A person is there when both ends are a terminal. */
async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

process.exitCode = await runHubctl(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  // Knows NO_COLOR and FORCE_COLOR.
  colours: process.stdout.isTTY && process.stdout.hasColors(),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
});
