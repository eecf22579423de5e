import { createHash } from 'node:crypto';
import { keepAppended, readRedisData, REDIS_DATA } from '../commands/redis.ts';
import { tryRestart } from '../commands/systemd.ts';
import { file, fileId } from '../resources/file.ts';
import { packages } from '../resources/packages.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import type { Secret } from '../secrets/secret.ts';
import { wholeGigabytes } from './postgres-settings.ts';
import { template } from './template.ts';

const CONFIGURATION = '/etc/redis/redis.conf';
const USERS = '/etc/redis/users.acl';
const UNIT = 'redis-server.service';

/** An eighth of the machine, 4 GB at most: tokens, limits and sessions are small. */
export const redisMegabytes = (memory: number): number => Math.min(4096, wholeGigabytes(memory) * 128);

/**
 * What each user may, beside nothing: the services all that is neither administration nor dangerous, with INFO, which
 * their client asks for; the watch to look. Nobody changes settings while it runs, so that the file is what holds.
 */
const RIGHTS: Readonly<Record<string, string>> = {
  hub: '~* &* +@all -@admin -@dangerous +info',
  hub_watch:
    'resetkeys resetchannels -@all +ping +info +config|get +slowlog|get +slowlog|len +latency|latest +dbsize',
};

export interface Redis {
  /** Bytes of the machine. */
  memory: number;
  passwords: ReadonlyMap<string, Secret>;
}

/** Redis on loopback, which forgets nothing: snapshots and every write on disk, no eviction, users with rights. */
export function redis({ memory, passwords }: Redis, after: readonly string[]): Resource[] {
  const installed = ['packages redis'];
  const owned = {
    owner: 'root',
    group: 'redis',
    mode: '0640',
    class: 'restart',
    then: [tryRestart(UNIT)],
  } as const;
  const values = { USERS, FOLDER: REDIS_DATA, MEGABYTES: String(redisMegabytes(memory)) };
  return [
    packages('redis', ['redis-server'], after),
    appended(installed),
    file({ path: USERS, content: usersText(passwords), secret: true, ...owned, after: [APPENDED] }),
    file({
      path: CONFIGURATION,
      content: template('redis/redis.conf', values),
      ...{ ...owned, after: [APPENDED, fileId(USERS)] },
    }),
    service(UNIT, [fileId(CONFIGURATION)]),
  ];
}

/** Redis compares SHA-256 of what it is given; the passwords themselves are not on the disk. */
function usersText(passwords: Redis['passwords']): string {
  const users = Object.entries(RIGHTS).flatMap(([name, rights]) => {
    const password = passwords.get(name);
    if (!password) return [];
    const digest = createHash('sha256').update(password.reveal()).digest('hex');
    return [`user ${name} on #${digest} ${rights}\n`];
  });
  return ['user default off resetpass resetkeys resetchannels -@all\n', ...users].join('');
}

const APPENDED = 'redis data';

/** A server that wrote snapshots alone would begin empty with a log of writes: the log is made while it runs. */
function appended(after: readonly string[]): Resource {
  return {
    id: APPENDED,
    class: 'data',
    after,
    reads: [readRedisData],
    compare: ([found]) => {
      if (found?.stdout.trim() !== 'snapshot alone') return undefined;
      return {
        lines: [{ sign: '+', text: 'log of every write, from the snapshot' }],
        commands: [keepAppended],
      };
    },
  };
}
