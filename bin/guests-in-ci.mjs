import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { removeTraces } from './docker-traces.mjs';
import { reasonAgainstGuests } from './test-guests.mjs';

const LIMIT_MS = 25 * 60_000;
/** What is asked to end stops the guests and their engine first. */
const ENDING_MS = 100_000;
/** Vitest's line for a file, which is there also when the run is ended in the middle. */
const FILES = /\.test\.ts \((\d+) tests?(?: \| (\d+) failed)?(?: \| (\d+) skipped)?/g;
// oxlint-disable-next-line eslint/no-control-regex -- colours of the terminal begin with this character
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * The tests on booted guests, in a process group of their own that is ended after 25 minutes; resolves to how many passed
 * and failed, and a line that says so, or why this machine cannot boot any. Leaves nothing running.
 */
export async function testGuestsInCi() {
  const reason = reasonAgainstGuests();
  if (reason) return notTested(reason);
  const start = performance.now();
  const ended = await bounded(process.execPath, ['bin/test-guests.mjs']);
  await removeTraces().catch((error) => console.error(error.message));
  return outcome(ended, (performance.now() - start) / 1000);
}

const notTested = (reason) => ({ passed: 0, failed: 0, line: `guests: not tested: ${reason}` });

/** A run that broke off counts as one failure; one that came to no test is a machine that cannot boot guests. */
export function outcome({ code, output }, seconds) {
  const seen = counted(output);
  if (code !== 0 && seen.passed + seen.failed === 0) return notTested('none could be started; see above');
  const { passed } = seen;
  const failed = code === 0 ? seen.failed : Math.max(seen.failed, 1);
  return { passed, failed, line: `guests: ${passed} passed, ${failed} failed in ${seconds.toFixed(0)} s` };
}

/** How many tests passed and failed, by the lines of their files. */
export function counted(output) {
  const files = [...output.replace(COLOURS, '').matchAll(FILES)];
  const sum = (group) => files.reduce((total, file) => total + Number(file[group] ?? 0), 0);
  return { passed: sum(1) - sum(2) - sum(3), failed: sum(2) };
}

/** Runs a program with our terminal as the leader of a group; the whole group ends with it, with us, or at the limit. */
export async function bounded(program, args, { limitMs = LIMIT_MS, endingMs = ENDING_MS } = {}) {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      output += text;
      process[name].write(text);
    });
  let ending;
  const end = () => (ending ??= endGroup(child.pid, endingMs));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  const limit = setTimeout(end, limitMs);
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1)).once('exit', (status) => resolve(status ?? 1));
  });
  clearTimeout(limit);
  await end();
  return { code, output };
}

/** False where nobody is left in the group. */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** Asks a group to end, and ends what is left of it after a while. */
async function endGroup(group, endingMs) {
  signalGroup(group, 'SIGTERM');
  const last = Date.now() + endingMs;
  while (signalGroup(group, 0) && Date.now() < last) await pause(200);
  signalGroup(group, 'SIGKILL');
}
