import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { call } from './call.ts';
import { ensureEngine, removeLeftovers } from './engine.ts';
import { figureTable } from './figure-table.ts';
import { ensureImage, readRecipe } from './image.ts';
import { ensureNetwork } from './network.ts';

declare module 'vitest' {
  interface ProvidedContext {
    guests: {
      /** Tag of the bare image. */
      image: string;
      /** Path of the private key that opens every guest as root. */
      key: string;
      /** Path of what the tests measured, a line each. */
      figures: string;
    };
  }
}

/** Stays between runs: Docker's images, and the key that guests know. */
const CACHE = join(homedir(), '.cache/smart-ai-hub/guests');

/** Ends the run with one line where guests cannot be; ` FAIL ` is what `.ci/run` repeats at its end. */
export default async function setup(project: TestProject) {
  try {
    return await prepare(project);
  } catch (error) {
    process.stderr.write(
      ` FAIL  no guests here: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return process.exit(1);
  }
}

/** Engine, image and network, once for the run; prints how long each took. */
async function prepare(project: TestProject) {
  await mkdir(CACHE, { recursive: true });
  const key = await ensureKey();
  const folder = await mkdtemp(join(tmpdir(), 'hub-figures-'));
  const figures = join(folder, 'figures');
  const [engine, recipe] = await Promise.all([
    timed('engine', () => ensureEngine(CACHE)),
    timed('recipe', readRecipe),
  ]);
  try {
    await timed('leftovers', removeLeftovers);
    const tag = await timed('image', () => ensureImage(recipe));
    await timed('network', ensureNetwork);
    project.provide('guests', { image: tag, key, figures });
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return async () => {
    await removeLeftovers();
    await timed('engine stopped', () => Promise.resolve(engine[Symbol.asyncDispose]()));
    for (const line of figureTable(figures)) process.stdout.write(`guests: ${line}\n`);
    await rm(folder, { recursive: true });
  };
}

async function ensureKey(): Promise<string> {
  const key = join(CACHE, 'id_ed25519');
  if (!existsSync(key))
    await call('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'guests', '-f', key]);
  return key;
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await work();
  process.stdout.write(`guests: ${name} ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return value;
}
