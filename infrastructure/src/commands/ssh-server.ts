import { type Command, script } from './command.ts';

/** The settings that a user meets (sshd(8), -T and -C); a server that waits for a knock has no /run/sshd yet. */
const READ = `install -d -m 0755 /run/sshd && exec sshd -T -C "user=$1,host=localhost,addr=192.0.2.1"`;

export const readSshd = (user: string): Command => script(READ, user);

/** Checks the whole configuration. */
export const CHECK_SSHD: Command['argv'] = ['sh', '-c', 'install -d -m 0755 /run/sshd && exec sshd -t'];

/** Lets a file be read before everything else: sshd takes the first value that it meets. $1 file. */
const FIRST = `set -eu
main=/etc/ssh/sshd_config line="Include $1"
new=$main.hub-new
{ echo "$line"; grep -vxF -- "$line" "$main" || [ $? -eq 1 ]; } >"$new"
chmod --reference="$main" -- "$new"
sync -- "$new"
mv -fT -- "$new" "$main"`;

export const readFirst = (path: string): Command => script(FIRST, path);

/** Reloads it, and starts it where it did not survive the last reload; one that waits for a knock goes on waiting. */
const REVIVE = `systemctl try-reload-or-restart -- ssh.service
if systemctl is-failed --quiet -- ssh.service; then systemctl restart -- ssh.service; fi`;

export const reviveSshd: Command = script(REVIVE);
