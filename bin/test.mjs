import { build } from './build.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** Arguments go to vitest as they are. */
async function test() {
  await ensureSystemPackages();
  await build();
  await run('npx', ['vitest', 'run', ...process.argv.slice(2)]);
}

await test().catch(fail);
