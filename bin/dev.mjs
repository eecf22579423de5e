import { build } from './build.mjs';
import { fail, run } from './run.mjs';

/** The hub restarted, and the pages reloaded, whenever a file changes; the pages are at port 5173. */
async function dev() {
  await build();
  await Promise.race([
    run('npx', ['tsc', '-b', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
    run(process.execPath, [
      '--watch-path',
      'packages',
      '--watch-preserve-output',
      'packages/standalone/dist/main.js',
    ]),
    run('npm', ['run', 'dev', '-w', 'packages/frontend']),
  ]);
}

await dev().catch(fail);
