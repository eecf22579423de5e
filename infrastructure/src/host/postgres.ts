import {
  type Cluster,
  configFolder,
  dataFolder,
  makeCertificate,
  PORT,
  readCertificate,
  SOCKETS,
  sql,
  unitOf,
} from '../commands/postgres.ts';
import { reloadIfActive, restart } from '../commands/systemd.ts';
import { file, fileId } from '../resources/file.ts';
import { packages } from '../resources/packages.ts';
import { clusterId, postgresCluster } from '../resources/postgres-cluster.ts';
import { postgresDatabase, postgresRoles, type Role, ROLES } from '../resources/postgres-database.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import type { Secret } from '../secrets/secret.ts';
import { postgresSettings, type Sizing } from './postgres-settings.ts';

export const DATABASE = 'hub';
/** Not beside our secrets: the server and its clients must get there. */
const TLS = '/etc/ssl/smart-ai-hub/postgresql';
const DROP_IN = '/etc/postgresql-common/createcluster.d/hub.conf';
const CERTIFICATE = 'postgresql certificate';

export interface Postgres {
  version: number;
  sizing: Sizing;
  /** Passwords by role; who has none does not log in. */
  passwords: ReadonlyMap<string, Secret>;
}

/** PostgreSQL with the database of the services: sized for the machine, TLS alone, a role for each service, pgaudit. */
export function postgres({ version, sizing, passwords }: Postgres, after: readonly string[]): Resource[] {
  const cluster: Cluster = { version, name: 'hub' };
  const folder = configFolder(cluster);
  const settings = settingsOf(cluster, sizing);
  const [configuration, access] = [`${folder}/postgresql.conf`, `${folder}/pg_hba.conf`];
  const unit = unitOf(cluster);
  const roles = rolesOf(version, passwords);
  const names = roles.map(({ name }) => name);
  const made = [clusterId(cluster)];
  return [
    // Read by the package: it shall make no cluster of its own.
    file({ path: DROP_IN, content: '# Made by hubctl.\ncreate_main_cluster = false\n', after }),
    packages(
      'postgresql',
      [`postgresql-${version}`, `postgresql-${version}-pgaudit`, 'openssl'],
      [fileId(DROP_IN), ...after],
    ),
    postgresCluster(cluster, ['packages postgresql']),
    certificate(unit, made),
    // Debian’s psql reads it for whoever calls it.
    file({ path: configuration, content: textOf(settings), class: 'restart', after: made }),
    file({
      path: access,
      content: accessText(names),
      ...{ group: 'postgres', mode: '0640', class: 'restart', after: made, then: [reloadIfActive(unit)] },
    }),
    service(unit, [CERTIFICATE, fileId(configuration), fileId(access)]),
    inForce(cluster, settings, [`service ${unit}`]),
    postgresRoles(cluster, roles, [IN_FORCE]),
    postgresDatabase(
      cluster,
      {
        name: DATABASE,
        owner: MIGRATOR,
        users: names.filter((name) => name !== MIGRATOR),
        extensions: ['pgaudit'],
      },
      [ROLES],
    ),
  ];
}

const MIGRATOR = 'hub_migrator';
const SERVICES = ['hub_auth', 'hub_core', 'hub_readonly'];

/**
 * As the migrations expect them (packages/database): the migrator owns the database and sets the passwords of the
 * services’ roles. Since version 16 CREATEROLE alone does not let it.
 */
function rolesOf(version: number, passwords: Postgres['passwords']): Role[] {
  const role = (name: string, rest: Omit<Role, 'name' | 'password'> = {}): Role => ({
    ...{ name, password: passwords.get(name) },
    ...rest,
  });
  return [
    ...SERVICES.map((name) => role(name)),
    role(MIGRATOR, { may: ['CREATEROLE'], administers: version >= 16 ? SERVICES : [] }),
    role('hub_backup', { has: ['pg_read_all_data'] }),
  ];
}

function settingsOf(cluster: Cluster, sizing: Sizing): Record<string, string> {
  return {
    data_directory: dataFolder(cluster),
    hba_file: `${configFolder(cluster)}/pg_hba.conf`,
    // Debian’s unit asks it who runs.
    external_pid_file: `/run/postgresql/${cluster.version}-${cluster.name}.pid`,
    unix_socket_directories: SOCKETS,
    cluster_name: `${cluster.version}/${cluster.name}`,
    listen_addresses: 'localhost',
    port: String(PORT),
    ...postgresSettings(sizing),
    ssl: 'on',
    ssl_cert_file: `${TLS}/server.crt`,
    ssl_key_file: `${TLS}/server.key`,
    ssl_min_protocol_version: 'TLSv1.3',
    password_encryption: 'scram-sha-256',
    shared_preload_libraries: 'pgaudit',
    'pgaudit.log': 'ddl, role',
    'pgaudit.log_catalog': 'off',
    max_wal_size: '2GB',
    min_wal_size: '256MB',
    wal_compression: 'lz4',
    // Disks without moving parts.
    random_page_cost: '1.1',
    effective_io_concurrency: '200',
    // Statements here are short: compiling them takes longer than running them.
    jit: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_timezone: 'Etc/UTC',
    TimeZone: 'Etc/UTC',
    log_connections: 'on',
    log_lock_waits: 'on',
    log_min_duration_statement: '1s',
    // What people typed stays out of logs.
    log_parameter_max_length: '0',
    idle_in_transaction_session_timeout: '1min',
  };
}

const textOf = (settings: Readonly<Record<string, string>>) =>
  `# Made by hubctl.\n${Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')}`;

/** By the socket the superuser alone; by TCP our roles to our database, with TLS and SCRAM. Nobody else. */
const accessText = (names: readonly string[]) => `# Made by hubctl.
local all postgres peer
hostssl ${DATABASE} ${names.join(',')} 127.0.0.1/32 scram-sha-256
hostssl ${DATABASE} ${names.join(',')} ::1/128 scram-sha-256
`;

const IN_FORCE = 'postgresql settings in force';

/**
 * What the server really works with. One that does not run yet reads the file at its start; one that was set
 * otherwise by ALTER SYSTEM or before the file was changed is started anew.
 */
function inForce(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
  after: readonly string[],
): Resource {
  const read = "SELECT name || '=' || current_setting(name) FROM pg_settings;\n";
  return {
    id: IN_FORCE,
    class: 'restart',
    after,
    reads: [sql(cluster, 'postgres', read)],
    compare: ([found]) => {
      if (found?.code !== 0) return undefined;
      const now = new Map(
        [...found.stdout.matchAll(/^([\w.]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
      );
      const wrong = Object.entries(settings).filter(([name, value]) => now.get(name) !== value);
      if (wrong.length === 0) return undefined;
      return {
        lines: wrong.map(([name, value]) => ({
          sign: '~',
          text: `${name} ${now.get(name) ?? 'unknown'} → ${value}`,
        })),
        commands: [sql(cluster, 'postgres', 'ALTER SYSTEM RESET ALL;\n'), restart(unitOf(cluster))],
      };
    },
  };
}

/** The server’s certificate: made on the machine, for its loopback names; clients trust this one and no other. */
function certificate(unit: string, after: readonly string[]): Resource {
  return {
    id: CERTIFICATE,
    class: 'restart',
    after,
    reads: [readCertificate(TLS)],
    compare: ([found]) => {
      const now = (found?.stdout ?? '').trim().split('\n').join(', ');
      const shall = '640 root postgres, lasts, fits';
      if (now === shall) return undefined;
      return {
        lines: [now === '' ? { sign: '+', text: 'made here' } : { sign: '~', text: `${now} → ${shall}` }],
        commands: [makeCertificate(TLS), reloadIfActive(unit)],
      };
    },
  };
}
