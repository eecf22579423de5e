import { type Command, command } from './command.ts';

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
