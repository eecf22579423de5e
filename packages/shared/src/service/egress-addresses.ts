import { BlockList, isIP } from 'node:net';

/**
 * How near an address is: `public` on the open internet, `local` on this machine or in a private network, and
 * `never` for what no server of anybody's answers at: link-local (where clouds hand out their secrets), multicast,
 * reserved, unspecified, and the forms that carry another address in themselves.
 */
export type Nearness = 'public' | 'local' | 'never';

type Subnet = readonly [network: string, prefix: number];

const listOf = (family: 'ipv4' | 'ipv6', subnets: readonly Subnet[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

/** Loopback, RFC 1918, and the shared addresses of RFC 6598. */
const LOCAL_4 = listOf('ipv4', [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
]);

/** The rest of IANA's special-purpose registry (RFC 6890), multicast and class E. */
const NEVER_4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);

/** Loopback, and unique local addresses (RFC 4193). */
const LOCAL_6 = listOf('ipv6', [
  ['::1', 128],
  ['fc00::', 7],
]);

/**
 * All that is given out as global unicast (RFC 4291, 2.4). What stands outside is no address to call: IPv4-mapped and
 * -compatible, NAT64 (RFC 6052, RFC 8215), discard-only, link-local, multicast, and what comes to be reserved.
 */
const GLOBAL_6 = listOf('ipv6', [['2000::', 3]]);

/** Exceptions within: IETF assignments with Teredo and ORCHID, documentation, 6to4. */
const NEVER_6 = listOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

/** Where this IP address leads; what is none, or has a zone, is `never`. */
export function nearnessOf(address: string): Nearness {
  if (isIP(address) === 4) {
    if (LOCAL_4.check(address, 'ipv4')) return 'local';
    return NEVER_4.check(address, 'ipv4') ? 'never' : 'public';
  }
  if (isIP(address) !== 6 || address.includes('%')) return 'never';
  if (LOCAL_6.check(address, 'ipv6')) return 'local';
  return GLOBAL_6.check(address, 'ipv6') && !NEVER_6.check(address, 'ipv6') ? 'public' : 'never';
}
