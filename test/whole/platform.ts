import type { Server } from 'node:http';
import { buildPlatform } from '@smart-ai-hub/standalone/build';
import { closeAll } from '@smart-ai-hub/shared/service';
import { freshDatabase, testLog, type TestLog, type TestServer } from '@smart-ai-hub/shared/testing';

export interface TestPlatform extends AsyncDisposable {
  url: string;
  /** What listens at `url`. */
  server: Server;
  log: TestLog;
  /** As the owner of its database, for a look from outside. */
  ownerUrl: string;
}

/** Secrets of a test run, as strong as real ones must be. */
export const SECRETS = {
  SERVICE_TOKEN: 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc',
  SIGNING_SEED: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  SEALING_KEY: 'q0Zk1sT8vXoY3nB5mR7uL2wE9cH4jG6dFaKxPiVyNtU',
};

const MANY = [1_000_000, 1_000_000, 1_000_000];

/** For tests that ask more than a person does in a minute. */
export const NO_LIMITS = {
  RATE_LIMITS: JSON.stringify({ anonymous: MANY, user: MANY, guest: MANY }),
  TRIES_PER_NETWORK: '1000000',
};

/** The whole platform in this process over a database of its own, listening on a free port. */
export async function startPlatform(
  server: TestServer,
  env: Record<string, string> = {},
): Promise<TestPlatform> {
  const database = await freshDatabase(server);
  const log = testLog();
  const built = await buildPlatform(
    {
      NODE_ENV: 'test',
      AUTH_DATABASE_URL: database.authUrl,
      CORE_DATABASE_URL: database.coreUrl,
      ...SECRETS,
      TRIES_PER_NETWORK: NO_LIMITS.TRIES_PER_NETWORK,
      ...env,
    },
    log.logger,
  );
  const url = await built.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    server: built.app.server,
    log,
    ownerUrl: database.ownerUrl,
    [Symbol.asyncDispose]: async () => {
      await closeAll(built, log.logger);
      await database[Symbol.asyncDispose]();
    },
  };
}
