import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../machine/told.fixture.ts';
import { factsOf, requireSupported } from '../resources/facts.ts';
import { bare, FACTS, resourcesOn, REST } from './bare-host.fixture.ts';

const GOLDEN = join(import.meta.dirname, '../../test/golden');

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
