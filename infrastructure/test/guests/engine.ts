import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, call } from './call.ts';
import { serve } from './serve.ts';

/** Containers, images and networks of guests carry it; nothing else is ever removed. */
export const LABEL = 'smart-ai-hub.guest';

const CGROUPS = '/sys/fs/cgroup';

/** Docker Engine for guests: the machine's own when it runs, or else one of ours over a folder that stays. */
export async function ensureEngine(cache: string): Promise<AsyncDisposable> {
  const { code } = await attempt('docker', ['info'], { timeoutMs: 20_000 });
  if (code === 0) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  if (!existsSync(join(CGROUPS, 'unified')) && !existsSync(join(CGROUPS, 'cgroup.controllers')))
    throw new Error(`Docker does not run, and cannot: it needs control groups at ${CGROUPS}`);
  try {
    return await serve({
      program: 'dockerd',
      args: ['--data-root', join(cache, 'docker')],
      ready: /API listen on/,
      timeoutMs: 60_000,
    });
  } catch (error) {
    throw new Error(`Docker does not run: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Removes guests that an earlier run left, and images that nobody asked for in 30 days. */
export async function removeLeftovers(): Promise<void> {
  const left = await call('docker', ['ps', '--all', '--quiet', '--filter', `label=${LABEL}`]);
  if (left !== '') await call('docker', ['rm', '--force', '--volumes', ...left.split('\n')]);
  const old = ['--filter', `label=${LABEL}`, '--filter', 'until=720h'];
  await call('docker', ['image', 'prune', '--all', '--force', ...old]);
}
