import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker } from '../../src/host/docker.ts';
import { systemOf } from '../../src/host/systems.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { firewall } from '../../src/resources/firewall.ts';
import { packages } from '../../src/resources/packages.ts';
import { call } from './call.ts';
import { startDns } from './dns.ts';
import { figure } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { driftOf, inside, makeSo } from './inside.ts';
import { FEW, openPorts } from './scan.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

const names = systemOf({ os: 'debian', release: '12' }).docker;
const BASE = 'packages base';
const resources = [
  packages('base', ['ufw', 'iptables']),
  firewall([22, 80, 443], [BASE]),
  ...docker(names, [BASE]),
];

let guest: Guest;
let machine: Machine;

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage(), { engine: true }));
  machine = inside(guest);
  await makeSo(machine, resources);
  const install = ['apt-get', 'install', '--yes', '--quiet=2', 'busybox-static'];
  await guest.run(['env', 'DEBIAN_FRONTEND=noninteractive', ...install]);
  // One static program is an image that needs no registry.
  await guest.run(['sh', '-c', 'tar -C / -c bin/busybox | docker import - box']);
  // In nginx' place.
  const listen = ['systemd-socket-activate', '--listen=80', '--listen=443', '/bin/cat'];
  await guest.run(['systemd-run', '--unit=doors', '--property=Restart=always', ...listen]);
});
afterAll(endAll);

/** A web server in a container, published as `docker run` and networks let it be. */
const serve = (name: string, ...options: string[]) =>
  guest.run([
    ...['docker', 'run', '--detach', '--name', name, ...options, 'box'],
    ...['/bin/busybox', 'httpd', '-f', '-p', '8080'],
  ]);

/** It has no page: an answer of any kind is life. */
const GET = "printf 'GET / HTTP/1.0\\r\\n\\r\\n'";
const NO_PAGE = 'HTTP/1.1 404 Not Found';

const answerAt = async (port: number) => {
  const talk = `exec 3<>/dev/tcp/127.0.0.1/${port} && ${GET} >&3 && head -n 1 <&3`;
  return (await guest.attempt(['timeout', '5', 'bash', '-c', talk])).stdout.trim();
};

it('lesson 19: what containers publish is not open to the outside, v4 and v6, and reaches the machine itself', async () => {
  await guest.run(['docker', 'network', 'create', 'own']);
  await serve('plain', '--publish', '8081:8080');
  await serve('wide', '--publish', '0.0.0.0:8082:8080');
  await serve('both', '--publish', '0.0.0.0:8083:8080', '--publish', '[::]:8083:8080', '--network', 'own');
  for (const port of [8081, 8083]) await expect.poll(() => answerAt(port), { timeout: 20_000 }).toBe(NO_PAGE);
  const open = await openPorts(guest.address);
  figure(
    'open TCP ports with three published containers',
    `v4 ${open.v4.join(' ')}, v6 ${open.v6.join(' ')}`,
    '22 80 443',
  );
  expect(open).toEqual({ v4: [22, 80, 443], v6: [22, 80, 443] });
  const published = await guest.run([
    'docker',
    'inspect',
    '--format',
    '{{json .NetworkSettings.Ports}}',
    'plain',
  ]);
  expect(published).toContain('"HostIp":"127.0.0.1"');
});

it('lets containers reach each other', async () => {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = await guest.run(['docker', 'inspect', '--format', format, 'both']);
  const ask = ['docker', 'run', '--rm', '--interactive', '--network', 'own', 'box', '/bin/busybox', 'nc'];
  expect(await guest.run([...ask, address, '8080'], { input: 'GET / HTTP/1.0\r\n\r\n' })).toContain(NO_PAGE);
});

it('a hole that somebody makes is found by its name, and mended', async () => {
  await guest.run(['iptables', '-I', 'DOCKER-USER', '-j', 'RETURN']);
  expect((await openPorts(guest.address, FEW)).v4).toEqual([22, 80, 443, 8082, 8083]);
  await guest.run(['useradd', 'mallory']);
  await guest.run(['usermod', '-aG', 'docker', 'mallory']);
  expect(await driftOf(machine, resources)).toEqual(['firewall docker', 'nobody in group docker']);
  await makeSo(machine, resources);
  expect(await openPorts(guest.address, FEW)).toEqual({ v4: [22, 80, 443], v6: [22, 80, 443] });
});

it('is shut after a power cut and after Docker’s own restart', async () => {
  await guest.run(['docker', 'update', '--restart', 'always', 'wide', 'both']);
  await guest.cutPower();
  await guest.start();
  await guest.run(['systemctl', 'restart', 'docker.service']);
  await expect.poll(() => answerAt(8083), { timeout: 30_000 }).toBe(NO_PAGE);
  expect(await openPorts(guest.address, FEW)).toEqual({ v4: [22], v6: [22] });
  expect(await driftOf(machine, resources)).toEqual([]);
});

it('has Compose that reads the platform’s own file, and a unit that may do little', async () => {
  figure('Compose', await guest.run(['docker-compose', 'version', '--short']), 'reads our file');
  const file = join(import.meta.dirname, '../../../docker-compose.prod.yml');
  await call('docker', ['cp', file, `${guest.name}:/root/docker-compose.prod.yml`]);
  const settings = ['REGISTRY=registry.example.com', 'TAG=1', 'PUBLIC_URL=https://hub.example.com'];
  const config = ['docker-compose', '--file', '/root/docker-compose.prod.yml', 'config', '--services'];
  const services = await guest.run(['env', ...settings, ...config]);
  expect(services.split('\n')).toEqual(expect.arrayContaining(['api-gateway', 'core-service', 'migrate']));
  const judged = await guest.run([
    'systemd-analyze',
    'security',
    '--no-pager',
    'hub-docker-firewall.service',
  ]);
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(judged)?.[1]);
  figure('exposure of hub-docker-firewall.service', exposure, '≤ 2.0');
  expect(exposure).toBeLessThanOrEqual(2);
  await guest.run(['systemd-analyze', 'verify', 'hub-docker-firewall.service']);
});
