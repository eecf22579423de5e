import { installPackages, readPackages } from '../commands/packages.ts';
import type { Resource } from './resource.ts';

interface Installing {
  /** Others may be removed where both cannot be there. */
  mayReplace?: boolean;
}

/** Packages of the distribution that are installed, whatever version the machine's archives hold. */
export function packages(
  name: string,
  names: readonly string[],
  after: readonly string[] = [],
  { mayReplace = false }: Installing = {},
): Resource {
  return {
    id: `packages ${name}`,
    class: 'safe',
    after,
    reads: [readPackages(names)],
    compare: ([found]) => {
      const status = new Map((found?.stdout ?? '').split('\n').map((line) => pair(line)));
      const missing = names.filter((one) => status.get(one) !== 'installed');
      if (missing.length === 0) return undefined;
      return {
        lines: missing.map((one) => {
          const now = status.get(one) ?? 'not-installed';
          return now === 'not-installed'
            ? { sign: '+', text: one }
            : { sign: '~', text: `${one}: ${now} → installed` };
        }),
        commands: installPackages(missing, mayReplace),
      };
    },
  };
}

function pair(line: string): [string, string] {
  const [name = '', status = ''] = line.split(' ');
  return [name, status];
}
