import { readFacts } from '../commands/facts.ts';
import { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';

/** What a machine is; sizes in bytes, the clock in seconds since 1970. */
export interface Facts {
  os: string;
  release: string;
  architecture: string;
  cores: number;
  memory: number;
  free: number;
  clock: number;
  /** Its kernel is another’s: settings of the kernel, swap and the clock are not its own. */
  isContainer: boolean;
  /** systemd’s own word: running, degraded, starting …; empty where it is not the init. */
  systemd: string;
  hasApt: boolean;
  listening: readonly number[];
}

/** The systems that resources are made for. */
const SUPPORTED: Record<string, readonly string[]> = { debian: ['12', '13'], ubuntu: ['22.04', '24.04'] };

export const isSupported = ({ os, release }: Pick<Facts, 'os' | 'release'>): boolean =>
  SUPPORTED[os]?.includes(release) ?? false;

/** Reads what a machine is; throws a Failure where it cannot be told. */
export async function gatherFacts(machine: Machine): Promise<Facts> {
  const [answer] = await machine.read([readFacts]);
  if (answer?.code !== 0)
    throw new Failure(`${machine.name} does not say what it is`, [answer?.stderr ?? '']);
  return factsOf(answer.stdout);
}

export function factsOf(text: string): Facts {
  const found = new Map(text.split('\n').map((line) => pair(line)));
  const word = (name: string) => found.get(name) ?? '';
  const container = word('container');
  return {
    ...{ os: word('os'), release: word('release'), architecture: word('architecture') },
    ...{ cores: Number(word('cores')), memory: Number(word('memory')), free: Number(word('free')) },
    clock: Number(word('clock')),
    isContainer: container !== '' && container !== 'none',
    systemd: word('systemd'),
    hasApt: word('apt') !== '',
    listening: word('listening').split(' ').filter(Boolean).map(Number),
  };
}

/** Refuses a system that nothing here was made for, before anything is read or changed. */
export function requireSupported(facts: Facts, host: string): void {
  if (isSupported(facts) && facts.systemd !== '') return;
  const there = facts.systemd === '' ? ' without systemd' : '';
  throw new Failure(
    `${host} runs ${facts.os} ${facts.release}${there}`,
    [],
    'hubctl knows Debian 12 and 13, Ubuntu 22.04 and 24.04.',
  );
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
