import { statfsSync } from 'node:fs';
import { build } from './build.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 2 ** 30;

/** What tests throw away lies in memory where there is enough: their databases need not wait for a disk. */
function scratch() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize < ENOUGH_BYTES ? {} : { TMPDIR: MEMORY };
  } catch {
    return {};
  }
}

/** Arguments go to vitest as they are. */
async function test() {
  await ensureSystemPackages();
  await build();
  await run('npx', ['vitest', 'run', ...process.argv.slice(2)], { env: { ...scratch(), ...process.env } });
}

await test().catch(fail);
