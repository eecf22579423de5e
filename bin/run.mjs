import { spawn } from 'node:child_process';

/** Runs a program to its end with our terminal; rejects with its name and exit code when that is not 0. */
export function run(command, args = [], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`));
    });
  });
}

/** Ends this program with one line instead of a stack. */
export function fail(error) {
  console.error(error.message);
  process.exit(1);
}
