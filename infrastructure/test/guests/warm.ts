import { exampleFile } from '../../src/config/annotate.ts';
import { environmentOf, readConfig } from '../../src/config/read.ts';
import { hostResources } from '../../src/host/host.ts';
import { factsOf } from '../../src/resources/facts.ts';
import { preparedImage } from './prepared.ts';

/** What hubctl reads of a guest, where none is asked. */
export const FACTS = 'os=debian\nrelease=12\ncontainer=docker\nsystemd=running\ncores=2\nmemory=8589934592\n';

/** Names of the packages that hubctl installs, as its own commands name them. */
function packageNames(): string[] {
  const environment = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
  const [host] = environment.hosts;
  if (!host) throw new Error('the example has no host');
  const situation = { facts: factsOf(FACTS), operator: '', sshdPort: 22 };
  return hostResources(environment, host, situation)
    .filter(({ id }) => id.startsWith('packages '))
    .flatMap((resource) => {
      const nothing = resource.reads.map(() => ({ code: 1, stdout: '', stderr: '' }));
      const argv: readonly string[] = resource.compare(nothing)?.commands.at(-1)?.argv ?? [];
      return argv.slice(argv.indexOf('--') + 1);
    });
}

const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet=2'] as const;

/** A bare guest whose provider has the packages near: they are fetched, and none is installed. */
export const warmImage = (): Promise<string> =>
  preparedImage([
    [...APT, 'update'],
    [...APT, 'install', '--yes', '--no-install-recommends', '--download-only', ...packageNames()],
  ]);
