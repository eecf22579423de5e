import { leaveGroup, readGroup } from '../commands/docker.ts';
import type { Resource } from './resource.ts';

/** A group that nobody is in: whoever is in Docker’s is root. */
export function emptyGroup(group: string, after: readonly string[]): Resource {
  return {
    id: `nobody in group ${group}`,
    class: 'safe',
    after,
    reads: [readGroup(group)],
    compare: ([found]) => {
      const members = (found?.stdout ?? '').trim().split(',').filter(Boolean);
      if (members.length === 0) return undefined;
      return {
        lines: members.map((text) => ({ sign: '-', text })),
        commands: members.map((user) => leaveGroup(user, group)),
      };
    },
  };
}
