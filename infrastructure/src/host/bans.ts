import { BlockList, isIP } from 'node:net';
import { restart } from '../commands/systemd.ts';
import { file, fileId } from '../resources/file.ts';
import type { Resource } from '../resources/resource.ts';
import { template } from './template.ts';

const PATH = '/etc/fail2ban/jail.d/zz-hub.local';

export interface Bans {
  /** Addresses and networks that are never banned. */
  never: readonly string[];
  /** Where hubctl comes from. */
  operator: string;
  sshdPort: number;
}

/**
 * Who fails three times is banned, except the operators. Where hubctl came from when it wrote the file is remembered in
 * it; another place alone is no reason to write it again, or each would undo the other's.
 */
export function bans({ never, operator, sshdPort }: Bans, after: readonly string[]): Resource {
  const make = (seen: readonly string[]) =>
    file({
      path: PATH,
      content: template('fail2ban/zz-hub.local', {
        SEEN: seen.join(' ') || 'nobody',
        IGNORED: ['127.0.0.1/8', '::1', ...never, ...seen].join(' '),
        PORT: String(sshdPort),
      }),
      ...{ class: 'restart', after, then: [restart('fail2ban.service')] },
      check: { when: 'after', argv: ['fail2ban-client', '-t'] },
    });
  return {
    ...make([]),
    compare: (found) => {
      const seen = seenIn(found[0]?.stdout ?? '').filter((address) => !covers(never, address));
      if (!make(seen).compare(found)) return undefined;
      return make(withOperator(seen, never, operator)).compare(found);
    },
  };
}

export const BANS = fileId(PATH);

/** The newest last; ten are kept. */
function withOperator(seen: readonly string[], never: readonly string[], operator: string): string[] {
  if (isIP(operator) === 0 || covers([...never, ...seen], operator)) return [...seen];
  return [...seen, operator].slice(-10);
}

function seenIn(text: string): string[] {
  const [, words = ''] = /^# seen: (.*)$/m.exec(text) ?? [];
  return words.split(' ').filter((word) => isIP(word) !== 0);
}

/** True where an address is one of these, or in one of these networks. */
function covers(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(base, familyOf(base));
    else list.addSubnet(base, Number(bits), familyOf(base));
  }
  return list.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
