import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { install } from './install.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages, FOR_GUESTS } from './system-packages.mjs';

const CACHE = join(homedir(), '.cache/smart-ai-hub/guests');
const CONFIG = 'infrastructure/test/guests/vitest.config.ts';
/** Another run of this machine is waited for this long, in seconds: it has the addresses. */
const PATIENCE = '2400';

/** Arguments go to vitest as they are. */
async function testGuests() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('guests need Docker on Linux, networks and packages of their own: run this as root');
  const start = performance.now();
  await ensureSystemPackages(FOR_GUESTS);
  await install();
  mkdirSync(CACHE, { recursive: true });
  const tests = ['node_modules/.bin/vitest', 'run', '--config', CONFIG, ...process.argv.slice(2)];
  // --close: a program that outlives this run does not keep the lock.
  await run('flock', ['--close', '--timeout', PATIENCE, join(CACHE, 'lock'), ...tests]);
  console.log(`guests were tested in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

await testGuests().catch(fail);
