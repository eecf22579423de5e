import { type Command, script } from './command.ts';

export const readTimeZone: Command = script('readlink /etc/localtime; cat /etc/timezone');

const SET = `set -eu
[ -e "/usr/share/zoneinfo/$1" ] || { echo "there is no time zone $1" >&2; exit 1; }
ln -sfn "/usr/share/zoneinfo/$1" /etc/localtime
echo "$1" >/etc/timezone`;

/** What timedatectl does, without the bus that it needs. */
export const setTimeZone = (name: string): Command => script(SET, name);
