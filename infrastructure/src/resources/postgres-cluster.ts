import type { Command } from '../commands/command.ts';
import { addChecksums, type Cluster, dataFolder, makeCluster, readClusters } from '../commands/postgres.ts';
import { Failure } from '../failure.ts';
import type { Resource } from './resource.ts';

export const clusterId = ({ version, name }: Cluster) => `postgresql ${version}/${name}`;

/**
 * A cluster of PostgreSQL with checksums. It is made where there is none; where there is another one, of whatever
 * version, a Failure says so and nothing is done: what is in it may be somebody’s only copy.
 */
export function postgresCluster(cluster: Cluster, after: readonly string[]): Resource {
  return {
    id: clusterId(cluster),
    class: 'data',
    after,
    reads: [readClusters(cluster)],
    compare: ([found]) => {
      const said = found?.stdout ?? '';
      const there = [...said.matchAll(/^there (\d+) (\S+)$/gm)];
      const data = dataFolder(cluster);
      const others = there.filter(
        ([, , folder = '']) => !folder.endsWith(`/${cluster.version}/${cluster.name}`),
      );
      refuseOthers(
        cluster,
        others.map(([, megabytes, folder]) => `${folder}, ${megabytes} MB`),
      );
      if (!there.some(([, , folder]) => folder === data)) {
        return {
          lines: [{ sign: '+', text: `${data}, empty, with checksums` }],
          commands: [makeCluster(cluster)],
        };
      }
      if (/version: +[1-9]/.test(said)) return undefined;
      const commands: Command[] = addChecksums(cluster);
      return { lines: [{ sign: '~', text: 'without checksums → with checksums' }], commands };
    },
  };
}

function refuseOthers({ version, name }: Cluster, others: readonly string[]): void {
  if (others.length === 0) return;
  throw new Failure(
    `the machine has a PostgreSQL that is not ${version}/${name}; nothing was changed`,
    others,
    'Keep its data elsewhere, then remove it with pg_dropcluster, or upgrade it: docs/runbooks/postgresql.md',
  );
}
