import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that serves until it is disposed of. */
export interface Served extends AsyncDisposable {
  pid: number;
  /** Resolves when a line from now on fits; rejects when the program ends before. */
  said: (pattern: RegExp) => Promise<void>;
}

interface ServeOptions {
  program: string;
  args: readonly string[];
  /** The line that says that it serves. */
  ready: RegExp;
  timeoutMs?: number;
}

const KEPT_LINES = 5;
/** What Go programs log beside their complaint. */
const CHATTER = /^\s*$|\blevel=(debug|info|warning)\b/;
const STOP_MS = 30_000;

/**
 * Starts a program and waits until it says that it serves; rejects with its last lines where it does not.
 * It is asked to end by the kernel when we die, however we die: nothing is left behind.
 */
export async function serve({ program, args, ready, timeoutMs = 30_000 }: ServeOptions): Promise<Served> {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program, ...args], {
    // Ctrl-C reaches us alone, so that we stop things in their order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      lines.splice(0, lines.length - KEPT_LINES);
      for (const listener of listeners) listener(line);
    });
  const complaint = () => lines.filter((line) => !CHATTER.test(line)).join(' ');
  const ended = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', () => {
      resolve(new Error(`${program} ended: ${complaint()}`));
    });
  });
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const listener = (line: string) => {
        if (!pattern.test(line)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      void ended.then(reject);
    });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exit = once(child, 'exit');
    AbortSignal.timeout(STOP_MS).addEventListener('abort', () => child.kill('SIGKILL'));
    child.kill('SIGTERM');
    await exit;
  };
  const late = AbortSignal.timeout(timeoutMs);
  const tooLate = once(late, 'abort').then(() => {
    throw new Error(`${program} does not serve after ${timeoutMs} ms: ${complaint()}`);
  });
  try {
    await Promise.race([said(ready), tooLate]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, said, [Symbol.asyncDispose]: stop };
}
