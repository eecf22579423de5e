import { randomBytes } from 'node:crypto';
import { openDatabase } from '@smart-ai-hub/database';

/** What the global set-up gives every test file: one server with a migrated template. */
export interface TestServer {
  /** As the owner, database `postgres`. */
  adminUrl: string;
  template: string;
  passwords: { auth: string; core: string };
}

export interface TestDatabase extends AsyncDisposable {
  name: string;
  /** As the owner: for what a test looks at from outside. */
  ownerUrl: string;
  authUrl: string;
  coreUrl: string;
}

/**
 * A migrated database of one test's own, cloned from the template in about 0.1 s; dropped, with whoever is
 * still connected, when it is disposed of.
 */
export async function freshDatabase({ adminUrl, template, passwords }: TestServer): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    name,
    ownerUrl: urlOf(adminUrl, name),
    authUrl: urlOf(adminUrl, name, { user: 'hub_auth', password: passwords.auth }),
    coreUrl: urlOf(adminUrl, name, { user: 'hub_core', password: passwords.core }),
    [Symbol.asyncDispose]: () => asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function urlOf(adminUrl: string, database: string, as?: { user: string; password: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (as) {
    url.username = as.user;
    url.password = as.password;
  }
  return url.href;
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const { pool, close } = openDatabase({ url, poolMax: 1 });
  try {
    await pool.query(sql);
  } finally {
    await close();
  }
}
