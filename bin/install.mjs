import { existsSync, statSync } from 'node:fs';
import { run } from './run.mjs';

/** Installs the packages of the lock file, unless they are there. */
export async function install() {
  const done = 'node_modules/.package-lock.json';
  if (existsSync(done) && statSync(done).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  console.log('installing packages …');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
