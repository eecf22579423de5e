import { fetchKey, readKey } from '../commands/repository.ts';
import { file, fileId } from './file.ts';
import type { Resource } from './resource.ts';

/** Packages of somebody else’s, for machines whose distribution has none that are new enough. */
export interface Repository {
  name: string;
  /** Where its key is, and the key’s fingerprint: another key is refused. */
  key: string;
  fingerprint: string;
  uri: string;
  suite: string;
  component: string;
}

export const repositoryId = ({ name }: Pick<Repository, 'name'>) => fileId(sourcesOf(name));

const sourcesOf = (name: string) => `/etc/apt/sources.list.d/hub-${name}.sources`;

/** A repository of packages that counts for what its one key has signed. */
export function repository(
  { name, key, fingerprint, uri, suite, component }: Repository,
  after: readonly string[],
  folder = '/etc/apt/keyrings',
): Resource[] {
  const path = `${folder}/hub-${name}.asc`;
  const id = `key of repository ${name}`;
  const keyResource: Resource = {
    id,
    class: 'safe',
    after,
    reads: [readKey(path)],
    compare: ([found]) => {
      const now = (found?.stdout ?? '').trim().split('\n').filter(Boolean).join(', ');
      if (now === fingerprint) return undefined;
      return {
        lines: [
          now === '' ? { sign: '+', text: fingerprint } : { sign: '~', text: `${now} → ${fingerprint}` },
        ],
        commands: [fetchKey(key, fingerprint, path)],
      };
    },
  };
  const stanza = `# Made by hubctl.
Types: deb
URIs: ${uri}
Suites: ${suite}
Components: ${component}
Signed-By: ${path}
`;
  return [keyResource, file({ path: sourcesOf(name), content: stanza, after: [id] })];
}
