import { type Command, script } from './command.ts';

/** Mode and owner of the file, then the public part; the private part never leaves the machine. $1 file. */
const READ_IDENTITY = `stat -c '%a|%U' -- "$1"
age-keygen -y -- "$1"`;

export const readIdentity = (path: string): Command => script(READ_IDENTITY, path);

/** Makes a new one: $1 file. */
const MAKE_IDENTITY = `set -eu
umask 077
mkdir -p -- "$(dirname -- "$1")"
rm -f -- "$1.new"
age-keygen -o "$1.new" 2>/dev/null
chmod 0400 -- "$1.new"
sync -- "$1.new"
mv -fT -- "$1.new" "$1"`;

export const makeIdentity = (path: string): Command => script(MAKE_IDENTITY, path);

/** A line a file: `service/secret.age`, and the SHA-256 of what it holds in plain text. $1 identity, $2 folder. */
const READ_SEALED = `cd -- "$2" 2>/dev/null || exit 0
find . -mindepth 1 -not -type d | while read -r file; do
  printf '%s ' "$file"
  age -d -i "$1" -- "$file" 2>/dev/null </dev/null | sha256sum
done`;

export const readSealed = (identity: string, folder: string): Command =>
  script(READ_SEALED, identity, folder);

/** Encrypts what comes on stdin for this machine's identity: $1 identity, $2 file. */
const SEAL = `set -eu
umask 077
folder=$(dirname -- "$2")
new=$folder/.new
mkdir -p -- "$folder"
trap 'rm -f -- "$new"' EXIT
age -e -i "$1" >"$new"
sync -- "$new"
mv -fT -- "$new" "$2"
sync -- "$folder"`;

export const seal = (identity: string, path: string, value: string): Command => ({
  ...script(SEAL, identity, path),
  stdin: value,
  secret: true,
});

/** A line a file in memory: mode and owner, its name, and its SHA-256. $1 folder. */
const READ_OPEN = `cd -- "$1" 2>/dev/null || exit 0
find . -mindepth 1 -not -type d | while read -r file; do
  printf '%s %s ' "$(stat -c '%a|%U' -- "$file")" "$file"
  sha256sum <"$file"
done`;

export const readOpen = (folder: string): Command => script(READ_OPEN, folder);
