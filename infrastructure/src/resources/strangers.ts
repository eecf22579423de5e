import { lockUser, readOthers } from '../commands/users.ts';
import type { Resource } from './resource.ts';

/** Nobody but our user signs in; others are locked, and keep what is theirs. */
export function noStrangers(ours: string, after: readonly string[]): Resource {
  return {
    id: 'no strangers',
    class: 'connectivity',
    after,
    reads: [readOthers(ours)],
    compare: ([found]) => {
      const others = (found?.stdout ?? '').split('\n').filter(Boolean);
      if (others.length === 0) return undefined;
      return {
        lines: others.map((name) => ({ sign: '-', text: `${name} may sign in` })),
        commands: others.map(lockUser),
        revert: { files: ['/etc/passwd', '/etc/shadow'], commands: [] },
      };
    },
  };
}
