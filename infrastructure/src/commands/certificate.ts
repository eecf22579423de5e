import { type Command, script } from './command.ts';

/** Whether nginx has something to begin with: $1 and $2 as in the other. */
const READ_FIRST = `for file in "$1" "$2"; do
  openssl x509 -in "$file" -noout -checkend 0 >/dev/null && stat -c '%a|%U' -- "$file" || echo missing
done`;

/** A line for each of the two files: mode and owner, or `missing`. */
export const readFirstCertificates = (nobody: string, used: string): Command =>
  script(READ_FIRST, nobody, used);

/**
 * nginx does not start without a certificate, and without nginx there is none: this one is for nobody. $1 where it stays,
 * for whoever asks for no name of ours; $2 where it waits for the real one.
 */
const MAKE_FIRST = `set -eu
umask 077
mkdir -p -- "$(dirname -- "$1")" "$(dirname -- "$2")"
good() { openssl x509 -in "$1" -noout -checkend 0 >/dev/null 2>&1; }
if ! good "$1"; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=nobody \\
    -keyout "$1.key" -out "$1.new" 2>/dev/null
  cat -- "$1.key" >>"$1.new"
  rm -f -- "$1.key"
  sync -- "$1.new"
  mv -fT -- "$1.new" "$1"
fi
good "$2" || cp -- "$1" "$2"
chown root:root -- "$1" "$2"
chmod 0600 -- "$1" "$2"`;

export const makeFirstCertificates = (nobody: string, used: string): Command =>
  script(MAKE_FIRST, nobody, used);

export interface CertificatePlaces {
  /** Where nginx reads it. */
  used: string;
  /** What was obtained last; beside it, in a file `.from`, who was asked and for which domains. */
  obtained: string;
  /** The first of our domains, and where nginx answers it. */
  domain: string;
  port: number;
}

/** What is on disk, what is served, and how the last run of its unit went: $1 used, $2 obtained, $3 domain, $4 port. */
const READ = `file=$2
field() { openssl x509 -in "$file" -noout "$@" 2>/dev/null | cut -d = -f 2-; }
echo "obtained=$(field -serial)"
file=$1
echo "serial=$(field -serial)"
echo "issuer=$(field -issuer -nameopt RFC2253)"
echo "start=$(date -d "$(field -startdate)" +%s)"
echo "until=$(date -d "$(field -enddate)" +%s)"
echo "from=$(cat -- "$2.from" 2>/dev/null)"
echo "served=$(openssl s_client -connect "127.0.0.1:$4" -servername "$3" </dev/null 2>/dev/null |
  openssl x509 -noout -serial 2>/dev/null | cut -d = -f 2)"
echo "now=$(date +%s)"
systemctl show --property=Result -- hub-certificate.service`;

export const readCertificate = ({ used, obtained, domain, port }: CertificatePlaces): Command =>
  script(READ, used, obtained, domain, String(port));

/** Runs a unit to its end; where it fails, its own words are what is said. $1 unit. */
const START = `since=$(date +%s)
systemctl start -- "$1" && exit 0
journalctl --unit "$1" --since "@$since" --output cat --no-pager >&2
exit 1`;

export const CERTIFICATE_UNIT = 'hub-certificate.service';

/** Gets a certificate where it is time, and puts it where it is served. */
export const obtainCertificate: Command = script(START, CERTIFICATE_UNIT);

/** The same, also where what there is would do for longer. $2 what tells the unit so. */
export const renewCertificate = (now: string): Command => script(`: >"$2"\n${START}`, CERTIFICATE_UNIT, now);
