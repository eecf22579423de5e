import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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
import { startDns } from './dns.ts';
import { figure, printFigures, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

/** What somebody who waits before a shut door may be asked. */
const PATIENCE_SECONDS = 180;

let guest: Guest;
let operator: Operator;
let connection: Connection;
let keys: readonly string[];

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  operator = await untilEnd(operatorOf(guest));
  keys = [await guest.run(['cat', '/root/.ssh/authorized_keys'])];
  const host = { name: 'one', address: guest.address.v4, port: 22, user: 'deploy', firstUser: 'root' };
  const enter = () => connect({ ...host, timeZone: 'Etc/UTC' }, operator.sshConfig);
  const first = await enter();
  const report = await applyTo(first, accessResources(first));
  expect(report).toMatchObject({ left: [] });
  expect(report.failed).toBeUndefined();
  await first.close();
  connection = await enter();
  expect(connection.user).toBe('deploy');
});
afterAll(async () => {
  printFigures();
  await connection.close();
  await endAll();
});

/** Of all that a machine shall be, what lets an operator in and keeps others out. */
function accessResources({ operator: address, sshdPort }: Connection): Resource[] {
  const { environments } = readConfig(exampleFile(), 'example');
  const { staging } = environments;
  const [host] = staging?.hosts ?? [];
  if (!staging || !host) throw new Error('the example has no host');
  const facts = factsOf('os=debian\nrelease=12\ncontainer=docker\nsystemd=running\n');
  const environment = { ...staging, operators: { ...staging.operators, keys: [...keys] } };
  const all = hostResources(environment, host, { facts, operator: address, sshdPort });
  const until = all.findIndex(({ id }) => id === 'firewall ufw');
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
    () => access('deploy', keys, 'usr/bin/true, /bin/sh -s', []),
    /visudo .*ended with 1\. It was undone\./,
  ],
  [
    'sudo taken away',
    () => access('deploy', keys, '/usr/bin/nothing', []),
    /may not become root.* The machine undoes it by itself within 120 s\./,
  ],
  [
    'keys of somebody else',
    () => access('deploy', [OTHER_KEY], '/usr/bin/true, /bin/sh -s', []),
    /refused your key.* It was undone\./,
  ],
];

/** Resolves when a new connection becomes root. */
const letIn = () => vi.waitFor(connection.knock, { timeout: PATIENCE_SECONDS * 1000, interval: 1000 });

it.each(MISTAKES)(
  '%s: the operator is let in again, and reads why',
  async (name, mistake, says) => {
    const { seconds, value: report } = await timed(async () => {
      const made = await applyTo(connection, [{ ...mistake(), after: [] }]);
      await letIn();
      return made;
    });
    figure(`${name}: access after`, `${seconds.toFixed(0)} s`, `< ${PATIENCE_SECONDS} s`);
    expect(report.failed?.says).toMatch(says);
    expect(seconds).toBeLessThan(PATIENCE_SECONDS);
    expect(await makePlan(connection.machine, accessResources(connection))).toMatchObject({ steps: [] });
  },
  240_000,
);

it('where hubctl is gone in the middle, the machine lets its operator in by itself', async () => {
  const { machine } = connection;
  let changes = 0;
  // Armed, changed, and then nobody is there who could undo it.
  const dying = {
    ...machine,
    change: (commands: Parameters<typeof machine.change>[0]) => {
      changes += 1;
      return changes > 2 ? Promise.reject(new Error('killed')) : machine.change(commands);
    },
  };
  const knock = () => Promise.reject(new Error('killed'));
  const start = performance.now();
  await expect(applyTo({ machine: dying, knock }, [firewall([80, 443], [])])).rejects.toThrow('killed');
  await expect(connection.knock()).rejects.toThrow('does not answer');
  await letIn();
  const seconds = (performance.now() - start) / 1000;
  figure('hubctl gone in the middle: access after', `${seconds.toFixed(0)} s`, `< ${PATIENCE_SECONDS} s`);
  expect(seconds).toBeLessThan(PATIENCE_SECONDS);
}, 300_000);
