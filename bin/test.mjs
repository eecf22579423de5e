import { build } from './build.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** Without arguments everything, with the coverage of the unit tests; arguments go to vitest as they are. */
const given = process.argv.slice(2);
const RUNS = [
  ['--project', 'unit', '--coverage'],
  ['--project', 'house', '--project', 'whole', '--project', 'browser'],
];

async function test() {
  await ensureSystemPackages();
  await build();
  for (const args of given.length > 0 ? [given] : RUNS) await run('npx', ['vitest', 'run', ...args]);
}

await test().catch(fail);
