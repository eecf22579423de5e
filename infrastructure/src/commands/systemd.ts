import { type Command, command, script } from './command.ts';

/** How a unit stands, a property a line. */
export const readUnit = (unit: string): Command =>
  command('systemctl', 'show', '--property=LoadState,UnitFileState,ActiveState', '--', unit);

export const enableNow = (unit: string): Command => command('systemctl', 'enable', '--now', '--', unit);
export const enable = (unit: string): Command => command('systemctl', 'enable', '--', unit);
/** Reads the files of units anew. */
export const daemonReload: Command = command('systemctl', 'daemon-reload');
export const restart = (unit: string): Command => command('systemctl', 'restart', '--', unit);
/** Reloads what runs, and leaves alone what is started when somebody knocks (Ubuntu’s ssh.socket). */
export const reloadIfActive = (unit: string): Command =>
  command('systemctl', 'try-reload-or-restart', '--', unit);
/** Reloads what runs, and starts what does not. */
export const reloadOrStart = (unit: string): Command => command('systemctl', 'reload-or-restart', '--', unit);

/** Leaves alone what does not run, or is not there yet: $1 unit. */
const TRY_RESTART = `systemctl cat -- "$1" >/dev/null 2>&1 || exit 0
systemctl try-restart -- "$1"`;

export const tryRestart = (unit: string): Command => script(TRY_RESTART, unit);
