import { createHash } from 'node:crypto';
import type { Command } from '../commands/command.ts';
import { removeFile } from '../commands/files.ts';
import { makeIdentity, readIdentity, readOpen, readSealed, seal } from '../commands/secrets.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Line, Resource } from './resource.ts';

/** A secret that a service on a machine gets. */
export interface Delivery {
  service: string;
  /** Who alone may read it. */
  user: string;
  name: string;
  value: Secret;
}

/** An age identity that is made on the machine and stays there. A new one reads nothing that was for another. */
export function ageIdentity(path: string, after: readonly string[], owner = 'root'): Resource {
  return {
    id: AGE_IDENTITY,
    class: 'safe',
    after,
    reads: [readIdentity(path)],
    compare: ([found]) => {
      const [stat = '', recipient = ''] = (found?.stdout ?? '').split('\n');
      if (stat === `400|${owner}` && recipient.startsWith('age1')) return undefined;
      const now = recipient.startsWith('age1') ? `open to others (${stat})` : 'none that can be used';
      const lines: Line[] =
        stat === '' ? [{ sign: '+', text: 'made here' }] : [{ sign: '~', text: `${now} → another` }];
      return { lines, commands: [makeIdentity(path)] };
    },
  };
}

export const AGE_IDENTITY = 'age identity';

/** Secrets on disk, each encrypted for the machine's own identity. */
export function sealedSecrets(
  deliveries: readonly Delivery[],
  { identity, folder }: { identity: string; folder: string },
  after: readonly string[],
): Resource {
  return {
    id: SEALED_SECRETS,
    class: 'safe',
    after,
    reads: [readSealed(identity, folder)],
    compare: ([found]) => {
      const there = new Map([...(found?.stdout ?? '').matchAll(/^\.\/(\S+) (\w+)/gm)].map(pair));
      const changed = deliveries.filter((one) => there.get(sealedName(one)) !== digestOf(one));
      const wanted = new Set(deliveries.map(sealedName));
      const odd = [...there.keys()].filter((name) => !wanted.has(name));
      if (changed.length + odd.length === 0) return undefined;
      return {
        lines: [
          ...changed.map((one): Line => {
            const isNew = !there.has(sealedName(one));
            return { sign: isNew ? '+' : '~', text: `${nameOf(one)}${isNew ? '' : ', another value'}` };
          }),
          ...odd.map((name): Line => ({ sign: '-', text: name })),
        ],
        commands: [
          ...changed.map((one) => seal(identity, `${folder}/${sealedName(one)}`, one.value.reveal())),
          ...odd.map((name) => removeFile(`${folder}/${name}`)),
        ],
      };
    },
  };
}

export const SEALED_SECRETS = 'secrets on disk, encrypted';

/** Secrets in memory, as `open` puts them there: at each boot, and here again. */
export function openSecrets(
  deliveries: readonly Delivery[],
  { open, folder }: { open: Command; folder: string },
  after: readonly string[],
): Resource {
  return {
    id: 'secrets in memory',
    class: 'restart',
    after,
    reads: [readOpen(folder)],
    compare: ([found]) => {
      const rows = [...(found?.stdout ?? '').matchAll(/^(\S+) \.\/(\S+) (\w+)/gm)];
      const there = new Map(rows.map(([, stat, name = '', digest]) => [name, `${stat} ${digest}`]));
      const wanted = new Map(deliveries.map((one) => [nameOf(one), `400|${one.user} ${digestOf(one)}`]));
      const lines = [
        ...[...wanted].flatMap(([name, shall]): Line[] => {
          if (there.get(name) === shall) return [];
          return [{ sign: there.has(name) ? '~' : '+', text: name }];
        }),
        ...[...there.keys()]
          .filter((name) => !wanted.has(name))
          .map((name): Line => ({ sign: '-', text: name })),
      ];
      return lines.length === 0 ? undefined : { lines, commands: [open] };
    },
  };
}

const nameOf = ({ service, name }: Delivery) => `${service}/${name}`;
const sealedName = (delivery: Delivery) => `${nameOf(delivery)}.age`;
const digestOf = ({ value }: Delivery) => createHash('sha256').update(value.reveal()).digest('hex');

const pair = ([, name = '', digest = '']: readonly string[]): [string, string] => [name, digest];
