import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { type Connection, connectTo, emptyDatabase, migratedDatabase } from './database.fixture.ts';
import { type Migration, migrate, MigrationError, readMigrations } from './migrate.ts';

const { passwords } = inject('postgres');
const SHIPPED = readMigrations();
const NAMES = SHIPPED.map(({ name }) => name);

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});
const FIRST = migration('29990101000000_first', 'CREATE TABLE core.first (id int)');
const SECOND = migration('29990102000000_second', 'CREATE TABLE core.second (id int)');
const BROKEN = migration('29990102000000_second', 'CREATE TABLE core.second (id int); SELECT 1 / 0');

const run = (url: string, ...more: Migration[]) =>
  migrate({ url, passwords, migrations: [...SHIPPED, ...more] });

const exists = async (owner: Connection, table: string) => {
  const [row] = await owner.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    table,
  ]);
  return row?.exists;
};

/** What the history and the catalogue hold: the same before and after whatever must change nothing. */
const stateOf = (owner: Connection) =>
  owner.query(`SELECT (SELECT json_agg(m ORDER BY m.id) FROM public._prisma_migrations m) AS history,
                      (SELECT array_agg(c.oid::regclass::text ORDER BY c.oid::regclass::text) FROM pg_class c WHERE c.relkind IN ('r', 'p', 'i')) AS relations`);

describe('a migration', () => {
  test('lesson 14: takes an empty database to the newest version, and a second run does nothing', async () => {
    await using database = await emptyDatabase();
    await expect(migrate({ url: database.ownerUrl, passwords })).resolves.toEqual(NAMES);
    await using owner = await connectTo(database.ownerUrl);
    const before = await stateOf(owner);
    await expect(migrate({ url: database.ownerUrl, passwords })).resolves.toEqual([]);
    await expect(stateOf(owner)).resolves.toEqual(before);
  });

  test('adds to what is there, in order', async () => {
    await using database = await migratedDatabase();
    await expect(run(database.ownerUrl, FIRST)).resolves.toEqual([FIRST.name]);
    await expect(run(database.ownerUrl, FIRST, SECOND)).resolves.toEqual([SECOND.name]);
    await using owner = await connectTo(database.ownerUrl);
    await expect(
      owner.query(
        'SELECT migration_name AS name, checksum, finished_at >= started_at AS finished, rolled_back_at, applied_steps_count FROM public._prisma_migrations ORDER BY 1',
      ),
    ).resolves.toEqual(
      [...SHIPPED, FIRST, SECOND].map(({ name, checksum }) => ({
        name,
        checksum,
        finished: true,
        rolled_back_at: null,
        applied_steps_count: 1,
      })),
    );
  });

  test('does not wait for ever for a table that is in use', async () => {
    await using database = await migratedDatabase();
    await run(
      database.ownerUrl,
      migration(
        '29990101000000_wait',
        "CREATE TABLE core.wait AS SELECT current_setting('lock_timeout') AS time",
      ),
    );
    await using owner = await connectTo(database.ownerUrl);
    await expect(owner.query('SELECT time FROM core.wait')).resolves.toEqual([{ time: '5s' }]);
  });

  test('lets the services in with their passwords', async () => {
    await using database = await migratedDatabase();
    for (const url of [database.authUrl, database.coreUrl]) {
      await using service = await connectTo(url);
      await expect(service.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    }
  });
});

describe('a migration that fails', () => {
  test('lesson 14: leaves nothing of itself, keeps what went before, and can be tried again', async () => {
    await using database = await migratedDatabase();
    await using owner = await connectTo(database.ownerUrl);
    const failure = run(database.ownerUrl, FIRST, BROKEN);
    await expect(failure).rejects.toThrow(MigrationError);
    await expect(failure).rejects.toThrow(
      `migration ${BROKEN.name} failed and was undone: error: division by zero`,
    );
    await expect(exists(owner, 'core.first')).resolves.toBe(true);
    await expect(exists(owner, 'core.second')).resolves.toBe(false);
    await expect(run(database.ownerUrl, FIRST, SECOND)).resolves.toEqual([SECOND.name]);
  });

  test('on an empty database leaves it empty', async () => {
    await using database = await emptyDatabase();
    const broken = SHIPPED.map((one) => ({ ...one, sql: `${one.sql}; SELECT 1 / 0` }));
    await expect(migrate({ url: database.ownerUrl, passwords, migrations: broken })).rejects.toThrow(
      MigrationError,
    );
    await using owner = await connectTo(database.ownerUrl);
    await expect(exists(owner, 'core.roles')).resolves.toBe(false);
    await expect(run(database.ownerUrl)).resolves.toEqual(NAMES);
  });
});

describe('a history that is not ours is refused, and nothing is touched:', () => {
  test.each<[string, string, RegExp]>([
    [
      'an old migration that was changed',
      `UPDATE public._prisma_migrations SET checksum = repeat('0', 64)`,
      /was changed after it was applied: put its file back/,
    ],
    [
      'one that was begun and not finished',
      `UPDATE public._prisma_migrations SET finished_at = NULL`,
      /was begun and not finished: restore the backup .* finished_at \(done\) or rolled_back_at \(undone\)/,
    ],
    [
      'one that this version does not know',
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '30000101000000_future', now())`,
      /has migration 30000101000000_future, which this version does not know: it is newer/,
    ],
  ])('%s', async (_, sql, message) => {
    await using database = await migratedDatabase();
    await using owner = await connectTo(database.ownerUrl);
    await owner.query(sql);
    const before = await stateOf(owner);
    const refusal = run(database.ownerUrl, FIRST);
    await expect(refusal).rejects.toThrow(MigrationError);
    await expect(refusal).rejects.toThrow(message);
    await expect(stateOf(owner)).resolves.toEqual(before);
  });

  test('but one that a person marked as undone is applied again', async () => {
    await using database = await migratedDatabase();
    await using owner = await connectTo(database.ownerUrl);
    await owner.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, rolled_back_at) VALUES ('x', $1, $2, now())`,
      [FIRST.checksum, FIRST.name],
    );
    await expect(run(database.ownerUrl, FIRST)).resolves.toEqual([FIRST.name]);
  });
});

describe('many migrators at once', () => {
  test('lesson 14: do no harm: one works, the others find nothing to do', async () => {
    await using database = await emptyDatabase();
    const applied = await Promise.all([1, 2, 3, 4].map(() => run(database.ownerUrl, FIRST)));
    expect(applied.toSorted((a, b) => b.length - a.length)).toEqual([[...NAMES, FIRST.name], [], [], []]);
  });

  test('of several databases of one server do no harm, though they share the roles', async () => {
    await using one = await emptyDatabase();
    await using two = await emptyDatabase();
    await using three = await emptyDatabase();
    const applied = await Promise.all([one, two, three].map(({ ownerUrl }) => run(ownerUrl)));
    expect(applied).toEqual([NAMES, NAMES, NAMES]);
  });

  test('wait for the one that works', async () => {
    await using database = await emptyDatabase();
    await using owner = await connectTo(database.ownerUrl);
    const slow = migration('29990103000000_slow', 'SELECT pg_sleep(0.3)');
    const first = run(database.ownerUrl, slow);
    await expect.poll(() => migrators(owner)).toBe(1);
    const second = run(database.ownerUrl, slow);
    await expect.poll(() => migrators(owner, WAITS)).toBe(1);
    await expect(first).resolves.toEqual([...NAMES, slow.name]);
    await expect(second).resolves.toEqual([]);
  });

  test('go on where one has died', async () => {
    await using database = await migratedDatabase();
    await using owner = await connectTo(database.ownerUrl);
    const failure = run(database.ownerUrl, migration('29990103000000_slow', 'SELECT pg_sleep(60)')).catch(
      (error: unknown) => error,
    );
    await expect.poll(() => migrators(owner, `query = 'SELECT pg_sleep(60)'`)).toBe(1);
    const next = run(database.ownerUrl, FIRST);
    await expect.poll(() => migrators(owner, WAITS)).toBe(1);
    await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'`,
    );
    await expect(failure).resolves.toMatchObject({
      message: expect.stringContaining('slow failed and was undone'),
    });
    await expect(next).resolves.toEqual([FIRST.name]);
  });
});

const WAITS = `wait_event_type = 'Lock' AND wait_event = 'advisory'`;

/** How many migrators are at work on this database, in this state. */
async function migrators(owner: Connection, state = 'true'): Promise<number> {
  const rows = await owner.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hub-migrator' AND ${state}`,
  );
  return rows.length;
}

test('what an operator gave to hub_readonly is not taken away by the next migration', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  const canLogIn = () => owner.query(`SELECT rolcanlogin FROM pg_roles WHERE rolname = 'hub_readonly'`);
  await expect(canLogIn()).resolves.toEqual([{ rolcanlogin: false }]);
  await owner.query('ALTER ROLE hub_readonly LOGIN');
  await run(database.ownerUrl);
  const after = await canLogIn();
  await owner.query('ALTER ROLE hub_readonly NOLOGIN');
  expect(after).toEqual([{ rolcanlogin: true }]);
});

test('readMigrations reads folders in order of their names, with the checksum that Prisma keeps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-migrations-'));
  for (const name of ['2_b', '1_a']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'migration.sql'), `-- ${name}`);
  }
  writeFileSync(join(folder, 'migration_lock.toml'), '');
  const read = readMigrations(pathToFileURL(`${folder}/`));
  expect(read.map(({ name, sql }) => [name, sql])).toEqual([
    ['1_a', '-- 1_a'],
    ['2_b', '-- 2_b'],
  ]);
  expect(read[0]?.checksum).toBe(createHash('sha256').update('-- 1_a').digest('hex'));
  rmSync(folder, { recursive: true });
});
