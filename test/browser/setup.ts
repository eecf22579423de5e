import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, testLog } from '@smart-ai-hub/shared/testing';
import { startStandalone, stopStandalone } from '@smart-ai-hub/standalone/start';
import type { TestProject } from 'vitest/node';
import { CLIENT } from '../../packages/auth-service/src/oidc/outside-provider.fixture.ts';
import './provided.ts';

/** Every visitor of these tests has one address: its limits must not be what a test runs into. */
const RATE_LIMITS = JSON.stringify({ anonymous: [1e6, 1e6, 1e6], user: [1e6, 1e6, 1e6] });

/** Another site to a browser, as real providers are. */
const outside = (port: number) => ({
  id: 'outside',
  name: 'Outside',
  issuer: `http://localhost:${port}`,
  clientId: CLIENT.id,
  clientSecret: CLIENT.secret,
});

/** One whole hub for the run, with the built pages, as `npm start` would serve it. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-browser-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const { logger } = testLog('standalone');
  const [port, outsidePort] = [await freePort(), await freePort()];
  const hub = await startStandalone(
    {
      dataDir: join(folder, 'data'),
      host: '127.0.0.1',
      port,
      env: {
        NODE_ENV: 'test',
        RATE_LIMITS,
        FRONTEND_DIR: 'packages/frontend/dist',
        OIDC_PROVIDERS: JSON.stringify([outside(outsidePort)]),
      },
    },
    logger,
  );
  project.provide('hubUrl', hub.url);
  project.provide('outsidePort', outsidePort);
  return async () => {
    await stopStandalone(hub, logger);
    rmSync(folder, { recursive: true, force: true });
  };
}
