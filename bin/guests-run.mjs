import { spawn } from 'node:child_process';
import { noteMachine, removeTraces } from './docker-traces.mjs';

const CONFIG = 'infrastructure/test/guests/vitest.config.ts';

/** What `test-guests.mjs` starts once it has the lock: whoever ends this ends vitest, and waits until the machine is as before. */
async function runOnGuests() {
  await removeTraces();
  noteMachine();
  const vitest = ['node_modules/.bin/vitest', 'run', '--config', CONFIG, ...process.argv.slice(2)];
  // Also where this is killed and can ask nobody.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...vitest], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1)).once('exit', (status) => resolve(status ?? 1));
  });
  await removeTraces();
  return code;
}

process.exitCode = await runOnGuests();
