import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { fail, run } from './run.mjs';

/** Touched after a build; a source that is newer asks for the next one. */
const STAMP = 'node_modules/.build-stamp';

const SOURCES = [
  'packages',
  'infrastructure/src',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
];
const NOT_SOURCES = new Set(['dist', 'generated', 'node_modules']);

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).filter((name) => !NOT_SOURCES.has(name));
  return Math.max(stat.mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

const isFresh = () =>
  existsSync(STAMP) &&
  existsSync('packages/frontend/dist/index.html') &&
  Math.max(...SOURCES.map(newest)) <= statSync(STAMP).mtimeMs;

/** Compiles every package, unless nothing changed since. */
export async function build() {
  await install();
  if (isFresh()) return;
  console.log('building …');
  // prisma generate asks for a schema engine that it does not use; any program will do (docs/decisions/0004)
  await run('npx', ['prisma', 'generate', '--no-hints'], {
    cwd: 'packages/database',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await Promise.all([
    run('npx', ['tsc', '-b', 'tsconfig.build.json']),
    run('npm', ['run', 'build', '-w', 'packages/frontend', '--silent']),
  ]);
  writeFileSync(STAMP, '');
}

if (import.meta.url === `file://${process.argv[1]}`) await build().catch(fail);
