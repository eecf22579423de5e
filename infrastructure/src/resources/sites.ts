import { readNginx, removeStockSite } from '../commands/nginx.ts';
import type { Command } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import type { Resource } from './resource.ts';

export const SITES = 'nginx sites';

/** What is ours: the one file, and the domains that nobody else may answer. */
export interface OurSite {
  file: string;
  domains: readonly string[];
}

/**
 * The package's own site is off; those of other people are left alone and told of. Throws a Failure where one of them
 * answers a domain of ours: who is right is for a person to decide.
 */
export function sites(ours: OurSite, after: readonly string[], then: Command): Resource {
  return {
    id: SITES,
    class: 'restart',
    after,
    reads: [readNginx],
    compare: ([found]) => {
      const [state = '', ...rest] = (found?.stdout ?? '').split('\n');
      for (const { path, names } of foreign(rest.join('\n'), ours.file)) {
        const taken = names.filter((name) => ours.domains.includes(name));
        if (taken.length > 0) throw takenFailure(path, taken);
      }
      if (state === 'own') return undefined;
      return {
        lines: [{ sign: '-', text: 'the site that the package brings' }],
        commands: [removeStockSite, then],
      };
    },
    notes: ([found]) => [
      ...refusal(found?.stderr ?? ''),
      ...foreign(found?.stdout ?? '', ours.file).map(
        ({ path, names }) =>
          `${path} is not ours and stays as it is: ${names.join(', ') || 'without a name'}`,
      ),
    ],
  };
}

const takenFailure = (path: string, names: readonly string[]) =>
  new Failure(
    `${path} answers ${names.join(' and ')} already; nothing was changed`,
    [],
    'Take these names out of that file, or out of hub.config.yaml.',
  );

interface Site {
  path: string;
  names: string[];
}

const STOCK = '/etc/nginx/sites-enabled/default';

/** Files with a server in them that neither we nor the package made, with the names that they answer. */
function foreign(printed: string, ours: string): Site[] {
  const isStock = printed.startsWith('stock');
  return printed
    .split(/^# configuration file (?=\/)/m)
    .slice(1)
    .flatMap((text) => {
      const [, path = '', content = ''] = /^(\S+):\n([\s\S]*)$/.exec(text) ?? [];
      const isKnown = path === ours || (isStock && path === STOCK);
      if (isKnown || !/^\s*server\s*\{/m.test(content)) return [];
      return [{ path, names: namesIn(content) }];
    });
}

const namesIn = (content: string) => [
  ...new Set(
    [...content.matchAll(/^\s*server_name\s+([^;]+);/gm)].flatMap(([, names = '']) => names.split(/\s+/)),
  ),
];

/** Why nginx does not take what there is; nobody's file is known then. */
const refusal = (said: string) =>
  said
    .split('\n')
    .filter((line) => line.includes('[emerg]'))
    .map((line) => `nginx refuses its configuration: ${line.replace(/^.*\[emerg\]\s*/, '')}`);
