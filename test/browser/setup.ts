import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, testLog } from '@smart-ai-hub/shared/testing';
import { type Standalone, startStandalone, stopStandalone } from '@smart-ai-hub/standalone/start';
import type { TestProject } from 'vitest/node';
import { CLIENT } from '../../packages/auth-service/src/oidc/outside-provider.fixture.ts';
import './provided.ts';

/** Every visitor of these tests has one address: its limits must not be what a test runs into. */
const NO_LIMITS = {
  RATE_LIMITS: JSON.stringify({ anonymous: [1e6, 1e6, 1e6], user: [1e6, 1e6, 1e6] }),
  TRIES_PER_NETWORK: '1000000',
};

/** Another site to a browser, as real providers are. */
const outside = (port: number) => ({
  id: 'outside',
  name: 'Outside',
  issuer: `http://localhost:${port}`,
  clientId: CLIENT.id,
  clientSecret: CLIENT.secret,
});

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

/** A whole hub with the built pages, as `npm start` would serve it. */
async function startHub(env: Record<string, string> = {}) {
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
      env: { NODE_ENV: 'test', PUBLIC_URL, ...NO_LIMITS, FRONTEND_DIR: 'packages/frontend/dist', ...env },
    },
    logger,
  );
  const stop = async () => {
    await stopStandalone(hub, logger);
    rmSync(folder, { recursive: true, force: true });
  };
  return { hub, stop };
}

/** One hub for the run, and one where an address has to be verified first. */
export default async function setup(project: TestProject) {
  const outsidePort = await freePort();
  const receiverPort = await freePort();
  const vendorPort = await freePort();
  const others = {
    OIDC_PROVIDERS: JSON.stringify([outside(outsidePort)]),
    WEBHOOK_LOCAL_ORIGINS: `http://127.0.0.1:${receiverPort}`,
    PROVIDER_LOCAL_ORIGINS: `http://127.0.0.1:${vendorPort}`,
    MCP_LOCAL_ORIGINS: `http://127.0.0.1:${vendorPort}`,
    MCP_STDIO_COMMANDS: '/opt/mcp/server',
  };
  const hubs = await Promise.all([startHub(others), startHub({ REQUIRE_VERIFIED_EMAIL: 'true' })]);
  project.provide('hubUrl', hubs[0].hub.url);
  project.provide('administrator', await makeAdministrator(hubs[0].hub));
  project.provide('outsidePort', outsidePort);
  project.provide('receiverPort', receiverPort);
  project.provide('vendorPort', vendorPort);
  project.provide('verifyingHubUrl', hubs[1].hub.url);
  return async () => {
    await Promise.all(hubs.map(({ stop }) => stop()));
  };
}
