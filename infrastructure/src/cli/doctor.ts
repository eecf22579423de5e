import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Environment, Host } from '../config/schema.ts';
import { Failure } from '../failure.ts';
import { connect } from '../machine/connect.ts';
import { type Facts, gatherFacts, isSupported } from '../resources/facts.ts';
import { targetOf } from './session.ts';
import { type Colour, harmless, paint, type Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

/** Something that was looked at. A warning keeps nobody from going on. */
export interface Finding {
  about: string;
  level: 'good' | 'warning' | 'bad';
  says: string;
  remedy?: string | undefined;
}

const MARKS: Record<Finding['level'], [string, Colour]> = {
  good: ['✓', 'green'],
  warning: ['!', 'yellow'],
  bad: ['✗', 'red'],
};

/** Looks at the operator's side and at each host, changes nothing, and has a remedy for each finding. */
export async function doctor(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const { environment, hosts } = targetOf(typed);
  const findings: Finding[] = [];
  for (const host of hosts) findings.push(...(await hostFindings(host, typed)));
  findings.push(...(await domainFindings(environment)));
  if (typed.json) terminal.out(`${JSON.stringify({ findings }, undefined, 2)}\n`);
  else terminal.out(findings.map((finding) => findingText(finding, terminal)).join(''));
  if (findings.some(({ level }) => level === 'bad')) return 1;
  return findings.some(({ level }) => level === 'warning') ? 2 : 0;
}

function findingText({ about, level, says, remedy }: Finding, terminal: Terminal): string {
  const [mark, colour] = MARKS[level];
  return `${paint(terminal, colour, mark)} ${about}: ${harmless(says)}\n${remedy === undefined ? '' : `    ${remedy}\n`}`;
}

async function hostFindings(host: Host, typed: Typed): Promise<Finding[]> {
  const about = host.name;
  try {
    const connection = await connect(host, typed.value('ssh-config'));
    try {
      const facts = await gatherFacts(connection.machine);
      const entered: Finding = { about, level: 'good', says: `lets ${connection.user} in and become root` };
      return [entered, ...judgeFacts(about, facts, Date.now() / 1000)];
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ about, level: 'bad', says: error.message, remedy: error.remedy }];
  }
}

const GIGABYTE = 2 ** 30;
const gigabytes = (bytes: number) => `${(bytes / GIGABYTE).toFixed(1)} GB`;

/** What a machine is, against what the platform needs; `now` in seconds since 1970. */
export function judgeFacts(about: string, facts: Facts, now: number): Finding[] {
  const skew = Math.abs(facts.clock - now);
  const judge = (isGood: boolean, says: string, level: Finding['level'], remedy: string): Finding =>
    isGood ? { about, level: 'good', says } : { about, level, says, remedy };
  return [
    judge(
      isSupported(facts),
      `runs ${facts.os} ${facts.release}`,
      'bad',
      'Use Debian 12 or 13, Ubuntu 22.04 or 24.04.',
    ),
    judge(
      ['running', 'degraded', 'starting'].includes(facts.systemd),
      `systemd is ${facts.systemd || 'not there'}`,
      'bad',
      'The machine must boot with systemd; look at: systemctl --failed',
    ),
    judge(
      skew < 30,
      `clock differs by ${skew.toFixed(0)} s`,
      'bad',
      'Set it: certificates and tokens need it right.',
    ),
    judge(
      facts.free >= 10 * GIGABYTE,
      `${gigabytes(facts.free)} free on /`,
      'bad',
      'Free 10 GB, or use a larger disk.',
    ),
    judge(
      facts.memory >= 7.5 * GIGABYTE,
      `${gigabytes(facts.memory)} of memory`,
      'warning',
      'The platform is made for 8 GB.',
    ),
    judge(facts.cores >= 4, `${facts.cores} cores`, 'warning', 'The platform is made for 4.'),
  ];
}

/** Whether each domain leads to a host of the environment. */
async function domainFindings({ hosts, domains }: Environment): Promise<Finding[]> {
  const ours = new Set((await Promise.all(hosts.map(({ address }) => addressesOf(address)))).flat());
  return Promise.all(domains.map(async (domain) => judgeDomain(domain, await addressesOf(domain), ours)));
}

export function judgeDomain(about: string, found: readonly string[], ours: ReadonlySet<string>): Finding {
  const remedy = `Let its A and AAAA records name ${[...ours].join(' or ')}.`;
  if (found.length === 0) return { about, level: 'warning', says: 'has no address', remedy };
  const others = found.filter((address) => !ours.has(address));
  if (others.length === 0) return { about, level: 'good', says: `leads to ${found.join(', ')}` };
  return { about, level: 'warning', says: `leads to ${others.join(', ')}, which is no host here`, remedy };
}

async function addressesOf(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return []; // unknown, or nobody answers: either way there is no address
  }
}
