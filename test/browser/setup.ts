import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, testLog } from '@smart-ai-hub/shared/testing';
import { startStandalone, stopStandalone } from '@smart-ai-hub/standalone/start';
import type { TestProject } from 'vitest/node';
import './provided.ts';

/** Every visitor of these tests has one address: its limits must not be what a test runs into. */
const NO_LIMITS = {
  RATE_LIMITS: JSON.stringify({ anonymous: [1e6, 1e6, 1e6], user: [1e6, 1e6, 1e6] }),
  TRIES_PER_NETWORK: '1000000',
};

/** A whole hub with the built pages, as `npm start` would serve it. */
async function startHub(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-browser-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const { logger } = testLog('standalone');
  const hub = await startStandalone(
    {
      dataDir: join(folder, 'data'),
      host: '127.0.0.1',
      port: await freePort(), // known beforehand: passkeys are bound to the address
      env: { NODE_ENV: 'test', ...NO_LIMITS, FRONTEND_DIR: 'packages/frontend/dist', ...env },
    },
    logger,
  );
  const stop = async () => {
    await stopStandalone(hub, logger);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: hub.url, stop };
}

/** One hub for the run, and one where an address has to be verified first. */
export default async function setup(project: TestProject) {
  const hubs = await Promise.all([startHub(), startHub({ REQUIRE_VERIFIED_EMAIL: 'true' })]);
  project.provide('hubUrl', hubs[0].url);
  project.provide('verifyingHubUrl', hubs[1].url);
  return async () => {
    await Promise.all(hubs.map(({ stop }) => stop()));
  };
}
