import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, testLog } from '@smart-ai-hub/shared/testing';
import { startStandalone, stopStandalone } from '@smart-ai-hub/standalone/start';
import type { TestProject } from 'vitest/node';
import './provided.ts';

/** Every visitor of these tests has one address: its limits must not be what a test runs into. */
const RATE_LIMITS = JSON.stringify({ anonymous: [1e6, 1e6, 1e6], user: [1e6, 1e6, 1e6] });

/** One whole hub for the run, with the built pages, as `npm start` would serve it. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-browser-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const { logger } = testLog('standalone');
  const port = await freePort();
  const PUBLIC_URL = `http://127.0.0.1:${port}`; // where OAuth and passkeys believe that they are
  const hub = await startStandalone(
    {
      dataDir: join(folder, 'data'),
      host: '127.0.0.1',
      port,
      env: { NODE_ENV: 'test', PUBLIC_URL, RATE_LIMITS, FRONTEND_DIR: 'packages/frontend/dist' },
    },
    logger,
  );
  project.provide('hubUrl', hub.url);
  return async () => {
    await stopStandalone(hub, logger);
    rmSync(folder, { recursive: true, force: true });
  };
}
