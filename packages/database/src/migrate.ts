import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { installJobs } from './jobs.ts';
import { ensureRoles, type RolePasswords } from './roles.ts';
import { seed } from './seed.ts';

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal: what Prisma stores too. */
  checksum: string;
}

export interface MigrateOptions {
  /** As the owner of the database, with CREATEROLE. */
  url: string;
  passwords: RolePasswords;
  migrations?: readonly Migration[];
}

/** Why the history was refused; the database is as it was. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Applied {
  name: string;
  checksum: string;
  finished: boolean;
}

/** Taken for as long as one migrator works; others wait for it. Any constant will do. */
const LOCK = 7_204_251;

/** Milliseconds: for another migrator to end, and for a statement to get its table. */
const WAIT_FOR_MIGRATOR = 120_000;
const WAIT_FOR_TABLE = 5_000;

/** The official history table, so that Prisma's own tools can read it. */
const HISTORY = `
  CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

/**
 * Brings the database to the newest migration and seeds the catalogue; answers the names it applied. One
 * at a time; from empty or from anywhere; a second run does nothing. Throws a MigrationError for a history
 * that it must not touch.
 */
export async function migrate({
  url,
  passwords,
  migrations = readMigrations(),
}: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'hub-migrator' });
  client.on('error', () => undefined); // the connection was lost: the query that is under way says so
  await client.connect();
  try {
    await client.query(`SET lock_timeout = ${WAIT_FOR_MIGRATOR}`);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(`SET lock_timeout = ${WAIT_FOR_TABLE}`);
    await client.query(HISTORY);
    const pending = pendingOf(migrations, await appliedOf(client));
    await ensureRoles(client, passwords);
    for (const migration of pending) await apply(client, migration);
    await installJobs(client, url);
    await seed(client);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The migrations that ship with this version, in order. */
export function readMigrations(folder = new URL('../prisma/migrations/', import.meta.url)): Migration[] {
  const names = readdirSync(fileURLToPath(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return names.map((name) => {
    const sql = readFileSync(new URL(`${name}/migration.sql`, folder), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function appliedOf(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** What is still to do, or a refusal of a history that is not a beginning of ours. */
function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!finished) {
      throw new MigrationError(
        `migration ${name} was begun and not finished: restore the backup from before it, or repair the ` +
          `database by hand and set finished_at (done) or rolled_back_at (undone) in _prisma_migrations`,
      );
    }
    if (!migration) {
      throw new MigrationError(
        `the database has migration ${name}, which this version does not know: it is newer`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `migration ${name} was changed after it was applied: put its file back as it was`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** The migration and its line in the history are one transaction: applied whole or not at all. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined); // on a lost connection it was rolled back already
    throw new MigrationError(`migration ${name} failed and was undone: ${String(cause)}`, { cause });
  }
}
