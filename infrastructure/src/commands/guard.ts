import { batchText } from './batch.ts';
import { type Command, script } from './command.ts';

/** How long a machine waits to be told that its operator still gets in. */
export const REVERT_SECONDS = 120;

const FOLDER = '/var/lib/hub/revert';

/** Keeps files as they are, and runs the script on stdin in a while: $1 unit, $2 folder, $3 seconds, then files. */
const ARM = `set -eu
unit=$1 folder=$2 seconds=$3
shift 3
rm -rf "$folder"
mkdir -p -m 0700 "$folder"
cat >"$folder/then"
{
  echo 'set -u'
  n=0
  for file in "$@"; do
    n=$((n + 1))
    printf '%s\\n' "$file" >"$folder/$n.name"
    if [ -e "$file" ]; then
      cp -a -- "$file" "$folder/$n.file"
      echo "cp -a --remove-destination -- '$folder/$n.file' \\"\\$(cat '$folder/$n.name')\\""
    else
      echo "rm -f -- \\"\\$(cat '$folder/$n.name')\\""
    fi
  done
  echo "sh -s <'$folder/then'"
  echo "touch '$folder/reverted'"
} >"$folder/revert"
sync
systemctl stop "$unit.timer" 2>/dev/null || true
systemctl reset-failed "$unit.service" 2>/dev/null || true
systemd-run --quiet --collect --unit="$unit" --on-active="$seconds" --timer-property=AccuracySec=1s \\
  /bin/sh "$folder/revert"`;

/** Undoes a change at once instead of waiting for its timer. */
const REVERT = `set -u
systemctl stop "$1.timer" 2>/dev/null
sh "$2/revert"`;

const DISARM = `set -eu
systemctl stop "$1.timer"
if [ -e "$2/reverted" ]; then
  echo 'the change was already undone' >&2
  exit 1
fi
rm -rf "$2"`;

/** The change that a guard is about: a name for systemd, what is kept, and what is run after it was put back. */
export interface Guard {
  /** Letters, digits and hyphens. */
  name: string;
  files: readonly string[];
  commands: readonly Command[];
}

const unit = ({ name }: Guard) => `hub-revert-${name}`;
const folder = ({ name }: Guard) => `${FOLDER}/${name}`;

export const arm = (guard: Guard): Command => ({
  ...script(ARM, unit(guard), folder(guard), String(REVERT_SECONDS), ...guard.files),
  stdin: batchText(guard.commands, { stopAtFailure: false }),
});
export const revertNow = (guard: Guard): Command => script(REVERT, unit(guard), folder(guard));
export const disarm = (guard: Guard): Command => script(DISARM, unit(guard), folder(guard));
