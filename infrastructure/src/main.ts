import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
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

/** The terminal echoes nothing while readline has it, and what readline would show goes nowhere. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

const { env } = process;
const configFolder = env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
const stateFolder = env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state');
const isPerson = process.stdin.isTTY && process.stderr.isTTY;

process.exitCode = await runHubctl(process.argv.slice(2), {
  out: (words) => process.stdout.write(words),
  err: (words) => process.stderr.write(words),
  // Knows NO_COLOR and FORCE_COLOR.
  colours: process.stdout.isTTY && process.stdout.hasColors(),
  ask: isPerson ? ask : undefined,
  askHidden: process.stdin.isTTY ? askHidden : undefined,
  input: () => text(process.stdin),
  settings: {
    editor: env['VISUAL'] ?? env['EDITOR'],
    identityFile: env['SOPS_AGE_KEY_FILE'] ?? join(configFolder, 'sops/age/keys.txt'),
    auditFile: join(stateFolder, 'hubctl/audit.jsonl'),
  },
});
