import { loadSysctl, makeSwap, readSwap, readSysctl } from '../commands/kernel.ts';
import { effective } from './effective.ts';
import type { Facts } from './facts.ts';
import { file } from './file.ts';
import type { Resource } from './resource.ts';

const PATH = '/etc/sysctl.d/60-hub.conf';

const SETTINGS: Readonly<Record<string, string>> = {
  // Redis forks to save; without this a half-full machine refuses (redis.io, administration).
  'vm.overcommit_memory': '1',
  'vm.swappiness': '10',
  'net.core.somaxconn': '4096',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv6.conf.all.accept_redirects': '0',
  'kernel.dmesg_restrict': '1',
  'kernel.kptr_restrict': '2',
};

/** Settings of the kernel. In a container they are another's: the file waits there for a machine of its own. */
export function kernelSettings({ isContainer }: Pick<Facts, 'isContainer'>): Resource {
  const content = `# Made by hubctl.\n${Object.entries(SETTINGS)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')}`;
  if (isContainer) return file({ path: PATH, content });
  return effective(file({ path: PATH, content, then: [loadSysctl(PATH)] }), {
    read: readSysctl(Object.keys(SETTINGS)),
    wanted: SETTINGS,
    parse: (printed) =>
      new Map([...printed.matchAll(/^(\S+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value])),
    enforce: [loadSysctl(PATH)],
  });
}

const SWAP = '/swapfile';
const MEGABYTE = 2 ** 20;

/** A swap file of this many megabytes; 0 for none. */
export function swap(megabytes: number): Resource {
  const shall = megabytes * MEGABYTE;
  return {
    id: `swap ${SWAP}`,
    class: 'safe',
    after: [],
    reads: [readSwap(SWAP)],
    compare: ([found]) => {
      const [size = 0, used = 0, atBoot = 0] = (found?.stdout ?? '').split('\n').map(Number);
      const parts = shall > 0 ? 1 : 0;
      if (size === shall && used === parts && atBoot === parts) return undefined;
      return {
        lines: [
          { sign: '~', text: `${size / MEGABYTE} MB, ${used > 0 ? 'used' : 'not used'} → ${megabytes} MB` },
        ],
        commands: [makeSwap(SWAP, shall)],
      };
    },
  };
}
