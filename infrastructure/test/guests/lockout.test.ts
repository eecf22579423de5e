import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { exampleFile } from '../../src/config/annotate.ts';
import { readConfig } from '../../src/config/read.ts';
import { reviveSshd } from '../../src/commands/ssh-server.ts';
import { reloadIfActive } from '../../src/commands/systemd.ts';
import { hostResources } from '../../src/host/host.ts';
import { connect, type Connection } from '../../src/machine/connect.ts';
import { applyPlan, type Report } from '../../src/resources/apply.ts';
import { file } from '../../src/resources/file.ts';
import { firewall } from '../../src/resources/firewall.ts';
import { factsOf } from '../../src/resources/facts.ts';
import { makePlan } from '../../src/resources/plan.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { access } from '../../src/resources/user.ts';
import { attempt } from './call.ts';
import { startDns } from './dns.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { FACTS, warmImage } from './warm.ts';

/** What somebody who waits before a shut door may be asked. */
const PATIENCE_SECONDS = 180;

/** A hardened guest as an image: each mistake is made on one of its own, so that they can be waited for together. */
const HARDENED = 'smart-ai-hub-guest:hardened';

beforeAll(async () => {
  // For packages alone: other files go on while these guests wait.
  await using _dns = await startDns();
  await using guest = await startGuest(await warmImage());
  await using operator = await operatorOf(guest);
  const connection = await enter(guest, operator);
  const report = await applyTo(connection, accessResources(connection));
  await connection.close();
  expect(report).toMatchObject({ left: [] });
  expect(report.failed).toBeUndefined();
  await guest.snapshot(HARDENED);
});
afterAll(async () => {
  await endAll();
  await attempt('docker', ['image', 'rm', '--force', HARDENED]);
});

const enter = ({ address }: Guest, { sshConfig }: Operator): Promise<Connection> => {
  const users = { user: 'deploy', firstUser: 'root' };
  return connect({ name: 'one', address: address.v4, port: 22, ...users, timeZone: 'Etc/UTC' }, sshConfig);
};

/** A connection to a hardened guest of one’s own. */
async function place(): Promise<Connection & { letIn: () => Promise<void> }> {
  const guest = await untilEnd(startGuest(HARDENED));
  const connection = await enter(guest, await untilEnd(operatorOf(guest)));
  await untilEnd(Promise.resolve({ [Symbol.asyncDispose]: connection.close }));
  expect(connection.user).toBe('deploy');
  // Resolves when a new connection becomes root.
  const letIn = () => vi.waitFor(connection.knock, { timeout: PATIENCE_SECONDS * 1000, interval: 1000 });
  return { ...connection, letIn };
}

const keys = () => [readFileSync(`${inject('guests').key}.pub`, 'utf8').trim()];

/** Of all that a machine shall be, what lets an operator in and keeps others out. */
function accessResources({ operator, sshdPort }: Connection): Resource[] {
  const { environments } = readConfig(exampleFile(), 'example');
  const { staging } = environments;
  const [host] = staging?.hosts ?? [];
  if (!staging || !host) throw new Error('the example has no host');
  const facts = factsOf(FACTS);
  const environment = { ...staging, operators: { ...staging.operators, keys: keys() } };
  const all = hostResources(environment, host, { facts, operator, sshdPort });
  const until = all.findIndex(({ id }) => id === 'service fail2ban.service');
  return all.slice(0, until + 1);
}

async function applyTo(
  { machine, knock }: Pick<Connection, 'machine' | 'knock'>,
  resources: readonly Resource[],
): Promise<Report> {
  return applyPlan(await makePlan(machine, resources), { machine, knock });
}

const sshd = (line: string): Resource =>
  file({
    ...{ path: '/etc/ssh/sshd_config.d/01-mistake.conf', content: `${line}\n`, class: 'connectivity' },
    ...{ then: [reloadIfActive('ssh.service')], undo: [reviveSshd] },
  });

const OTHER_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJLkcbbRmjXnzIm2Ir3kq0hHqmH6oGWQq3n0vT1Wk9aB somebody@example.com';

const MISTAKES: readonly [name: string, mistake: () => Resource, says: RegExp][] = [
  ['a wrong port of sshd', () => sshd('Port 2222'), /does not answer.* It was undone\./],
  [
    'an sshd that does not start',
    () => sshd('ListenAddress 192.0.2.77'),
    /does not answer.* It was undone\./,
  ],
  ['a firewall without 22', () => firewall([80, 443], []), /does not answer.* It was undone\./],
  [
    'a typo in sudoers',
    () => access('deploy', keys(), 'usr/bin/true, /bin/sh -s', []),
    /visudo .*ended with 1\. It was undone\./,
  ],
  [
    'sudo taken away',
    () => access('deploy', keys(), '/usr/bin/nothing', []),
    /may not become root.* The machine undoes it by itself within 120 s\./,
  ],
  [
    'keys of somebody else',
    () => access('deploy', [OTHER_KEY], '/usr/bin/true, /bin/sh -s', []),
    /refused your key.* It was undone\./,
  ],
];

describe('lesson 19: what would lock the operator out', () => {
  it.concurrent.each(MISTAKES)(
    '%s: the operator is let in again, and reads why',
    async (name, mistake, says) => {
      const connection = await place();
      const { seconds, value: report } = await timed(async () => {
        const made = await applyTo(connection, [{ ...mistake(), after: [] }]);
        await connection.letIn();
        return made;
      });
      figure(`${name}: access after`, `${seconds.toFixed(0)} s`, `< ${PATIENCE_SECONDS} s`);
      expect(report.failed?.says).toMatch(says);
      expect(seconds).toBeLessThan(PATIENCE_SECONDS);
      expect(await makePlan(connection.machine, accessResources(connection))).toMatchObject({ steps: [] });
    },
    240_000,
  );

  it.concurrent(
    'where hubctl is gone in the middle, the machine lets its operator in by itself',
    async () => {
      const { machine, knock, letIn } = await place();
      let changes = 0;
      // Armed, changed, and then nobody is there who could undo it.
      const dying = {
        ...machine,
        change: (commands: Parameters<typeof machine.change>[0]) => {
          changes += 1;
          return changes > 2 ? Promise.reject(new Error('killed')) : machine.change(commands);
        },
      };
      const gone = () => Promise.reject(new Error('killed'));
      const start = performance.now();
      const applied = applyTo({ machine: dying, knock: gone }, [firewall([80, 443], [])]);
      await expect(applied).rejects.toThrow('killed');
      await expect(knock()).rejects.toThrow('does not answer');
      await letIn();
      const seconds = (performance.now() - start) / 1000;
      figure('hubctl gone in the middle: access after', `${seconds.toFixed(0)} s`, `< ${PATIENCE_SECONDS} s`);
      expect(seconds).toBeLessThan(PATIENCE_SECONDS);
    },
    300_000,
  );
});
