import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fail, run } from './run.mjs';

/** What tests and benchmarks call and npm cannot bring: any of the files, or else the Debian package. */
const KNOWN = [
  { package: 'redis-server', any: onPath('redis-server') },
  { package: 'wrk', any: onPath('wrk') },
  { package: 'postgresql-15', any: ['/usr/lib/postgresql/15/bin/pgbench'] },
  { package: 'nginx', any: [...onPath('nginx'), '/usr/sbin/nginx'] },
  // Servers as guests in Docker, and what stands around them.
  { package: 'docker.io', any: [...onPath('dockerd'), '/usr/sbin/dockerd'] },
  { package: 'mmdebstrap', any: onPath('mmdebstrap') },
  { package: 'dnsmasq-base', any: [...onPath('dnsmasq'), '/usr/sbin/dnsmasq'] },
  { package: 'pebble', any: onPath('pebble') },
  { package: 'nmap', any: onPath('nmap') },
  { package: 'testssl.sh', any: ['testssl', 'testssl.sh'].flatMap(onPath) },
  { package: 'openssl', any: onPath('openssl') },
  { package: 'openssh-client', any: onPath('ssh') },
  { package: 'age', any: onPath('age') },
  { package: 'gpg', any: onPath('gpg') },
  {
    package: 'chromium-headless-shell',
    any: ['chromium-headless-shell', 'chromium', 'google-chrome'].flatMap(onPath),
  },
  // Without them Chromium draws boxes for Thai, and nothing at all on a bare machine.
  { package: 'fonts-thai-tlwg', any: ['/usr/share/fonts/truetype/tlwg', '/usr/share/fonts/opentype/tlwg'] },
  {
    package: 'fonts-liberation',
    any: ['/usr/share/fonts/truetype/liberation', '/usr/share/fonts/truetype/dejavu'],
  },
];

/** Keeps apt from starting what it installs: the tests start their own, on free ports. */
const POLICY = '/usr/sbin/policy-rc.d';

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
}

const FOR_TESTS = [
  ...['redis-server', 'nginx', 'openssh-client', 'openssl', 'age', 'gpg'],
  ...['chromium-headless-shell', 'fonts-thai-tlwg', 'fonts-liberation'],
];

/** What guests are made from and looked at with. */
export const FOR_GUESTS = [
  ...['docker.io', 'mmdebstrap', 'dnsmasq-base', 'pebble', 'nmap', 'openssl', 'openssh-client'],
  'testssl.sh',
];

/** Installs the Debian packages that this machine lacks; throws one line where it may not. */
export async function ensureSystemPackages(wanted = FOR_TESTS) {
  const missing = KNOWN.filter((known) => wanted.includes(known.package)).filter(
    ({ any }) => !any.some((path) => existsSync(path)),
  );
  if (missing.length === 0) return;
  const names = missing.map((need) => need.package);
  const isRoot = process.getuid?.() === 0;
  const canInstall = existsSync('/usr/bin/apt-get') && (isRoot || existsSync('/usr/bin/sudo'));
  if (!canInstall) throw new Error(`this needs ${names.join(', ')}; please install what is missing`);
  console.log(`installing ${names.join(', ')} …`);
  await install(names, isRoot ? [] : ['sudo', '-n', '--']);
}

async function install(names, asRoot) {
  const root = (...command) => {
    const [program, ...args] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
    return run(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  await root('apt-get', 'update', '-qq');
  const holds = !existsSync(POLICY);
  if (holds) await holdServices(root);
  try {
    await root('apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...names);
  } finally {
    if (holds) await root('rm', '-f', POLICY);
  }
}

async function holdServices(root) {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  await writeFile(join(folder, 'policy'), '#!/bin/sh\nexit 101\n');
  await root('install', '-m', '755', join(folder, 'policy'), POLICY);
  await rm(folder, { recursive: true });
}

if (import.meta.url === `file://${process.argv[1]}`) await ensureSystemPackages().catch(fail);
