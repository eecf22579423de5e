import { CHECK_SSHD, readFirst, readSshd, reviveSshd } from '../commands/ssh-server.ts';
import { reloadIfActive } from '../commands/systemd.ts';
import { effective } from '../resources/effective.ts';
import { file, fileId } from '../resources/file.ts';
import type { Resource } from '../resources/resource.ts';
import { access, accessId } from '../resources/user.ts';
import { template } from './template.ts';

const SSHD = '/etc/ssh/sshd_config.d/00-hub.conf';

/** The programs that the user may run as root: one to see that it can, and the shell that hubctl talks to. */
const ALLOWED = '/usr/bin/true, /bin/sh -s';

/** The one who works on the machine, let in by the operators' keys. */
export const operator = (user: string, keys: readonly string[], after: readonly string[]): Resource =>
  access(user, keys, ALLOWED, after);

/** What every user meets, as `sshd -T` prints it. */
const IN_FORCE = {
  permitrootlogin: 'no',
  passwordauthentication: 'no',
  kbdinteractiveauthentication: 'no',
  pubkeyauthentication: 'yes',
};

/** Keys alone, no root, current algorithms; after the user can sign in and become root. */
export function sshServer(user: string): Resource {
  const reload = reloadIfActive('ssh.service');
  const dropIn = file({
    path: SSHD,
    content: template('ssh/00-hub.conf', { USER: user }),
    class: 'connectivity',
    after: [accessId(user)],
    check: { when: 'after', argv: CHECK_SSHD },
    ...{ then: [reload], undo: [reviveSshd] },
  });
  return effective(dropIn, {
    read: readSshd('root'),
    wanted: IN_FORCE,
    parse: (printed) =>
      new Map([...printed.matchAll(/^(\S+) (.*)$/gm)].map(([, name = '', value = '']) => [name, value])),
    enforce: [readFirst(SSHD), { argv: CHECK_SSHD }, reviveSshd],
    touches: ['/etc/ssh/sshd_config'],
  });
}

export const SSHD_ID = fileId(SSHD);
