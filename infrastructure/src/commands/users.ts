import { type Command, command, script } from './command.ts';

/** The line of passwd(5); ends with 2 where there is none. */
export const readUser = (name: string): Command => command('getent', 'passwd', name);

/** A user whose password matches nothing, and who is not locked: keys alone let it in. */
export const makeUser = (name: string): Command =>
  command('useradd', '--create-home', '--user-group', '--shell', '/bin/bash', '--password', '*', '--', name);

export const makeSystemUser = (name: string): Command =>
  command('useradd', '--system', '--user-group', '--shell', '/usr/sbin/nologin', '--', name);

export const setShell = (name: string): Command => command('usermod', '--shell', '/bin/bash', '--', name);

/** Type, mode and owner of a folder. */
export const readFolder = (path: string): Command => command('stat', '-c', '%F|%a|%U|%G', '--', path);

/** People, not services: those whose number is an ordinary one and whose shell lets them in. */
const OTHERS = `getent passwd | awk -F: -v ours="$1" \\
  '$3 >= 1000 && $3 < 65534 && $1 != ours && $7 !~ /(nologin|false)$/ { print $1 }'`;

export const readOthers = (ours: string): Command => script(OTHERS, ours);

/** Keeps a user and all that is theirs, and lets nobody in by that name (usermod(8); day 1 is long past). */
export const lockUser = (name: string): Command =>
  command('usermod', '--lock', '--expiredate', '1', '--shell', '/usr/sbin/nologin', '--', name);
