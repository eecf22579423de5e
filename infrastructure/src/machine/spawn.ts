import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Failure } from '../failure.ts';
import type { Outcome } from '../commands/command.ts';

/** Runs a program of the operator's own machine to its end; throws a Failure when it is not there. */
export async function run(argv: readonly string[], stdin = ''): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`${program} could not be started`, [error.message])));
    child.once('close', (code) => resolve(code ?? 255));
  });
  // A program that ends without reading all is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
