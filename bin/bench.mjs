import { build } from './build.mjs';
import { fail, run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** What each benchmark needs of the system. */
const PROGRAMS = {
  main: ['redis-server', 'wrk'],
  streams: ['wrk'],
  identity: ['redis-server'],
  ledger: ['postgresql-15'],
  dashboards: ['redis-server'],
  tools: [],
};

/** `node bin/bench.mjs identity` runs bench/identity.mjs; without a name it is bench/main.mjs. */
async function bench(name = 'main') {
  await ensureSystemPackages(PROGRAMS[name]);
  await build();
  await run(process.execPath, [`bench/${name}.mjs`]);
}

await bench(process.argv[2]).catch(fail);
