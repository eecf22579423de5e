import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDns } from './dns.ts';
import { enginesOperatorOf } from './engines-operator.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import type { Operator } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

let guest: Guest;
let operator: Operator;

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  operator = await untilEnd(enginesOperatorOf(guest, { postgres: true, redis: true, pm2: true }));
  const { seconds } = await timed(operator.converge);
  figure('bare to host with engines', `${seconds.toFixed(1)} s`, 'none, packages warm');
});
afterAll(endAll);

const shell = (text: string) => guest.run(['sh', '-c', text], { timeoutMs: 110_000 });

/** What somebody does by hand, and what hubctl calls it. */
const BY_HAND: readonly [what: string, how: string, found: string][] = [
  [
    'a file edited',
    'echo "PasswordAuthentication yes" >>/etc/ssh/sshd_config.d/00-hub.conf',
    'file /etc/ssh/sshd_config.d/00-hub.conf',
  ],
  ['a port opened', 'ufw allow 8080/tcp', 'firewall ufw'],
  [
    'a user added',
    'userdel --force mallory 2>/dev/null; useradd --create-home --shell /bin/bash mallory',
    'no strangers',
  ],
  ['a package removed', 'apt-get remove -y -q logrotate', 'packages base'],
  [
    'a unit stopped and disabled',
    'systemctl disable --now redis-server.service',
    'service redis-server.service',
  ],
  ['a key added', 'echo "ssh-ed25519 AAAA mallory" >>/home/deploy/.ssh/authorized_keys', 'access deploy'],
  ['a mode widened', 'chmod 0644 /etc/redis/users.acl', 'file /etc/redis/users.acl'],
  ['the time zone changed', 'ln -sfn /usr/share/zoneinfo/Asia/Bangkok /etc/localtime', 'time zone'],
  [
    'a setting of PostgreSQL changed',
    `runuser -u postgres -- psql -qc "ALTER SYSTEM SET max_connections = 20"; systemctl restart 'postgresql@15-hub'`,
    'postgresql settings in force',
  ],
  [
    'another address let in to PostgreSQL',
    'echo "host all all 0.0.0.0/0 trust" >>/etc/postgresql/15/hub/pg_hba.conf',
    'file /etc/postgresql/15/hub/pg_hba.conf',
  ],
  [
    'a unit of ours loosened',
    'sed -i /^ProtectHome/d /etc/systemd/system/hub-secrets.service',
    'file /etc/systemd/system/hub-secrets.service',
  ],
  ['a file removed', 'rm /etc/fail2ban/jail.d/zz-hub.local', 'file /etc/fail2ban/jail.d/zz-hub.local'],
];

it('the service’s own secret opens the database, and is for its user alone', async () => {
  const file = '/run/smart-ai-hub/secrets/core-service/core-database-url';
  expect(await guest.run(['stat', '-c', '%a %U', file])).toBe('400 hub');
  const ask = `psql "$(cat ${file})" -XqAtc 'SELECT current_user'`;
  expect(await guest.run(['setpriv', '--reuid=hub', '--clear-groups', '--reset-env', 'sh', '-c', ask])).toBe(
    'hub_core',
  );
});

it('a second apply has nothing to do, in under 10 s', async () => {
  const start = performance.now();
  expect(await operator.hubctl(['plan'])).toMatchObject({ code: 0, said: '✓ one: nothing to do\n' });
  const seconds = (performance.now() - start) / 1000;
  figure('nothing to do', `${seconds.toFixed(1)} s`, 'under 10 s');
  expect(seconds).toBeLessThan(10);
});

it('each of a dozen changes by hand is found by its name, and mended', async () => {
  for (const [what, how, found] of BY_HAND) {
    await shell(how);
    const { code, said } = await operator.hubctl(['drift']);
    expect([what, code, said.split('\n')]).toEqual([what, 2, expect.arrayContaining([`one: ${found}`])]);
    await operator.converge();
    expect([what, await operator.hubctl(['drift'])]).toMatchObject([what, { code: 0, said: 'no drift\n' }]);
  }
  figure('changes by hand, found and mended', BY_HAND.length, 'all');
}, 400_000);

it('all of them at once are found and mended in one apply', async () => {
  for (const [, how] of BY_HAND) await shell(how);
  const { said } = await operator.hubctl(['drift']);
  const missed = BY_HAND.map(([, , found]) => found).filter((found) => !said.includes(`one: ${found}\n`));
  expect(missed).toEqual([]);
  await operator.converge();
  expect(await operator.hubctl(['drift'])).toMatchObject({ code: 0 });
}, 200_000);
