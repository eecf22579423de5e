import { execFile } from 'node:child_process';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CallOptions {
  /** What the program reads; nothing when left out. */
  input?: string;
  /** After this long the program is ended and the call rejects. */
  timeoutMs?: number;
  /** The folder where it runs; ours when left out. */
  cwd?: string;
}

const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** Runs a program to its end, whatever its exit code; rejects when it cannot start or takes too long. */
export function attempt(
  program: string,
  args: readonly string[],
  { input = '', timeoutMs = 60_000, cwd }: CallOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error?.killed) reject(new Error(`${program} ${args.join(' ')} took over ${timeoutMs} ms`));
      else if (error && typeof error.code !== 'number') reject(new Error(error.message, { cause: error }));
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    // A program that ends without reading breaks the pipe; its exit code tells what it thought.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** Runs a program that must succeed; resolves to what it printed, trimmed; rejects with its complaint. */
export async function call(program: string, args: readonly string[], options?: CallOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(program, args, options);
  if (code === 0) return stdout.trim();
  throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
}
