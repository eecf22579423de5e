import { type Command, script } from './command.ts';

/** How long a machine waits for an operator who fell silent. */
const LEASE_MINUTES = 10;

const FILE = '/run/hub/applying';

/** Gone at a boot, and taken from an owner who did not renew it: $1 file, $2 minutes, $3 owner, $4 who that is. */
const TAKE = `set -eu
umask 077
mkdir -p -- "$(dirname -- "$1")"
if [ -n "$(find "$1" -mmin +"$2" 2>/dev/null)" ]; then rm -f -- "$1"; fi
if (set -C; printf '%s\\n%s\\n' "$3" "$4" >"$1") 2>/dev/null; then exit 0; fi
[ "$(head -n 1 -- "$1")" = "$3" ] || { tail -n 1 -- "$1" >&2; exit 1; }
touch -- "$1"`;

const GIVE_BACK = `[ "$(head -n 1 -- "$1" 2>/dev/null)" != "$2" ] || rm -f -- "$1"`;

/** Takes the machine for changes, or keeps it; ends with 1 and says who has it when somebody else does. */
export const takeLease = (owner: string, who: string): Command =>
  script(TAKE, FILE, String(LEASE_MINUTES), owner, who);

export const giveBackLease = (owner: string): Command => script(GIVE_BACK, FILE, owner);
