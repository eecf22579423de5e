import { build } from './build.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

async function bench() {
  await ensureSystemPackages(['redis-server', 'wrk']);
  await build();
  await run(process.execPath, ['bench/main.mjs']);
}

await bench().catch(fail);
