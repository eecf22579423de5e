import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './docker-traces.mjs';
import { install } from './install.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages, FOR_GUESTS } from './system-packages.mjs';

/** Another run of this machine is waited for this long, in seconds: it has the addresses. */
const PATIENCE = '2400';
const DIES_WITH_US = ['--pdeathsig', 'TERM', '--'];

/** Why guests cannot be here; nothing where they can. */
export const reasonAgainstGuests = () =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'guests need Docker on Linux, networks and packages of their own: run this as root';

/** Arguments go to vitest as they are. */
async function testGuests() {
  const reason = reasonAgainstGuests();
  if (reason) throw new Error(reason);
  const start = performance.now();
  await ensureSystemPackages(FOR_GUESTS);
  await install();
  mkdirSync(CACHE, { recursive: true });
  const tests = ['node', 'bin/guests-run.mjs', ...process.argv.slice(2)];
  // --close: a program that outlives this run does not keep the lock.
  const locked = ['flock', '--close', '--timeout', PATIENCE, join(CACHE, 'lock')];
  await run('setpriv', [...DIES_WITH_US, ...locked, 'setpriv', ...DIES_WITH_US, ...tests]);
  console.log(`guests were tested in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

if (import.meta.url === `file://${process.argv[1]}`) await testGuests().catch(fail);
