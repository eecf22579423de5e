import { describe, expect, test } from 'vitest';
import { wordsOf } from '../machine/told.fixture.ts';
import { emptyGroup } from '../resources/empty-group.ts';
import { docker } from './docker.ts';
import { template } from './template.ts';

const said = (stdout: string) => [{ code: 0, stdout, stderr: '' }];
const firewall = docker(['docker.io'], []).find(({ id }) => id === 'firewall docker');
const rules = template('docker/rules')
  .split('\n')
  .filter((line) => line.startsWith('-A'))
  .join('\n');

describe('lesson 19: what containers publish', () => {
  /** As iptables 1.8 on Debian 12 prints it, once Docker has added its own rule. */
  const chain = `-N DOCKER-USER\n${rules}\n-A DOCKER-USER -j RETURN\n`;

  test('is shut where our rules come first, of both families', () => {
    expect(firewall?.compare(said(`iptables\n${chain}ip6tables\n${chain}`))).toBeUndefined();
  });

  test.each([
    ['is not there', 'iptables\nip6tables\n', 2],
    ['lets everything in', 'iptables\n-N DOCKER-USER\n-A DOCKER-USER -j RETURN\nip6tables\n', 2],
    [
      'has a rule before ours',
      `iptables\n-N DOCKER-USER\n-A DOCKER-USER -p tcp -j RETURN\n${rules}\nip6tables\n${chain}`,
      1,
    ],
  ])('is shut again where the chain %s', (_, found, families) => {
    const change = firewall?.compare(said(found));
    expect(change?.lines).toHaveLength(families);
    expect(change?.commands.map(wordsOf)).toEqual([
      'systemctl reload-or-restart -- hub-docker-firewall.service',
    ]);
  });

  test('is shut before Docker is installed', () => {
    const ids = docker(['docker.io'], []).map(({ id }) => id);
    expect(ids.indexOf('firewall docker')).toBeLessThan(ids.indexOf('packages docker'));
  });
});

test('whoever is in Docker’s group leaves it', () => {
  const group = emptyGroup('docker', []);
  expect(group.compare(said('\n'))).toBeUndefined();
  expect(group.compare(said('deploy,ann\n'))?.commands.map(wordsOf)).toEqual([
    'gpasswd -d deploy docker',
    'gpasswd -d ann docker',
  ]);
});
