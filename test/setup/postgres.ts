import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import { ensureDatabase, startEmbeddedPostgres } from '@smart-ai-hub/database/embedded';
import { migrate } from '@smart-ai-hub/database/migrate';
import type { TestServer } from '@smart-ai-hub/shared/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
  }
}

/** One real PostgreSQL for the run, with a migrated template that each test clones. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-postgres-'));
  chmodSync(folder, 0o755);
  const passwords = { auth: 'auth-of-this-test-run', core: 'core-of-this-test-run' };
  const server = await startEmbeddedPostgres({
    directory: join(folder, 'data'),
    password: 'owner-of-this-test-run',
    settings: { max_connections: 300, synchronous_commit: 'off', fsync: 'off', full_page_writes: 'off' },
  });
  await ensureDatabase(server, 'hub_template');
  await migrate({ url: server.url('hub_template'), passwords });
  project.provide('postgres', { adminUrl: server.url('postgres'), template: 'hub_template', passwords });
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
