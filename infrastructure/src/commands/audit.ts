import { type Command, script } from './command.ts';

/**
 * Adds a line to a log whose lines each hold the hash of the one before, and says the new head: number and hash. The
 * lock keeps two writers apart; where there is no flock (macOS), one operator writes alone. $1 file; on stdin a JSON
 * object, to which number and hash are added.
 */
const APPEND = `set -eu
umask 077
mkdir -p -- "$(dirname -- "$1")"
rest=$(cat)
exec 9>>"$1.lock"
if command -v flock >/dev/null; then flock -w 10 9; fi
sum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}
: >>"$1"
# A line that was cut off is left as it is, and found by whoever verifies.
[ -z "$(tail -c 1 -- "$1")" ] || echo >>"$1"
number=$(($(wc -l <"$1") + 1))
previous=$(printf %064d 0)
[ "$number" -eq 1 ] || previous=$(tail -n 1 -- "$1" | tr -d '\\n' | sum)
line=$(printf '{"number":%d,"previous":"%s",%s' "$number" "$previous" "\${rest#?}")
printf '%s\\n' "$line" >>"$1"
printf '%s %s\\n' "$number" "$(printf %s "$line" | sum)" >"$1.head.new"
sync
mv -f -- "$1.head.new" "$1.head"
cat -- "$1.head"`;

export const appendAudit = (path: string, entry: object): Command => ({
  ...script(APPEND, path),
  stdin: JSON.stringify(entry),
});

/** The head, an empty line where there is none, then the log. $1 file. */
const READ = `cat -- "$1.head" 2>/dev/null || echo
cat -- "$1" 2>/dev/null || true`;

export const readAudit = (path: string): Command => script(READ, path);
