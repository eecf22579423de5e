import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleFile } from '../../src/config/annotate.ts';
import { environmentOf, readConfig } from '../../src/config/read.ts';
import { hostEngines } from '../../src/host/engines.ts';
import { postgresSettings } from '../../src/host/postgres-settings.ts';
import { redisMegabytes } from '../../src/host/redis.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { type Facts, gatherFacts } from '../../src/resources/facts.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { Outcome } from './call.ts';
import { startDns } from './dns.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { driftOf, inside, makeSo } from './inside.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

const { engines } = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
const passwordOf = (user: string) => `canary-of-${user}`;
const users = ['hub_migrator', 'hub_auth', 'hub_core', 'hub_readonly', 'hub_backup'];
const passwords = (names: readonly string[]) =>
  new Map(names.map((name) => [name, new Secret(passwordOf(name))]));
const accounts = { postgres: passwords(users), redis: passwords(['hub', 'hub_watch']) };

let guest: Guest;
let machine: Machine;
let facts: Facts;
let resources: Resource[];

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  machine = inside(guest);
  facts = await gatherFacts(machine);
  resources = hostEngines({ engines: { ...engines, docker: false }, facts, accounts }, []);
  await leaveOldRedis();
  const { seconds } = await timed(() => makeSo(machine, resources));
  figure('PostgreSQL and Redis are made in', `${seconds.toFixed(1)} s`, 'none, packages warm');
});
afterAll(endAll);

/** As Debian has it: snapshots alone, and everybody on the machine is let in. */
async function leaveOldRedis(): Promise<void> {
  const install = ['apt-get', 'install', '--yes', '--quiet=2', 'redis-server'];
  await guest.run(['env', 'DEBIAN_FRONTEND=noninteractive', ...install]);
  await guest.run(['redis-cli', 'set', 'older', 'kept']);
  await guest.run(['redis-cli', 'save']);
}

/** Statements as a service would give them: by TCP, with its password. */
function query(
  user: string,
  statements: string,
  { tls = true, database = 'hub', password = passwordOf(user) } = {},
): Promise<Outcome> {
  const mode = tls
    ? 'sslmode=verify-full sslrootcert=/etc/ssl/smart-ai-hub/postgresql/server.crt'
    : 'sslmode=disable';
  const to = `host=localhost dbname=${database} user=${user} ${mode}`;
  const argv = ['env', `PGPASSWORD=${password}`, 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', to];
  return guest.attempt(argv, { input: statements });
}

const asOwner = (statements: string) =>
  guest.run(['runuser', '-u', 'postgres', '--', 'psql', '-XqAt', '-d', 'hub'], { input: statements });

describe('PostgreSQL', () => {
  it('refuses plaintext and wrong passwords, and takes SCRAM over TLS', async () => {
    const plain = await query('hub_core', 'SELECT 1', { tls: false });
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr).toContain('no encryption');
    expect(
      await query('hub_core', 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()'),
    ).toMatchObject({
      code: 0,
      stdout: 'TLSv1.3\n',
    });
    expect(await asOwner("SELECT count(*) FROM pg_authid WHERE rolpassword !~ '^SCRAM-SHA-256'")).toBe('0');
    const guessed = await query('hub_core', 'SELECT 1', { password: 'canary' });
    expect(guessed.stderr).toContain('password authentication failed');
    const stranger = await query('hub_core', 'SELECT 1', { database: 'postgres' });
    expect(stranger.stderr).toContain('no pg_hba.conf entry');
    figure('PostgreSQL without TLS, or with another password', 'refused', 'refused');
    figure('PostgreSQL by SCRAM', 'TLSv1.3', 'TLS');
  });

  it('has the settings that were computed, and checksums', async () => {
    const shall = postgresSettings({ ...facts, budget: engines.pools.budget });
    const shown = Object.keys(shall).map((name) => `SHOW ${name};`);
    expect((await asOwner(shown.join('\n'))).split('\n')).toEqual(Object.values(shall));
    expect(await asOwner('SHOW data_checksums')).toBe('on');
    figure(
      'PostgreSQL’s settings in force',
      `${shall['shared_buffers']}, ${shall['max_connections']} connections`,
      'as computed',
    );
  });

  it('runs the migrations as their owner, and refuses each role what is not its own', async () => {
    const folder = join(import.meta.dirname, '../../../packages/database/prisma/migrations');
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const statements = names
      .map(({ name }) => name)
      .sort()
      .map((name) => readFileSync(join(folder, name, 'migration.sql'), 'utf8'));
    expect(await query('hub_migrator', statements.join('\n'))).toMatchObject({ code: 0 });
    const refused: [string, string][] = [
      ['hub_auth', 'SELECT FROM core.credit_accounts'],
      ['hub_auth', 'CREATE TABLE auth.mine ()'],
      ['hub_core', 'SELECT FROM auth.users'],
      ['hub_core', 'DELETE FROM core.credit_transactions'],
      ['hub_core', 'CREATE TABLE public.mine ()'],
      ['hub_readonly', 'SELECT password_hash FROM auth.users'],
      ['hub_readonly', 'DELETE FROM core.credit_holds'],
      ['hub_backup', 'DELETE FROM core.credit_holds'],
      ['hub_migrator', "COPY auth.users TO PROGRAM 'true'"],
      ['hub_migrator', "ALTER SYSTEM SET pgaudit.log = 'none'"],
    ];
    for (const [user, statement] of refused) {
      const { code, stderr } = await query(user, statement);
      expect([user, statement, code, stderr]).toEqual([
        user,
        statement,
        3,
        expect.stringMatching(/permission denied|must be/),
      ]);
    }
    const allowed: [string, string][] = [
      ['hub_auth', 'SELECT FROM auth.users'],
      ['hub_core', 'SELECT FROM core.credit_accounts'],
      ['hub_readonly', 'SELECT email FROM auth.users'],
      ['hub_backup', 'SELECT FROM auth.users'],
    ];
    for (const [user, statement] of allowed) expect(await query(user, statement)).toMatchObject({ code: 0 });
    figure('rights of roles, refused and allowed', `${refused.length} and ${allowed.length}`, 'all');
  });

  it('writes down DDL and changes of roles, and no password', async () => {
    await query('hub_migrator', 'CREATE TABLE public.seen ()');
    await query('hub_migrator', 'ALTER ROLE hub_core SET statement_timeout = 15000');
    const log = await guest.run(['cat', '/var/log/postgresql/postgresql-15-hub.log']);
    expect(log).toMatch(/AUDIT: SESSION,\d+,\d+,DDL,CREATE TABLE,TABLE,public\.seen,/);
    expect(log).toMatch(/AUDIT: SESSION,\d+,\d+,ROLE,ALTER ROLE,,,ALTER ROLE hub_core SET statement_timeout/);
    expect(log).not.toMatch(/canary-of|SCRAM-SHA-256\$/);
    figure('pgaudit of DDL and of a change of roles', 'a line each, no password', 'a line each, no password');
    await query('hub_migrator', 'DROP TABLE public.seen');
  });

  it('mends what was changed behind its back, and destroys nothing', async () => {
    await asOwner('CREATE ROLE mallory LOGIN SUPERUSER');
    await asOwner("ALTER SYSTEM SET work_mem = '1GB'");
    await asOwner('SELECT pg_reload_conf()');
    await asOwner("ALTER ROLE hub_core PASSWORD 'another'");
    await asOwner('GRANT CONNECT ON DATABASE hub TO public');
    expect(await driftOf(machine, resources)).toEqual([
      'postgresql settings in force',
      'postgresql roles',
      'postgresql database hub',
    ]);
    await makeSo(machine, resources);
    expect(await query('hub_core', 'SELECT FROM core.credit_accounts')).toMatchObject({ code: 0 });
    expect(await asOwner("SELECT rolcanlogin OR rolsuper FROM pg_roles WHERE rolname = 'mallory'")).toBe('f');
  });
});

describe('Redis', () => {
  const redis = async (user: string, ...words: string[]) => {
    const argv = [
      'env',
      `REDISCLI_AUTH=${passwordOf(user)}`,
      'redis-cli',
      '--user',
      user,
      '--no-auth-warning',
    ];
    return (await guest.attempt([...argv, ...words])).stdout.trim();
  };

  it('lets in whom it knows, each to what is theirs, on loopback alone', async () => {
    expect(await guest.run(['redis-cli', 'ping'])).toContain('NOAUTH');
    expect(await redis('hub', 'set', 'greeting', 'sawasdee')).toBe('OK');
    expect(await redis('hub', 'eval', 'return redis.call("get", KEYS[1])', '1', 'greeting')).toBe('sawasdee');
    for (const words of [['flushall'], ['config', 'set', 'maxmemory', '0'], ['shutdown'], ['keys', '*']])
      expect(await redis('hub', ...words)).toContain('NOPERM');
    expect(await redis('hub_watch', 'get', 'greeting')).toContain('NOPERM');
    expect(await guest.run(['ss', '-Hltn', 'sport = :6379'])).toMatch(/127\.0\.0\.1:6379[^]*\[::1\]:6379/);
    expect((await guest.run(['ss', '-Hltn', 'sport = :6379'])).split('\n')).toHaveLength(2);
    figure('Redis: commands that a user has no right to', 'refused', 'refused');
  });

  it('that was there before with snapshots alone keeps what it held', async () => {
    expect(await redis('hub', 'get', 'older')).toBe('kept');
  });

  it('keeps the greeting in both forms over a restart and a power cut, and forgets nothing to make room', async () => {
    await guest.run(['systemctl', 'restart', 'redis-server.service']);
    const files = await guest.run(['find', '/var/lib/redis', '-type', 'f', '-size', '+0']);
    expect(files).toMatch(/dump\.rdb/);
    expect(files).toMatch(/appendonlydir\/appendonly\.aof\.\d+\.(base\.rdb|incr\.aof)/);
    expect(await redis('hub', 'get', 'greeting')).toBe('sawasdee');
    expect(await redis('hub_watch', 'config', 'get', 'maxmemory*')).toContain('noeviction');
    const bytes = redisMegabytes(facts.memory) * 2 ** 20;
    expect(await redis('hub_watch', 'config', 'get', 'maxmemory')).toBe(`maxmemory\n${bytes}`);
    await guest.cutPower();
    await guest.start();
    await expect.poll(() => redis('hub', 'get', 'greeting')).toBe('sawasdee');
    figure('Redis after restart and power cut', 'RDB and AOF, noeviction', 'RDB and AOF, noeviction');
    expect(await driftOf(machine, resources)).toEqual([]);
  });
});
