import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { wordsOf } from '../machine/told.fixture.ts';
import { isScramOf, scramVerifier } from '../secrets/scram.ts';
import { Secret } from '../secrets/secret.ts';
import { postgresCluster } from './postgres-cluster.ts';
import { postgresDatabase, postgresRoles, type Role } from './postgres-database.ts';
import type { Resource } from './resource.ts';

const CLUSTER = { version: 15, name: 'hub' };
const said = (...texts: string[]) => texts.map((stdout) => ({ code: 0, stdout, stderr: '' }));
const lines = (resource: Resource, ...texts: string[]) =>
  resource.compare(said(...texts))?.lines.map(({ sign, text }) => `${sign} ${text}`) ?? [];
/** Only what is given to psql. */
const statements = (resource: Resource, ...texts: string[]) =>
  resource.compare(said(...texts))?.commands.map(({ stdin = '' }) => stdin.trim()) ?? [];

describe('a cluster', () => {
  const ours = postgresCluster(CLUSTER, []);
  const data = 'there 39 /var/lib/postgresql/15/hub\n';
  const settings = 'there 1 /etc/postgresql/15/hub\n';

  test('is made where there is none, also where only its settings are there', () => {
    expect(lines(ours, '')).toEqual(['+ /var/lib/postgresql/15/hub, empty, with checksums']);
    expect(ours.compare(said(settings))?.commands).toHaveLength(1);
  });

  test('with checksums is left alone; without, it gets them and keeps its data', () => {
    expect(lines(ours, `${settings}${data}Data page checksum version:           1\n`)).toEqual([]);
    const change = ours.compare(said(`${data}Data page checksum version:           0\n`));
    expect(change?.destroys).toBeUndefined();
    expect(change?.commands.map(wordsOf).map((words) => words.split(' ').slice(0, 2).join(' '))).toEqual([
      'systemctl stop',
      'runuser -u',
      'systemctl start',
    ]);
  });

  test.each([
    ['with data', 'there 2048 /var/lib/postgresql/15/main\n', '/var/lib/postgresql/15/main, 2048 MB'],
    ['of another version', `${data}there 7 /var/lib/postgresql/13/hub\n`, '/var/lib/postgresql/13/hub, 7 MB'],
    ['that is only configured', 'there 1 /etc/postgresql/13/main\n', '/etc/postgresql/13/main, 1 MB'],
  ])('lesson 20: another one %s is refused with its place, and nothing is done', (_, found, detail) => {
    const refuse = () => ours.compare(said(found));
    expect(refuse).toThrow('the machine has a PostgreSQL that is not 15/hub; nothing was changed');
    try {
      refuse();
    } catch (error) {
      expect(error instanceof Failure && error.details).toEqual([detail]);
    }
  });
});

describe('roles', () => {
  const password = new Secret('canary-0123456789');
  const found = (name: string, flags: string[], memberOf: string[] = [], text?: string) => ({
    ...{ name, flags, memberOf },
    password: text ?? null,
  });
  const core: Role = { name: 'hub_core', password };
  const right = found('hub_core', ['LOGIN'], [], scramVerifier(password));
  const rolesOf = (...roles: Role[]) => postgresRoles(CLUSTER, roles, []);
  const row = (...roles: object[]) => `${JSON.stringify(roles)}\n`;

  test('are made with nothing beyond logging in; the password goes as a verifier, and is secret', () => {
    expect(lines(rolesOf(core), '')).toEqual(['+ hub_core may LOGIN', '~ hub_core gets its password']);
    const [create, alter] = rolesOf(core).compare(said(''))?.commands ?? [];
    expect(create?.stdin).toBe(
      'CREATE ROLE "hub_core" NOSUPERUSER NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;\n',
    );
    const [, verifier = ''] = /^ALTER ROLE "hub_core" PASSWORD '(.*)';\n$/.exec(alter?.stdin ?? '') ?? [];
    expect([alter?.secret, isScramOf(password, verifier)]).toEqual([true, true]);
    expect(alter?.stdin).not.toContain('canary');
  });

  test('that are right are left alone; one without a password does not log in', () => {
    expect(lines(rolesOf(core), row(right))).toEqual([]);
    expect(lines(rolesOf({ name: 'hub_core' }), row(right))).toEqual(['~ hub_core may LOGIN → nothing']);
  });

  test('with too much, another password or another’s rights are put right', () => {
    const odd = found(
      'hub_core',
      ['SUPERUSER', 'LOGIN'],
      ['pg_read_all_data'],
      scramVerifier(new Secret('x')),
    );
    expect(lines(rolesOf(core), row(odd))).toEqual([
      '~ hub_core may SUPERUSER, LOGIN → LOGIN',
      '~ hub_core gets its password',
      '- hub_core has pg_read_all_data',
    ]);
    expect(statements(rolesOf(core), row(odd)).at(-1)).toBe('REVOKE "pg_read_all_data" FROM "hub_core";');
  });

  test('lesson 20: that nobody described no longer log in, and keep what is theirs', () => {
    const resource = rolesOf(core);
    const stranger = found(`mal"lory`, ['SUPERUSER', 'LOGIN']);
    expect(lines(resource, row(right, stranger, found('group', [])))).toEqual([
      '- mal"lory may SUPERUSER, LOGIN',
    ]);
    expect(statements(resource, row(right, stranger))).toEqual([
      'ALTER ROLE "mal""lory" NOSUPERUSER NOLOGIN NOREPLICATION;',
    ]);
  });

  test('are given to others once all are there', () => {
    const migrator: Role = { name: 'hub_migrator', password, may: ['CREATEROLE'], administers: ['hub_core'] };
    const all = statements(rolesOf(migrator, core), '');
    expect(all.at(-1)).toBe('GRANT "hub_core" TO "hub_migrator" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;');
    const there = found('hub_migrator', ['CREATEROLE', 'LOGIN'], ['hub_core admin'], scramVerifier(password));
    expect(lines(rolesOf(migrator, core), row(there, right))).toEqual([]);
  });
});

describe('a database', () => {
  const spec = { name: 'hub', owner: 'hub_migrator', users: ['hub_core'], extensions: ['pgaudit'] };
  const hub = postgresDatabase(CLUSTER, spec, []);
  const row = (change: object = {}) =>
    `${JSON.stringify({ owner: 'hub_migrator', ownerMay: true, isOpen: false, users: ['hub_core'], ...change })}\n`;

  test('is made, opened to its users alone, and watched', () => {
    expect(lines(hub, '', '')).toEqual([
      '+ owned by hub_migrator',
      '~ open to hub_core alone',
      '+ extension pgaudit',
    ]);
    expect(lines(hub, row(), 'pgaudit\nplpgsql\n')).toEqual([]);
  });

  test.each([
    ['open to all', { isOpen: true }],
    ['another’s', { owner: 'mallory' }],
    ['its owner’s no more', { ownerMay: false }],
    ['open to somebody more', { users: ['hub_core', 'mallory'] }],
  ])('that is %s is put right, and nothing in it is touched', (_, change) => {
    const change_ = hub.compare(said(row(change), 'pgaudit\n'));
    expect([change_?.lines.length, change_?.destroys]).toEqual([1, undefined]);
    expect(change_?.commands[0]?.stdin).toMatch(/^ALTER DATABASE "hub" OWNER TO "hub_migrator";\nREVOKE ALL/);
  });
});
