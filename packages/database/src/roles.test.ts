import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Connection, connectTo } from './database.fixture.ts';

const ROLES = ['hub_auth', 'hub_core', 'hub_readonly'] as const;
type Role = (typeof ROLES)[number];

/** Who may do what, to the letter: Select, Insert, Update, Delete; nobody may truncate. */
const RIGHTS: Record<string, Record<Role, string>> = {
  'auth.users': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.sessions': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.refresh_tokens': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.api_keys': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.setup_tokens': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.identities': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.verification_tokens': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.former_passwords': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.totp_secrets': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.recovery_codes': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.passkeys': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.teams': { hub_auth: 'SIUD', hub_core: '', hub_readonly: 'S' },
  'auth.team_members': { hub_auth: 'SIUD', hub_core: '', hub_readonly: 'S' },
  'auth.partner_sessions': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth.oauth_records': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'core.roles': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.permissions': { hub_auth: '', hub_core: 'S', hub_readonly: 'S' },
  'core.role_permissions': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.user_roles': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.credit_accounts': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.credit_transactions': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.credit_holds': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.promo_codes': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.promo_redemptions': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.reconciliations': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.key_spend': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.monthly_spend': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.model_prices': { hub_auth: '', hub_core: 'SID', hub_readonly: 'S' },
  'core.usage_rollups': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.team_usage_rollups': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.usage_totals': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.team_usage_totals': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'core.usage_days': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.team_usage_days': { hub_auth: '', hub_core: 'SIU', hub_readonly: 'S' },
  'core.usage_months': { hub_auth: '', hub_core: 'S', hub_readonly: 'S' },
  'core.team_usage_months': { hub_auth: '', hub_core: 'S', hub_readonly: 'S' },
  'core.usage_rolled_up': { hub_auth: '', hub_core: 'SU', hub_readonly: 'S' },
  'core.webhooks': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core.webhook_deliveries': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.providers': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core.mcp_servers': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core.mcp_tools': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.mcp_profiles': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.mcp_profile_tools': { hub_auth: '', hub_core: 'SIUD', hub_readonly: 'S' },
  'core.conversations': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core.conversation_messages': { hub_auth: '', hub_core: 'SID', hub_readonly: '' },
  'core.usage_logs': { hub_auth: '', hub_core: 'SI', hub_readonly: 'S' },
  'audit.events': { hub_auth: '', hub_core: 'S', hub_readonly: 'S' },
  'audit.head': { hub_auth: '', hub_core: '', hub_readonly: '' },
  'auth_jobs.migrations': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth_jobs._private_jobs': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth_jobs._private_job_queues': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth_jobs._private_known_crontabs': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'auth_jobs._private_tasks': { hub_auth: 'SIUD', hub_core: '', hub_readonly: '' },
  'core_jobs.migrations': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core_jobs._private_jobs': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core_jobs._private_job_queues': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core_jobs._private_known_crontabs': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'core_jobs._private_tasks': { hub_auth: '', hub_core: 'SIUD', hub_readonly: '' },
  'public._prisma_migrations': { hub_auth: '', hub_core: '', hub_readonly: '' },
};

const DENIED = '42501';
/** A column that numbers itself refuses a value, but only to those who may insert. */
const GENERATED = '428C9';

let fresh: TestDatabase;
let owner: Connection;
let as: Record<Role, Connection>;

beforeAll(async () => {
  fresh = await freshDatabase(inject('postgres'));
  owner = await connectTo(fresh.ownerUrl);
  const readonly = await connectTo(fresh.ownerUrl);
  await readonly.query('SET SESSION AUTHORIZATION hub_readonly'); // nobody gave it a password yet
  as = {
    hub_auth: await connectTo(fresh.authUrl),
    hub_core: await connectTo(fresh.coreUrl),
    hub_readonly: readonly,
  };
});
afterAll(async () => {
  for (const connection of [owner, ...Object.values(as)]) await connection[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

/** Statements that touch no row: what is refused is refused for want of the right. */
const attempts = (table: string, column: string): [string, string][] => [
  ['S', `SELECT * FROM ${table} LIMIT 0`],
  ['I', `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, '[]')`],
  ['U', `UPDATE ${table} SET ${column} = DEFAULT WHERE false`],
  ['D', `DELETE FROM ${table} WHERE false`],
  ['T', `TRUNCATE ${table}`],
];

describe('every table', () => {
  test('is in the list above', async () => {
    const tables = await owner.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables t JOIN pg_class c ON c.oid = (t.schemaname || '.' || t.tablename)::regclass
       WHERE schemaname IN ('auth', 'core', 'audit', 'auth_jobs', 'core_jobs', 'public') AND NOT c.relispartition`,
    );
    expect(tables.map(({ name }) => name).toSorted()).toEqual(Object.keys(RIGHTS).toSorted());
  });

  describe.each(Object.entries(RIGHTS))('%s', (table, rights) => {
    test.each(ROLES)('gives %s what it needs, and no more', async (role) => {
      const [column] = await owner.query<{ name: string }>(
        'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 2',
        [table],
      );
      const can: string[] = [];
      for (const [letter, sql] of attempts(table, column?.name ?? '')) {
        const refusal = await as[role].refusalOf(sql);
        if (refusal === undefined || refusal === GENERATED) can.push(letter);
        else expect(refusal).toBe(DENIED);
      }
      expect(can.join('')).toBe(rights[role]);
    });
  });
});

describe('hub_readonly', () => {
  test.each([
    'SELECT id, email, verified, locale, created_at, updated_at, disabled_at, deleted_at FROM auth.users',
    'SELECT id, user_id, name, prefix, created_at, expires_at, last_used_at, revoked_at FROM auth.api_keys',
  ])('may: %s', async (sql) => {
    await expect(as.hub_readonly.query(sql)).resolves.toEqual([]);
  });

  test.each([
    'SELECT password_hash FROM auth.users',
    'SELECT sealed FROM auth.totp_secrets',
    'SELECT u FROM auth.users u',
    'SELECT hash FROM auth.api_keys',
    'SELECT count(*) FROM auth.users WHERE password_hash IS NULL',
    'SELECT email FROM auth.users ORDER BY password_hash',
  ])('may not: %s', async (sql) => {
    await expect(as.hub_readonly.refusalOf(sql)).resolves.toBe(DENIED);
  });

  test('reads usage of months that came after the grant', async () => {
    await owner.query(
      `CREATE TABLE core.usage_logs_2999_01 PARTITION OF core.usage_logs FOR VALUES FROM ('2999-01-01') TO ('2999-02-01')`,
    );
    await expect(as.hub_readonly.query('SELECT * FROM core.usage_logs')).resolves.toEqual([]);
  });
});

describe.each(ROLES)('%s', (role) => {
  test.each([
    'CREATE TABLE core.mine (id int)',
    'CREATE TABLE auth.mine (id int)',
    'CREATE TABLE public.mine (id int)',
    'CREATE SCHEMA mine',
    'CREATE EXTENSION pgcrypto',
    'CREATE ROLE mine',
    'ALTER ROLE hub_core SUPERUSER',
    'SET ROLE hub_migrator',
    'SET session_replication_role = replica',
    `SELECT pg_read_file('PG_VERSION')`,
    `COPY (SELECT 1) TO PROGRAM 'true'`,
  ])('may not: %s', async (sql) => {
    await expect(as[role].refusalOf(sql)).resolves.toBe(DENIED);
  });

  test.each([
    'DROP TABLE core.credit_transactions',
    'ALTER TABLE core.credit_transactions DISABLE TRIGGER ALL',
    'ALTER TABLE core.credit_accounts DROP CONSTRAINT credit_accounts_covered',
    'CREATE OR REPLACE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE sql AS $$ SELECT NULL $$',
    'DROP TABLE auth.users',
    'GRANT ALL ON ALL TABLES IN SCHEMA core TO PUBLIC',
  ])('may not: %s', async (sql) => {
    const [schema] = sql.includes('auth.') ? ['auth'] : ['core'];
    const before = await rightsIn(schema);
    const refusal = await as[role].refusalOf(sql);
    if (!sql.startsWith('GRANT')) expect(refusal).toBe(DENIED);
    await expect(rightsIn(schema)).resolves.toEqual(before);
  });

  test('may not act as another role', async () => {
    for (const other of ROLES.filter((one) => one !== role)) {
      await expect(as[role].refusalOf(`SET ROLE ${other}`)).resolves.toBe(DENIED);
    }
  });

  test(`${role === 'hub_core' ? 'makes' : 'may not make'} partitions of the usage log`, async () => {
    const refusal = role === 'hub_core' ? undefined : DENIED;
    await expect(as[role].refusalOf('SELECT core.ensure_usage_partitions()')).resolves.toBe(refusal);
  });
});

const rightsIn = (schema: string) =>
  owner.query(
    'SELECT relname, relacl::text FROM pg_class WHERE relnamespace = $1::regnamespace ORDER BY relname',
    [schema],
  );
