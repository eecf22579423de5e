import { type Command, command, script } from './command.ts';

/** A line a package that dpkg knows: name and status. Unknown ones make it end with 1. */
export const readPackages = (names: readonly string[]): Command =>
  command('dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', '--', ...names);

const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l', 'apt-get'] as const;

/** Waits for the machine's own updates instead of failing beside them. */
const PATIENT = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'] as const;

/** Where a package waits for one that is not there, apt-get brings it. */
const FINISH = `export DEBIAN_FRONTEND=noninteractive
dpkg --configure -a --force-confold || echo 'left to apt-get'`;

const KEEPING = ['-o', 'Dpkg::Options::=--force-confold', ...PATIENT] as const;

/**
 * Ends what was cut off, then installs; configuration that was changed by hand is kept. Where another package is in the
 * way it ends with 100 and names it, unless that may be replaced.
 */
export const installPackages = (names: readonly string[], mayReplace = false): Command[] => [
  script(FINISH),
  command(...APT, 'update', '-q', ...PATIENT),
  command(...APT, 'install', '-q', '-y', '--fix-broken', '--no-remove', ...KEEPING),
  command(
    ...([...APT, 'install', '-q', '-y', '--no-install-recommends'] as const),
    ...(mayReplace ? [] : ['--no-remove']),
    ...[...KEEPING, '--', ...names],
  ),
];
