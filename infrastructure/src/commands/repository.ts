import { type Command, script } from './command.ts';

/** Fingerprints of all primary keys in a file, a line each; asks no keyring, since root of a bare host has none. $1 file. */
const FINGERPRINTS = `gpg --batch --quiet --no-options --no-keyring --trust-model always --with-colons --show-keys -- "$1" 2>/dev/null |
  awk -F: '$1 == "pub" { wanted = 1 } $1 == "fpr" && wanted { print $10; wanted = 0 }'`;

export const readKey = (path: string): Command => script(FINGERPRINTS, path);

/**
 * Fetches a repository’s key as apt fetches packages, and keeps it where it is the one that was pinned and no other is
 * with it: $1 address, $2 fingerprint, $3 file.
 */
const FETCH = `set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
new=$folder/key.asc
chmod 0755 "$folder"
/usr/lib/apt/apt-helper download-file "$1" "$new" >&2
found=$(${FINGERPRINTS.replace('"$1"', '"$new"')})
[ "$found" = "$2" ] || { echo "$1 holds the key $(echo $found), not $2" >&2; exit 1; }
install -d -m 0755 -- "$(dirname -- "$3")"
cat -- "$new" >"$3.new"
chmod 0644 -- "$3.new"
sync -- "$3.new"
mv -fT -- "$3.new" "$3"`;

export const fetchKey = (address: string, fingerprint: string, path: string): Command =>
  script(FETCH, address, fingerprint, path);
