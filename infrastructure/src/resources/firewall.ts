import {
  allowPort,
  deleteRule,
  disableUfw,
  enableUfw,
  filterIpv6,
  readUfw,
  reloadUfw,
  UFW_DEFAULTS,
} from '../commands/ufw.ts';
import type { Change, Line, Resource } from './resource.ts';

/** What ufw keeps, put back when the operator is locked out. */
const FILES = ['/etc/default/ufw', '/etc/ufw/ufw.conf', '/etc/ufw/user.rules', '/etc/ufw/user6.rules'];

export const FIREWALL = 'firewall ufw';

/** A firewall that lets in these TCP ports, of IPv4 and IPv6, and nothing else. Allowed first, denied after. */
export function firewall(ports: readonly number[], after: readonly string[]): Resource {
  return {
    id: FIREWALL,
    class: 'connectivity',
    after,
    reads: [readUfw],
    compare: ([found]) => compare(found?.stdout ?? '', ports),
  };
}

const SETTINGS: readonly [name: string, value: string, says: string][] = [
  ['IPV6', 'yes', 'IPv6 is filtered too'],
  ['DEFAULT_INPUT_POLICY', 'DROP', 'deny what comes in'],
  ['DEFAULT_OUTPUT_POLICY', 'ACCEPT', 'allow what goes out'],
  ['DEFAULT_FORWARD_POLICY', 'DROP', 'deny what is passed on'],
];

function compare(text: string, ports: readonly number[]): Change | undefined {
  const rules = new Set([...text.matchAll(/^ufw (.+)$/gm)].map(([, rule = '']) => rule));
  const wanted = ports.map((port) => `allow ${port}/tcp`);
  const missing = ports.filter((port) => !rules.has(`allow ${port}/tcp`));
  const extra = [...rules].filter((rule) => !wanted.includes(rule));
  const wrong = SETTINGS.filter(([name, value]) => settingOf(text, name) !== value);
  const isActive = /^Status: active$/m.test(text) && settingOf(text, 'ENABLED') === 'yes';
  const lines: Line[] = [
    ...missing.map((port): Line => ({ sign: '+', text: `allow ${port}/tcp` })),
    ...extra.map((rule): Line => ({ sign: '-', text: rule })),
    ...wrong.map(([, , says]): Line => ({ sign: '~', text: says })),
    ...(isActive ? [] : [{ sign: '~', text: 'off → on' } as const]),
  ];
  if (lines.length === 0) return undefined;
  return {
    lines,
    commands: [
      filterIpv6,
      ...missing.map(allowPort),
      ...extra.map(deleteRule),
      ...UFW_DEFAULTS,
      isActive ? reloadUfw : enableUfw,
    ],
    revert: { files: FILES, commands: [isActive ? reloadUfw : disableUfw] },
  };
}

function settingOf(text: string, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}="?(\\w+)"?$`, 'm').exec(text) ?? [];
  return value;
}
