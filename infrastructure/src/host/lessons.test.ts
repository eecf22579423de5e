import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import type { Change, Resource } from '../resources/resource.ts';
import { bare, FACTS, resourcesOn } from './bare-host.fixture.ts';

const bareChanges = (text: string) =>
  resourcesOn(text).flatMap((resource) => {
    const change = resource.compare(resource.reads.map(bare));
    return change ? [{ resource, change }] : [];
  });

/** What a file shall hold. */
function contentOf(id: string): string {
  const found = bareChanges(FACTS['debian-12']).find(({ resource }) => resource.id === id);
  return found?.change.commands.find(({ stdin }) => stdin !== undefined)?.stdin ?? '';
}

describe.each(Object.entries(FACTS))('on %s', (_, text) => {
  test('lesson 19: whatever could lock out says how the machine undoes it', () => {
    const risky = bareChanges(text).filter(({ resource }) => resource.class === 'connectivity');
    expect(risky.map(({ resource }) => resource.id)).toEqual(
      expect.arrayContaining(['access deploy', 'file /etc/ssh/sshd_config.d/00-hub.conf', 'firewall ufw']),
    );
    const files = risky.map(({ change }) => change.revert?.files.length ?? 0);
    expect(files.filter((count) => count === 0)).toEqual([]);
  });

  test('lesson 19: fail2ban has what it needs to read the journal, and is asked before it is started', () => {
    const all = bareChanges(text);
    const words = (id: string) =>
      all.find(({ resource }) => resource.id === id)?.change.commands.flatMap(({ argv }) => argv) ?? [];
    expect(words('packages base')).toEqual(expect.arrayContaining(['fail2ban', 'python3-systemd']));
    expect(words('file /etc/fail2ban/jail.d/zz-hub.local').join(' ')).toContain('fail2ban-client -t');
    expect(contentOf('file /etc/fail2ban/jail.d/zz-hub.local')).toMatch(/^backend = systemd$/m);
    const ids = all.map(({ resource }) => resource.id);
    expect(ids.indexOf('file /etc/fail2ban/jail.d/zz-hub.local')).toBeLessThan(
      ids.indexOf('service fail2ban.service'),
    );
  });
});

test('lesson 19: rotation takes every log of the folder, whichever process writes it', () => {
  const rotation = contentOf('file /etc/logrotate.d/hub');
  expect(rotation).toMatch(/^\/var\/log\/hub\/\*\.log \{$/m);
  // The file stays the one that each of them has open.
  expect(rotation).toMatch(/^ +copytruncate$/m);
});

test.each([
  ['the journal', 'file /etc/systemd/journald.conf.d/00-hub.conf', /^SystemMaxUse=1024M$/m],
  ['logs, by days', 'file /etc/logrotate.d/hub', /^ +rotate 30$/m],
  ['logs, by size', 'file /etc/logrotate.d/hub', /^ +maxsize 100M$/m],
  ['what containers print', 'file /etc/docker/daemon.json', /"max-size": "10m", "max-file": "3"/],
  ['the log of writes', 'file /etc/postgresql/15/hub/postgresql.conf', /^max_wal_size = '2GB'$/m],
])('lesson 20: %s has a budget', (_, id, budget) => {
  expect(contentOf(id)).toMatch(budget);
});

/** What would take something away that hubctl did not make. */
const TAKES_AWAY = [
  /\b(userdel|deluser|groupdel|pg_dropcluster|mkfs|wipefs|shred)\b/,
  /\b(DROP|TRUNCATE) (DATABASE|ROLE|USER|SCHEMA|TABLE|OWNED|EXTENSION)\b/i,
  /\b(FLUSHALL|FLUSHDB)\b/i,
  /\b(purge|autoremove|prune)\b/,
  /\bapt-get\b.* remove\b/,
  /\bdocker\b.*\b(rm|rmi|down|volume)\b/,
];

/** Answers of a machine that other people use: true words, half of them in the wrong place, and noise. */
const words = fc.constantFrom(
  ...['there 2048 /var/lib/postgresql/13/main', 'Data page checksum version: 0', 'snapshot alone', 'mallory'],
  ...[
    'regular file|644|mallory|mallory',
    'directory|777|mallory|mallory',
    'missing',
    'pending',
    'settled',
    'own',
  ],
  ...[
    'ufw allow 8080/tcp',
    'Status: active',
    'IPV6=no',
    '# configuration file /etc/nginx/sites-enabled/shop:',
  ],
  ...[
    'server { server_name shop.test; }',
    'installed',
    'ActiveState=failed',
    'deploy,ann',
    'kept',
    '640 root postgres',
  ],
);
const answer = fc.record({
  code: fc.constantFrom(0, 1, 2),
  stdout: fc.array(words, { maxLength: 6 }).map((lines) => lines.map((line) => `${line}\n`).join('')),
  stderr: fc.constant(''),
});

/** What it would do; nothing where it leaves that to a person, or cannot read the answer. */
function changeOf(resource: Resource, answers: Parameters<Resource['compare']>[0]): Change | undefined {
  try {
    return resource.compare(answers);
  } catch (error) {
    if (error instanceof Failure || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

test('lesson 20: nothing of other people is taken away, whatever a machine answers', () => {
  const resources = resourcesOn(FACTS['debian-12']);
  let seen = 0;
  fc.assert(
    fc.property(fc.array(answer, { minLength: 4, maxLength: 4 }), (answers) => {
      for (const resource of resources) {
        const change = changeOf(resource, answers.slice(0, resource.reads.length));
        const texts = change?.commands.map(({ argv, stdin = '' }) => `${argv.join(' ')}\n${stdin}`) ?? [];
        seen += texts.length;
        expect([resource.id, change?.destroys ?? false]).toEqual([resource.id, false]);
        const taking = texts.filter((text) => TAKES_AWAY.some((pattern) => pattern.test(text)));
        expect([resource.id, taking]).toEqual([resource.id, []]);
      }
    }),
    { numRuns: 100 },
  );
  expect(seen).toBeGreaterThan(1_000);
});
