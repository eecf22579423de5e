import { spawn } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** Linux's own number of tmpfs (statfs(2)). */
const TMPFS = 0x01021994;
const MEMORY = '/dev/shm';

/** What ends hubctl. SIGINT is the editor's: it goes to both, and many editors use it. */
const ENDS = ['SIGTERM', 'SIGHUP'] as const;
const nothing = () => undefined;

/**
 * The text after a person edited it. It lies in a file in memory that only its owner reads, which is overwritten and
 * removed whatever ends the editor, a signal to `program` included. Throws a Failure where the editor failed.
 */
export async function editPrivately(text: string, editor: string, program: EventEmitter): Promise<string> {
  const folder = privateFolder();
  const file = join(folder, 'secrets.yaml');
  const stop = new AbortController();
  const end = () => {
    wipe(folder);
    stop.abort();
  };
  for (const signal of ENDS) program.on(signal, end);
  program.on('SIGINT', nothing);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const [command = '', ...args] = editor.split(' ').filter(Boolean);
    const ended = await runEditor(command, [...args, file], stop.signal);
    if (ended !== undefined) throw new Failure(`the editor ${command} ${ended}; nothing was changed`);
    return readFileSync(file, 'utf8');
  } finally {
    for (const signal of ENDS) program.off(signal, end);
    program.off('SIGINT', nothing);
    wipe(folder);
  }
}

/** Waits until the editor is gone, also where it was told to go; answers what went wrong with it. */
function runEditor(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', signal });
    let failure: string | undefined;
    child.on('error', (error) => (failure = signal.aborted ? 'was ended' : `failed: ${error.message}`));
    child.on('close', (code) =>
      resolve(failure ?? (code === 0 ? undefined : `ended with ${code ?? 'a signal'}`)),
    );
  });
}

function privateFolder(): string {
  if (!existsSync(MEMORY) || statfsSync(MEMORY).type !== TMPFS) {
    throw new Failure(
      `${MEMORY} is not in memory on this machine, and secrets in plain text belong on no disk`,
      [],
      'Set them one by one with: hubctl secrets set NAME',
    );
  }
  return mkdtempSync(join(MEMORY, 'hub-secrets-'));
}

/** Overwrites everything in a folder, what an editor left beside the file included, and removes it. */
function wipe(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { size } = statSync(path);
    writeFileSync(path, Buffer.alloc(size));
  }
  rmSync(folder, { recursive: true, force: true });
}
