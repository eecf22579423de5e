import { type Command, command, script } from './command.ts';

const READ = `if [ -e "$1" ] || [ -L "$1" ]; then stat -c '%F|%a|%U|%G' -- "$1"; else echo missing; fi
if [ -e "$2" ]; then echo pending; else echo settled; fi
if [ -f "$1" ] && [ ! -L "$1" ]; then
  if [ "$3" = secret ]; then sha256sum <"$1"; else cat -- "$1"; fi
fi`;

/** Type, mode and owner of a path; whether its marker is there; then the content, or its SHA-256 where that is secret. */
export const readFile = (path: string, marker: string, isSecret: boolean): Command =>
  script(READ, path, marker, isSecret ? 'secret' : 'plain');

/**
 * Replaces a file by what comes on stdin, so that at any moment there is the old one or the new one, complete and on
 * disk: $1 path, $2 mode, $3 owner, $4 group, $5 marker, $6 when the check runs (before, after, never), then the check.
 * Before it stands there the check is given its temporary name as last argument; after, the old file comes back when
 * the check fails. Temporary names begin with a dot: sudo, nginx, logrotate and systemd pass over those.
 */
const WRITE = `set -eu
path=$1 mode=$2 owner=$3 group=$4 marker=$5 when=$6
shift 6
folder=$(dirname -- "$path")
name=$(basename -- "$path")
new=$folder/.hub-new.$name
old=$folder/.hub-old.$name
trap 'rm -f -- "$new" "$old"' EXIT
(umask 022 && mkdir -p -- "$folder")
cat >"$new"
chown -- "$owner:$group" "$new"
chmod -- "$mode" "$new"
if [ "$when" = before ]; then "$@" "$new" >&2; fi
if [ -n "$marker" ]; then
  mkdir -p -- "$(dirname -- "$marker")"
  : >"$marker"
fi
sync -- "$new"
if [ -e "$path" ]; then cp -a -- "$path" "$old"; fi
mv -fT -- "$new" "$path"
if [ "$when" = after ] && ! "$@" >&2; then
  if [ -e "$old" ]; then mv -fT -- "$old" "$path"; else rm -f -- "$path"; fi
  rm -f -- "$marker"
  exit 1
fi
sync -- "$folder"`;

export interface Check {
  when: 'before' | 'after';
  argv: readonly string[];
}

export interface Writing {
  path: string;
  content: string;
  mode: string;
  owner: string;
  group: string;
  /** Made before the file is replaced; empty for none. */
  marker: string;
  check?: Check | undefined;
  secret?: boolean | undefined;
}

export const writeFile = ({
  path,
  content,
  mode,
  owner,
  group,
  marker,
  check,
  secret,
}: Writing): Command => ({
  ...script(WRITE, path, mode, owner, group, marker, check?.when ?? 'never', ...(check?.argv ?? [])),
  stdin: content,
  ...(secret && { secret }),
});

export const removeFile = (path: string): Command => command('rm', '-f', '--', path);

export const makeFolder = (path: string, mode: string, owner: string, group: string): Command =>
  command('install', '-d', '-m', mode, '-o', owner, '-g', group, '--', path);
