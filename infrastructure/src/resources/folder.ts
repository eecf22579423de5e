import { makeFolder } from '../commands/files.ts';
import { readFolder } from '../commands/users.ts';
import type { Resource } from './resource.ts';

export const folderId = (path: string) => `folder ${path}`;

/** A folder with this mode, that belongs to a user and the group of the same name. */
export function folder(path: string, mode: string, owner: string, after: readonly string[]): Resource {
  return {
    id: folderId(path),
    class: 'safe',
    after,
    reads: [readFolder(path)],
    compare: ([found]) => {
      const shall = `directory ${mode.replace(/^0+/, '')} ${owner} ${owner}`;
      const now = found?.stdout.trim().replaceAll('|', ' ') ?? '';
      if (now === shall) return undefined;
      return {
        lines: [now === '' ? { sign: '+', text: shall } : { sign: '~', text: `${now} → ${shall}` }],
        commands: [makeFolder(path, mode, owner, owner)],
      };
    },
  };
}
