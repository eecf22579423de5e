import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testLog } from '@smart-ai-hub/shared/testing';
import { type Standalone, startStandalone, stopStandalone } from '@smart-ai-hub/standalone/start';
import type { TestProject } from 'vitest/node';
import './provided.ts';

/** Every visitor of these tests has one address: its limits must not be what a test runs into. */
const RATE_LIMITS = JSON.stringify({ anonymous: [1e6, 1e6, 1e6], user: [1e6, 1e6, 1e6] });

/** The first superadmin, made with the token that the hub says at its first start. */
async function makeAdministrator({ url, notice }: Standalone) {
  const administrator = { email: 'administrator@example.com', password: 'nine blue kites above the harbour' };
  const token = /#token=([\w-]+)/.exec(notice ?? '')?.[1];
  const answer = await fetch(`${url}/api/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...administrator, token }),
  });
  if (!answer.ok) throw new Error(`no administrator: ${answer.status} ${await answer.text()}`);
  return administrator;
}

/** One whole hub for the run, with the built pages, as `npm start` would serve it. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-browser-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const { logger } = testLog('standalone');
  const hub = await startStandalone(
    {
      dataDir: join(folder, 'data'),
      host: '127.0.0.1',
      port: 0,
      env: {
        NODE_ENV: 'test',
        RATE_LIMITS,
        TRIES_PER_NETWORK: '1000000',
        FRONTEND_DIR: 'packages/frontend/dist',
      },
    },
    logger,
  );
  project.provide('hubUrl', hub.url);
  project.provide('administrator', await makeAdministrator(hub));
  return async () => {
    await stopStandalone(hub, logger);
    rmSync(folder, { recursive: true, force: true });
  };
}
