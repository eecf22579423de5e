import { type Command, command, script } from './command.ts';

/** Debian’s places (postgresql-common): a cluster is a version and a name. */
export interface Cluster {
  version: number;
  name: string;
}

export const PORT = 5432;
export const SOCKETS = '/var/run/postgresql';
export const dataFolder = ({ version, name }: Cluster) => `/var/lib/postgresql/${version}/${name}`;
export const configFolder = ({ version, name }: Cluster) => `/etc/postgresql/${version}/${name}`;
export const unitOf = ({ version, name }: Cluster) => `postgresql@${version}-${name}.service`;

/** A line for each cluster that has data or settings: folder, size in MB; then whether ours has checksums. $1 folder. */
const READ_CLUSTERS = `for folder in /var/lib/postgresql/*/* /etc/postgresql/*/*; do
  case $folder in *.hub-new) continue ;; esac
  if [ -e "$folder/PG_VERSION" ] || [ -e "$folder/postgresql.conf" ]; then
    echo "there $(du -sm -- "$folder" | tr '\\t' ' ')"
  fi
done
[ ! -e "$1/PG_VERSION" ] || "$2/pg_controldata" "$1" | grep 'checksum version'`;

const programs = ({ version }: Cluster) => `/usr/lib/postgresql/${version}/bin`;

export const readClusters = (cluster: Cluster): Command =>
  script(READ_CLUSTERS, dataFolder(cluster), programs(cluster));

/** Makes an empty cluster beside its place, and moves it there when it is whole: $1 folder, $2 programs. */
const MAKE = `set -eu
cd /
new=$1.hub-new
rm -rf -- "$new"
install -d -o postgres -g postgres -m 0755 -- "$(dirname -- "$1")"
install -d -o postgres -g postgres -m 0700 -- "$new"
runuser -u postgres -- "$2/initdb" --pgdata "$new" --data-checksums --encoding UTF8 --locale C.UTF-8 \\
  --auth-local peer --auth-host scram-sha-256 --no-instructions >&2
sync
mv -T -- "$new" "$1"
sync -- "$(dirname -- "$1")"`;

export const makeCluster = (cluster: Cluster): Command =>
  script(MAKE, dataFolder(cluster), programs(cluster));

/** Writes a checksum to every page, with the server stopped (pg_checksums). */
export const addChecksums = (cluster: Cluster): Command[] => [
  command('systemctl', 'stop', '--', unitOf(cluster)),
  command(
    ...(['runuser', '-u', 'postgres', '--', `${programs(cluster)}/pg_checksums`] as const),
    ...['--enable', '--pgdata', dataFolder(cluster)],
  ),
  command('systemctl', 'start', '--', unitOf(cluster)),
];

/** Statements as PostgreSQL’s superuser, by the socket; rows come as they are, a line each. */
export const sql = (cluster: Cluster, database: string, statements: string): Command => ({
  ...command(
    ...(['runuser', '-u', 'postgres', '--', `${programs(cluster)}/psql`] as const),
    ...['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1'],
    ...['--host', SOCKETS, '--port', String(PORT), '--dbname', database],
  ),
  stdin: statements,
});

/** A word as SQL reads it back unchanged (PostgreSQL’s documentation, 4.1.2.1, with standard_conforming_strings). */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
export const identifier = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** State of the server’s certificate and key in one line: mode, owner, group, whether it lasts 30 days, whether they fit. */
const READ_CERTIFICATE = `stat -c '%a %U %G' -- "$1/server.key" 2>/dev/null || exit 0
openssl x509 -in "$1/server.crt" -noout -checkend 2592000 >/dev/null && echo lasts
[ "$(openssl x509 -in "$1/server.crt" -noout -pubkey)" = "$(openssl pkey -in "$1/server.key" -pubout)" ] && echo fits`;

export const readCertificate = (folder: string): Command => script(READ_CERTIFICATE, folder);

/** A certificate for the names of this machine alone; clients are given it as the one that they trust. $1 folder. */
const MAKE_CERTIFICATE = `set -eu
umask 077
install -d -m 0755 -- "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost \\
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1 -keyout "$1/.key" -out "$1/.crt" 2>/dev/null
chown root:postgres "$1/.key"
chmod 0640 "$1/.key"
chmod 0644 "$1/.crt"
sync "$1/.key" "$1/.crt"
mv -f -- "$1/.key" "$1/server.key"
mv -f -- "$1/.crt" "$1/server.crt"`;

export const makeCertificate = (folder: string): Command => script(MAKE_CERTIFICATE, folder);
