import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { check } from './check.mjs';
import { testGuestsInCi } from './guests-in-ci.mjs';
import { fail } from './run.mjs';

/** Lines that the unit tests must reach, in percent. All tests together reach at least as many: 80 is implied. */
const LINES = 90;

const SUMMARY = 'coverage/coverage-summary.json';

/** Vitest's closing lines, one for each of its runs. */
const COUNTS = /^\s*Tests\s+(?:(\d+) failed)?(?: \| )?(?:(\d+) passed)?/gm;
/** What it prints of a failed test or an error outside of all: the name, and the first lines of why. */
const FAILURES = /^(?: FAIL |⎯+ Unhandled (?:Rejection|Error) ).*(?:\n(?!⎯).*){0,12}/gm;
// oxlint-disable-next-line eslint/no-control-regex -- colours of the terminal begin with this character
const COLOURS = /\u001b\[[0-9;]*m/g;

/** Nobody waits for these: more of what is random, and every look of the pages. */
const THOROUGH = { THOROUGH_TESTS: 'true' };
const WHOLE = 'test/whole';
/** Does a file of tests ask how thorough it shall be? */
const isThorough = (file) =>
  /import \{[^}]*\b(?:IS_THOROUGH|tries)\b/.test(readFileSync(`${WHOLE}/${file}`, 'utf8'));
const multiplied = () => [
  'test/browser',
  ...readdirSync(WHOLE)
    .filter((file) => file.endsWith('.test.ts') && isThorough(file))
    .map((file) => `${WHOLE}/${file}`),
];

/** Runs an npm script with our terminal; resolves to what its tests counted and why some failed, a broken run as one failure. */
async function tests(script, { env = {}, args = [] } = {}) {
  const child = spawn('npm', ['run', script, '--', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
      process[name].write(text);
    });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1)).once('close', resolve);
  });
  const [counted, complained] = [output.stdout, output.stderr].map((text) => text.replace(COLOURS, ''));
  const runs = [...counted.matchAll(COUNTS)];
  const sum = (group) => runs.reduce((total, run) => total + Number(run[group] ?? 0), 0);
  const failed = sum(1);
  return {
    passed: sum(2),
    failed: code === 0 ? failed : Math.max(failed, 1),
    reasons: complained.match(FAILURES) ?? [],
  };
}

/** The unit tests once more, by themselves and measured, with more of what is random. */
async function coverage() {
  const since = Date.now();
  const { failed, reasons } = await tests('test:unit', { env: THOROUGH });
  const isFresh = existsSync(SUMMARY) && statSync(SUMMARY).mtimeMs >= since;
  const { total } = isFresh ? JSON.parse(readFileSync(SUMMARY, 'utf8')) : { total: { lines: { pct: 0 } } };
  const isEnough = failed === 0 && total.lines.pct >= LINES;
  console.log(
    `${isEnough ? '✓' : '✗'} unit tests reach ${total.lines.pct} % of the lines (at least ${LINES} %)`,
  );
  return { passed: Number(isEnough), failed: Number(!isEnough), reasons };
}

/** `npm test` comes first: it installs what this machine lacks, and builds. */
async function ci() {
  const parts = [
    await tests('test'),
    await check(),
    await coverage(),
    await tests('test', { env: THOROUGH, args: multiplied() }),
  ];
  const guests = await testGuestsInCi();
  parts.push(guests);
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  // Once more, where whoever reads only the end finds them.
  for (const reason of parts.flatMap(({ reasons = [] }) => reasons)) console.log(`${reason}\n`);
  console.log(guests.line);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 && sum('passed') > 0;
}

process.exitCode = (await ci().catch(fail)) ? 0 : 1;
