import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { build } from './build.mjs';
import { fail } from './run.mjs';

/** Commits that are looked at: enough for a branch, few enough for a second. */
const RECENT = 20;

/** Compilers make many short-lived objects; a larger nursery saves a tenth of their time. */
const env = { ...process.env, NODE_OPTIONS: '--max-semi-space-size=64' };

/** Where the programs are that are not in node_modules/.bin. */
const ELSEWHERE = { node: process.execPath, npm: 'npm' };

const LINT_CACHE = 'node_modules/.cache/eslint/';

/** One habit of the house each: a program and its arguments. Longest first. */
const STEPS = [
  // Its rules look at one file each, so that what did not change need not be looked at again.
  {
    name: 'lint of pages',
    program: 'eslint',
    args: [
      '--max-warnings',
      '0',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      LINT_CACHE,
      'packages/frontend/src',
    ],
  },
  { name: 'types and lint', program: 'oxlint', args: ['--deny-warnings'] },
  {
    name: 'architecture',
    program: 'vitest',
    args: ['run', '--project', 'house', '--reporter', 'dot', 'test/house/architecture.test.ts'],
  },
  { name: 'format', program: 'prettier', args: ['--check', '--log-level', 'warn', '--cache', '.'] },
  { name: 'lock file', program: 'npm', args: ['ci', '--dry-run', '--ignore-scripts', '--loglevel=error'] },
  { name: 'unused code', program: 'knip', args: [] },
  { name: 'secrets', program: 'secretlint', args: ['**/*'] },
  { name: 'commit messages', program: 'commitlint', args: recentCommits, when: () => existsSync('.git') },
  { name: 'workflows', program: 'node', args: ['bin/actionlint.mjs'] },
  { name: 'migrations', program: 'squawk', args: ['packages/database/prisma/migrations/*/migration.sql'] },
  { name: 'Dockerfile', program: 'dockerfilelint', args: ['Dockerfile'] },
];

function recentCommits() {
  const list = execFileSync('git', ['rev-list', `--max-count=${RECENT}`, 'HEAD'], { encoding: 'utf8' });
  const commits = list.trim().split('\n');
  return commits.length > 1 ? ['--from', commits.at(-1)] : ['--last'];
}

/** Runs one step to its end; resolves to what it printed, when it failed. */
function runStep({ program, args }) {
  const path = ELSEWHERE[program] ?? `node_modules/.bin/${program}`;
  const child = spawn(path, typeof args === 'function' ? args() : args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : Buffer.concat(output).toString()));
  });
}

/** Runs a step and says how it went; resolves to its name when it failed. */
async function timed(step, work) {
  const start = performance.now();
  const failure = await work(step);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  console.log(`${failure === undefined ? '✓' : '✗'} ${seconds} s  ${step.name}`);
  if (failure !== undefined) console.log(failure.trimEnd().replace(/^/gm, '           '));
  return failure === undefined ? undefined : step.name;
}

/** Runs every step, a few at a time; resolves to how many passed and failed, and which did. */
export async function check() {
  const waiting = STEPS.filter(({ when }) => when?.() ?? true);
  const results = [await timed({ name: 'types and build' }, () => build().catch((error) => error.message))];
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await timed(step, runStep));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const reasons = results.filter((name) => name !== undefined).map((name) => `✗ npm run check: ${name}`);
  return { passed: results.length - reasons.length, failed: reasons.length, reasons };
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { failed } = await check().catch(fail);
  process.exitCode = failed > 0 ? 1 : 0;
}
