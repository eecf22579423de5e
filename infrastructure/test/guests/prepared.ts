import { createHash } from 'node:crypto';
import { inject } from 'vitest';
import { attempt } from './call.ts';
import { startGuest } from './guest.ts';

/** Fetching packages over a slow line. */
const STEP_MS = 300_000;

/**
 * The tag of an image in which these commands were run, in their order; made at the first call, kept for
 * later runs. A changed command or a changed bare image makes another. Guests need their name server for it.
 */
export async function preparedImage(commands: readonly (readonly string[])[]): Promise<string> {
  const { image } = inject('guests');
  const key = createHash('sha256')
    .update(JSON.stringify([image, commands]))
    .digest('hex');
  const tag = `smart-ai-hub-guest:prepared-${key.slice(0, 12)}`;
  const { code } = await attempt('docker', ['image', 'inspect', tag]);
  if (code === 0) return tag;
  await using guest = await startGuest();
  for (const command of commands) await guest.run(command, { timeoutMs: STEP_MS });
  // Awaited here: the guest is gone once this function returns.
  return await guest.snapshot(tag);
}

const install = (...names: string[]) => [
  ...['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes', '--quiet=2'],
  ...['--no-install-recommends', ...names],
];

/** What the proofs of the harness itself need inside. */
export const WITH_TOOLS = [['apt-get', 'update', '--quiet=2'], install('ufw', 'certbot', 'curl')] as const;
