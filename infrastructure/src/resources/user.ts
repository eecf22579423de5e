import { makeSystemUser, makeUser, readUser, setShell } from '../commands/users.ts';
import { file } from './file.ts';
import { folder, folderId } from './folder.ts';
import type { Change, Resource } from './resource.ts';
import { together } from './together.ts';

export const userId = (name: string) => `user ${name}`;

/** Where a user of ours keeps its keys. */
const sshFolder = (name: string) => `/home/${name}/.ssh`;

/** A user without a password, and the folder of its keys. */
export function user(name: string): Resource[] {
  return [
    {
      id: userId(name),
      class: 'safe',
      after: [],
      reads: [readUser(name)],
      compare: ([found]) => account(name, found),
    },
    folder(sshFolder(name), '0700', name, [userId(name)]),
  ];
}

/** A user that services run as, and that nobody signs in as. */
export function systemUser(name: string): Resource {
  return {
    id: userId(name),
    class: 'safe',
    after: [],
    reads: [readUser(name)],
    compare: ([found]) =>
      found?.stdout.trim() === ''
        ? { lines: [{ sign: '+', text: `user ${name} of the system` }], commands: [makeSystemUser(name)] }
        : undefined,
  };
}

export const accessId = (name: string) => `access ${name}`;

/** What a user of ours needs to work: these keys and no others, and what it may run as root. */
export function access(
  name: string,
  keys: readonly string[],
  allowed: string,
  after: readonly string[],
): Resource {
  const sudoers = file({
    path: '/etc/sudoers.d/hub',
    content: `# Made by hubctl.\n${name} ALL=(root) NOPASSWD: ${allowed}\n`,
    ...{ mode: '0440', undo: [] },
    check: { when: 'before', argv: ['visudo', '-cf'] },
  });
  const authorized = file({
    path: `${sshFolder(name)}/authorized_keys`,
    content: keys.map((key) => `${key}\n`).join(''),
    ...{ mode: '0600', owner: name, group: name, undo: [] },
  });
  return together(accessId(name), [sudoers, authorized], [...after, folderId(sshFolder(name))]);
}

function account(name: string, found?: { stdout: string }): Change | undefined {
  const [there = '', , , , , , shell = ''] = (found?.stdout ?? '').trim().split(':');
  if (there === '') return { lines: [{ sign: '+', text: `user ${name}` }], commands: [makeUser(name)] };
  if (shell === '/bin/bash') return undefined;
  return { lines: [{ sign: '~', text: `shell: ${shell} → /bin/bash` }], commands: [setShell(name)] };
}
