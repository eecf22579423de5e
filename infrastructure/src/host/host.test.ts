import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../commands/command.ts';
import { exampleFile } from '../config/annotate.ts';
import { environmentOf, readConfig } from '../config/read.ts';
import { wordsOf } from '../machine/told.fixture.ts';
import { factsOf, requireSupported } from '../resources/facts.ts';
import { ordered } from '../resources/order.ts';
import { Secret } from '../secrets/secret.ts';
import { hostResources } from './host.ts';

const environment = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
const [host] = environment.hosts;
const GOLDEN = join(import.meta.dirname, '../../test/golden');

/** As these systems answered, or for those that could not be booted here, as their os-release(5) says. */
const FACTS = {
  'debian-12': 'os=debian\nrelease=12\n',
  'debian-13': 'os=debian\nrelease=13\n',
  'ubuntu-22.04': 'os=ubuntu\nrelease=22.04\n',
  'ubuntu-24.04': 'os=ubuntu\nrelease=24.04\n',
};
const REST = `architecture=x86_64\ncores=4\nmemory=8589934592\nfree=75161927680\nclock=1795000000
systemd=running\napt=/usr/bin/apt-get\nlistening=22 \n`;

const password = new Secret('canary-of-an-engine');
const names = ['hub_migrator', 'hub_auth', 'hub_core'];
const ACCOUNTS = {
  postgres: new Map(names.map((name) => [name, password])),
  redis: new Map([['hub', password]]),
};
const DELIVERY = { service: 'core-service', user: 'hub', name: 'token', value: new Secret('canary') };

const resourcesOn = (text: string) => {
  if (!host) throw new Error('the example has no host');
  const facts = factsOf(text + REST);
  requireSupported(facts, host.name);
  const situation = {
    facts,
    operator: '198.51.100.7',
    sshdPort: 22,
    deliveries: [DELIVERY],
    accounts: ACCOUNTS,
  };
  return ordered(hostResources(environment, host, situation));
};

/** What a machine answers where nothing of it is there yet. */
const bare = ({ argv }: Command) => {
  const isFile = argv.join(' ').includes('echo missing');
  return { code: isFile ? 0 : 1, stdout: isFile ? 'missing\nsettled\n' : '', stderr: '' };
};

describe('what is done to a bare machine', () => {
  test.each(Object.entries(FACTS))('%s: these commands, word for word', async (name, text) => {
    const steps = resourcesOn(text).flatMap((resource) => {
      const change = resource.compare(resource.reads.map(bare));
      return change
        ? [`# ${resource.id} (${resource.class})\n${change.commands.map(wordsOf).join('\n')}\n`]
        : [];
    });
    await expect(steps.join('\n')).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });

  test('lets the operator in before others are kept out', () => {
    const ids = resourcesOn(FACTS['debian-12']).map(({ id }) => id);
    const order = [
      'packages base',
      'access deploy',
      'file /etc/ssh/sshd_config.d/00-hub.conf',
      'firewall ufw',
    ];
    expect(ids.filter((id) => order.includes(id))).toEqual(order);
    expect(ids.indexOf('no strangers')).toBeGreaterThan(ids.indexOf('access deploy'));
  });
});

test('in a container, the kernel and its swap are left alone', () => {
  const resources = resourcesOn(`container=docker\n${FACTS['debian-12']}`);
  expect(resources.map(({ id }) => id)).not.toContain('swap /swapfile');
  const kernel = resources.find(({ id }) => id === 'file /etc/sysctl.d/60-hub.conf');
  expect(kernel?.compare(kernel.reads.map(bare))?.commands).toHaveLength(1);
});

test.each([
  ['os=debian\nrelease=11\n', 'staging-1 runs debian 11'],
  ['os=alpine\nrelease=3.20\n', 'staging-1 runs alpine 3.20'],
  ['systemd=\nos=debian\nrelease=12\n', 'runs debian 12'],
])('a system that nothing was made for is refused: %j', (text, says) => {
  const refuse = () => requireSupported(factsOf(text.includes('systemd') ? text : text + REST), 'staging-1');
  expect(refuse).toThrow(says);
});
