import { z } from 'zod';
import { type Cluster, identifier, literal, sql } from '../commands/postgres.ts';
import type { Command, Outcome } from '../commands/command.ts';
import { isScramOf, scramVerifier } from '../secrets/scram.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Change, Line, Resource } from './resource.ts';

/** A role as it shall be. Without a password it does not log in. */
export interface Role {
  name: string;
  password?: Secret | undefined;
  /** What it may beyond logging in, of `FLAGS`. */
  may?: readonly Flag[];
  /** Roles whose rights it has. */
  has?: readonly string[];
  /** Roles that it may change. */
  administers?: readonly string[];
}

const FLAGS = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'LOGIN', 'REPLICATION', 'BYPASSRLS'] as const;
type Flag = (typeof FLAGS)[number];

/** Every role but PostgreSQL’s own, in one row. */
const READ_ROLES = `SELECT coalesce(json_agg(json_build_object('name', rolname, 'password', rolpassword,
  'flags', array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolcanlogin THEN 'LOGIN' END,
    CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL),
  'memberOf', (SELECT coalesce(json_agg(DISTINCT g.rolname || CASE WHEN m.admin_option THEN ' admin' ELSE '' END), '[]')
     FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid))), '[]')
FROM pg_authid r WHERE rolname !~ '^pg_' AND oid <> 10;
`;

const rolesSchema = z.array(
  z.object({
    name: z.string(),
    password: z.string().nullable(),
    flags: z.array(z.string()),
    memberOf: z.array(z.string()),
  }),
);
type Found = z.infer<typeof rolesSchema>[number];

export const ROLES = 'postgresql roles';

/** The roles of a cluster: these with these rights, and no other that logs in. */
export function postgresRoles(cluster: Cluster, roles: readonly Role[], after: readonly string[]): Resource {
  const run = (statements: string) => sql(cluster, 'postgres', statements);
  return {
    id: ROLES,
    class: 'safe',
    after,
    reads: [run(READ_ROLES)],
    compare: ([answer]) => {
      const found = rolesIn(answer);
      const there = new Map(found.map((role) => [role.name, role]));
      const own = roles.map((role) => roleSteps(role, there.get(role.name), run));
      const ours = new Set(roles.map(({ name }) => name));
      const strangers = found.filter(({ name, flags }) => !ours.has(name) && flags.some(isPower));
      const steps = [
        ...own.flatMap(({ first }) => first),
        ...own.flatMap(({ then }) => then),
        ...strangers.map(({ name, flags }): Step => {
          const line: Line = { sign: '-', text: `${name} may ${flags.join(', ')}` };
          return {
            line,
            command: run(`ALTER ROLE ${identifier(name)} NOSUPERUSER NOLOGIN NOREPLICATION;\n`),
          };
        }),
      ];
      return changeOf(steps);
    },
  };
}

/** None where the server does not run yet. */
function rolesIn(answer: Outcome | undefined): Found[] {
  const row = answer?.stdout.trim() ?? '';
  return row === '' ? [] : rolesSchema.parse(JSON.parse(row));
}

interface Step {
  line: Line;
  command: Command;
}

const changeOf = (steps: readonly Step[]): Change | undefined =>
  steps.length === 0
    ? undefined
    : { lines: steps.map(({ line }) => line), commands: steps.map(({ command }) => command) };

const isPower = (flag: string) => ['SUPERUSER', 'LOGIN', 'REPLICATION'].includes(flag);

/** What makes one role right: `then` needs the other roles to be there. */
function roleSteps(role: Role, found: Found | undefined, run: (statements: string) => Command) {
  return {
    first: [...rightSteps(role, found, run), ...passwordSteps(role, found, run)],
    then: memberSteps(role, found?.memberOf ?? [], run),
  };
}

function rightSteps(role: Role, found: Found | undefined, run: (statements: string) => Command): Step[] {
  const wanted = [...(role.may ?? []), ...(role.password ? ['LOGIN'] : [])];
  const shall = FLAGS.filter((flag) => wanted.includes(flag));
  if (found?.flags.join() === shall.join()) return [];
  const all = FLAGS.map((flag) => (shall.includes(flag) ? flag : `NO${flag}`)).join(' ');
  const told = (flags: readonly string[]) => flags.join(', ') || 'nothing';
  const text = `${role.name} may ${found ? `${told(found.flags)} → ` : ''}${told(shall)}`;
  const command = run(`${found ? 'ALTER' : 'CREATE'} ROLE ${identifier(role.name)} ${all};\n`);
  return [{ line: { sign: found ? '~' : '+', text }, command }];
}

function passwordSteps(
  { name, password }: Role,
  found: Found | undefined,
  run: (statements: string) => Command,
): Step[] {
  if (!password || isScramOf(password, found?.password ?? '')) return [];
  const statement = `ALTER ROLE ${identifier(name)} PASSWORD ${literal(scramVerifier(password))};\n`;
  const line: Line = { sign: '~', text: `${name} gets its password` };
  return [{ line, command: { ...run(statement), secret: true } }];
}

function memberSteps(role: Role, found: readonly string[], run: (statements: string) => Command): Step[] {
  const { has = [], administers = [] } = role;
  const wanted = [...has, ...administers.map((name) => `${name} admin`)];
  const missing = wanted.filter((one) => !found.includes(one));
  const extra = found.filter((one) => !wanted.includes(one));
  const [name, to] = [(one: string) => identifier(one.replace(/ admin$/, '')), identifier(role.name)];
  return [
    ...extra.map((one): Step => ({
      line: { sign: '-', text: `${role.name} has ${one}` },
      command: run(`REVOKE ${name(one)} FROM ${to};\n`),
    })),
    ...missing.map((one): Step => {
      const how = one.endsWith(' admin') ? ' WITH ADMIN TRUE, INHERIT FALSE, SET FALSE' : '';
      return {
        line: { sign: '+', text: `${role.name} has ${one}` },
        command: run(`GRANT ${name(one)} TO ${to}${how};\n`),
      };
    }),
  ];
}

export interface DatabaseSpec {
  name: string;
  owner: string;
  /** Roles that may connect; nobody else does. */
  users: readonly string[];
  extensions: readonly string[];
}

const databaseSchema = z.object({
  owner: z.string(),
  /** An owner’s rights can be taken away like anybody’s. */
  ownerMay: z.boolean(),
  isOpen: z.boolean(),
  users: z.array(z.string()),
});

export const databaseId = (name: string) => `postgresql database ${name}`;

/** A database that these roles may connect to. What is in it belongs to the migrations. */
export function postgresDatabase(cluster: Cluster, spec: DatabaseSpec, after: readonly string[]): Resource {
  const { name, extensions } = spec;
  return {
    id: databaseId(name),
    class: 'data',
    after,
    reads: [
      sql(cluster, 'postgres', readDatabase(name)),
      sql(cluster, name, 'SELECT extname FROM pg_extension ORDER BY extname;\n'),
    ],
    compare: ([answer, installed]) => {
      const there = linesOf(installed);
      const steps = [
        ...databaseSteps(cluster, spec, rowOf(answer)),
        ...extensions
          .filter((one) => !there.includes(one))
          .map((one): Step => ({
            line: { sign: '+', text: `extension ${one}` },
            command: sql(cluster, name, `CREATE EXTENSION ${identifier(one)};\n`),
          })),
      ];
      return changeOf(steps);
    },
  };
}

const readDatabase = (name: string) => `SELECT json_build_object('owner', pg_get_userbyid(datdba),
  'ownerMay', (SELECT bool_and(has_database_privilege(datdba, oid, right_))
    FROM unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) right_),
  'isOpen', has_database_privilege('public', datname, 'CONNECT, TEMPORARY'),
  'users', (SELECT coalesce(json_agg(DISTINCT pg_get_userbyid(grantee)), '[]') FROM aclexplode(datacl)
    WHERE privilege_type = 'CONNECT' AND grantee NOT IN (0, datdba)))
FROM pg_database WHERE datname = ${literal(name)};
`;

function rowOf(answer: Outcome | undefined) {
  const row = answer?.stdout.trim() ?? '';
  return row === '' ? undefined : databaseSchema.parse(JSON.parse(row));
}

function databaseSteps(cluster: Cluster, spec: DatabaseSpec, found: ReturnType<typeof rowOf>): Step[] {
  const { name, owner, users } = spec;
  const isOwned = found?.owner === owner && found.ownerMay;
  const isRight = isOwned && !found.isOpen && sameSet(found.users, users);
  if (isRight) return [];
  const opened: Step = {
    line: { sign: '~', text: `open to ${users.join(', ')} alone` },
    command: sql(cluster, 'postgres', rights(spec, found?.users ?? [])),
  };
  if (found) return [opened];
  const line: Line = { sign: '+', text: `owned by ${owner}` };
  return [{ line, command: sql(cluster, 'postgres', creation(name, owner)) }, opened];
}

const creation = (name: string, owner: string) =>
  `CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)} TEMPLATE template0;\n`;

function rights({ name, owner, users }: DatabaseSpec, found: readonly string[]): string {
  const database = identifier(name);
  const others = found.filter((one) => one !== owner && !users.includes(one));
  return [
    `ALTER DATABASE ${database} OWNER TO ${identifier(owner)};`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC${others.map((one) => `, ${identifier(one)}`).join('')};`,
    `GRANT ALL ON DATABASE ${database} TO ${identifier(owner)};`,
    `GRANT CONNECT ON DATABASE ${database} TO ${users.map(identifier).join(', ')};`,
    '',
  ].join('\n');
}

const linesOf = (answer: Outcome | undefined) => (answer?.stdout ?? '').split('\n');

const sameSet = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((item) => other.includes(item));
