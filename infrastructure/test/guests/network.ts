import { attempt, call } from './call.ts';
import { LABEL } from './engine.ts';

const NAME = 'hub-guests';

/** RFC 2544 and RFC 4193: addresses that no real network routes. */
const V4 = '198.18.77.';
const V6 = 'fd48:5542:77::';

/** The machine as its guests see it: where names, certificates, mail and webhooks are answered. */
export const GATEWAY = { v4: `${V4}1`, v6: `${V6}1` };

export interface Address {
  v4: string;
  v6: string;
}

/** What a guest is called, where others reach it, and the loopback address at which its port 22 is published. */
export function placeOf(number: number): { name: string; address: Address; loopback: string } {
  const address = { v4: `${V4}${number}`, v6: `${V6}${number}` };
  return { name: `hub-guest-${number}`, address, loopback: `127.0.77.${number}` };
}

/** Arguments of `docker create` that put a guest into the network. */
export function attachment({ v4, v6 }: Address): string[] {
  return ['--network', NAME, '--ip', v4, '--ip6', v6];
}

/** The bridge between the machine and its guests, made when it is not there. */
export async function ensureNetwork(): Promise<void> {
  const { code } = await attempt('docker', ['network', 'inspect', NAME]);
  if (code === 0) return;
  await call('docker', [
    ...['network', 'create', '--label', LABEL, '--ipv6'],
    ...['--subnet', `${V4}0/24`, '--gateway', GATEWAY.v4],
    ...['--subnet', `${V6}/64`, '--gateway', GATEWAY.v6],
    ...['--opt', 'com.docker.network.bridge.name=hub-guests', NAME],
  ]);
}
