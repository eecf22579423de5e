import { describe, expect, test } from 'vitest';
import { command } from '../commands/command.ts';
import { reviveSshd } from '../commands/ssh-server.ts';
import { bans } from '../host/bans.ts';
import { sshServer } from '../host/access.ts';
import { wordsOf } from '../machine/told.fixture.ts';
import { timeZone } from './clock.ts';
import { firewall } from './firewall.ts';
import { kernelSettings, swap } from './kernel.ts';
import { packages } from './packages.ts';
import type { Resource } from './resource.ts';
import { service } from './service.ts';
import { noStrangers } from './strangers.ts';
import { access, user } from './user.ts';

const said = (...texts: string[]) => texts.map((stdout) => ({ code: 0, stdout, stderr: '' }));
const lines = (resource: Resource, ...texts: string[]) =>
  resource.compare(said(...texts))?.lines.map(({ sign, text }) => `${sign} ${text}`) ?? [];
const commands = (resource: Resource, ...texts: string[]) =>
  resource.compare(said(...texts))?.commands.map(wordsOf) ?? [];

describe('packages', () => {
  const base = packages('base', ['ufw', 'sudo', 'redis-server']);

  test('lesson 20: what another package is in the way of is not installed, unless that may be replaced', () => {
    const install = (mayReplace: boolean) =>
      commands(packages('docker', ['docker.io'], [], { mayReplace }), '')
        .at(-1)
        ?.includes(' --no-remove ');
    expect([install(false), install(true)]).toEqual([true, false]);
  });

  test('missing and half-installed ones are installed, others left', () => {
    const found = 'ufw installed\nsudo half-configured\n';
    expect(lines(base, found)).toEqual(['~ sudo: half-configured → installed', '+ redis-server']);
    expect(commands(base, found).at(-1)).toMatch(
      /^env DEBIAN_FRONTEND=noninteractive .* install .* -- sudo redis-server$/,
    );
    expect(lines(base, 'ufw installed\nsudo installed\nredis-server installed\n')).toEqual([]);
  });
});

/** As ufw 0.36 on Debian 12 answered. */
const UFW = `IPV6=yes
DEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"
DEFAULT_FORWARD_POLICY="DROP"
ENABLED=yes
LOGLEVEL=low
Added user rules (see 'ufw status' for running firewall):
ufw allow 22/tcp
ufw allow 443/tcp
Status: active
`;

describe('the firewall', () => {
  const ours = firewall([22, 443], []);

  test('is right when it lets in these ports and is on', () => {
    expect(lines(ours, UFW)).toEqual([]);
  });

  test('opens before it shuts', () => {
    const found = `${UFW.replace('ufw allow 22/tcp\n', '')}ufw allow from 192.0.2.1 to any port 5432 proto tcp comment 'my db'\n`;
    expect(lines(ours, found)).toEqual([
      '+ allow 22/tcp',
      "- allow from 192.0.2.1 to any port 5432 proto tcp comment 'my db'",
    ]);
    expect(commands(ours, found).slice(1, 3)).toEqual([
      'ufw allow 22/tcp',
      'ufw --force delete allow from 192.0.2.1 to any port 5432 proto tcp',
    ]);
  });

  test.each([
    [UFW.replace('active', 'inactive'), '~ off → on', 'ufw --force enable'],
    [UFW.replace('ENABLED=yes', 'ENABLED=no'), '~ off → on', 'ufw --force enable'],
    [UFW.replace('IPV6=yes', 'IPV6=no'), '~ IPv6 is filtered too', 'ufw reload'],
    [UFW.replace('"DROP"', '"ACCEPT"'), '~ deny what comes in', 'ufw reload'],
  ])('is put right where it is off or too open', (found, line, last) => {
    expect(lines(ours, found)).toEqual([line]);
    expect(commands(ours, found).at(-1)).toBe(last);
  });

  test('is put back as it was when the operator is locked out', () => {
    const revert = (found: string) => ours.compare(said(found))?.revert;
    expect(revert('')?.commands).toEqual([command('ufw', '--force', 'disable')]);
    expect(revert(UFW.replace('443', '444'))?.commands).toEqual([command('ufw', 'reload')]);
    expect(revert('')?.files).toContain('/etc/ufw/user6.rules');
  });
});

describe('services', () => {
  const unit = (enabled: string, active: string) =>
    `LoadState=loaded\nUnitFileState=${enabled}\nActiveState=${active}\n`;

  test.each([
    ['enabled', 'active', []],
    ['static', 'active', []],
    ['disabled', 'active', ['~ disabled, active → enabled, active']],
    ['enabled', 'failed', ['~ enabled, failed → enabled, active']],
  ])('%s and %s', (enabled, active, expected) => {
    expect(lines(service('x.service', []), unit(enabled, active))).toEqual(expected);
  });

  test('one that need not run now is only enabled', () => {
    const resource = service('x.service', [], { running: false });
    expect(lines(resource, unit('enabled', 'inactive'))).toEqual([]);
    expect(commands(resource, 'LoadState=not-found\n')).toEqual(['systemctl enable -- x.service']);
  });
});

describe('people', () => {
  const [account] = user('deploy');
  if (!account) throw new Error('no account');

  test('the user of hubctl has a shell and no password', () => {
    expect(commands(account, '')).toEqual([
      'useradd --create-home --user-group --shell /bin/bash --password * -- deploy',
    ]);
    expect(lines(account, 'deploy:x:1000:1000::/home/deploy:/bin/bash\n')).toEqual([]);
    expect(commands(account, 'deploy:x:1000:1000::/home/deploy:/bin/sh\n')).toEqual([
      'usermod --shell /bin/bash -- deploy',
    ]);
  });

  test('keys and sudo are one change, and undone together', () => {
    const resource = access('deploy', ['ssh-ed25519 AAAA me'], '/usr/bin/true', []);
    const there =
      'regular file|440|root|root\nsettled\n# Made by hubctl.\ndeploy ALL=(root) NOPASSWD: /usr/bin/true\n';
    const keys = 'regular file|600|deploy|deploy\nsettled\nssh-ed25519 AAAA me\n';
    expect(lines(resource, there, keys)).toEqual([]);
    expect(lines(resource, there, `${keys}ssh-ed25519 BBBB mallory\n`)).toEqual([
      '~ file /home/deploy/.ssh/authorized_keys',
      '- ssh-ed25519 BBBB mallory',
    ]);
    expect(resource.compare(said('missing\nsettled\n', 'missing\nsettled\n'))?.revert?.files).toEqual([
      '/etc/sudoers.d/hub',
      '/home/deploy/.ssh/authorized_keys',
    ]);
  });

  test('others who may sign in are locked, and keep what is theirs', () => {
    const others = noStrangers('deploy', []);
    expect(lines(others, '')).toEqual([]);
    expect(commands(others, 'mallory\n')).toEqual([
      'usermod --lock --expiredate 1 --shell /usr/sbin/nologin -- mallory',
    ]);
  });
});

describe('sshd', () => {
  const server = sshServer('deploy');
  const written = server.compare(said('missing\nsettled\n', ''))?.commands[0]?.stdin ?? '';
  const file = `regular file|644|root|root\nsettled\n${written}`;
  const inForce =
    'permitrootlogin no\npasswordauthentication no\nkbdinteractiveauthentication no\npubkeyauthentication yes\n';

  test('is right when the file is, and nothing else is stronger', () => {
    expect(lines(server, file, inForce)).toEqual([]);
    expect(lines(server, file, inForce.replace('no', 'yes'))).toEqual([
      '~ in force: permitrootlogin yes → no',
    ]);
    expect(server.compare(said(file, ''))?.revert?.files).toEqual(['/etc/ssh/sshd_config']);
    // One that could not bind its address is dead, and a reload alone leaves it so.
    for (const found of [said('missing\nsettled\n', inForce), said(file, '')])
      expect(server.compare(found)?.revert?.commands).toEqual([reviveSshd]);
  });

  test('was cut off before it was reloaded, and is reloaded', () => {
    const pending = file.replace('settled', 'pending');
    expect(lines(server, pending, inForce)).toEqual(['~ changed before, and not in force yet']);
    expect(commands(server, pending, inForce)[0]).toBe('systemctl try-reload-or-restart -- ssh.service');
  });
});

describe('bans', () => {
  const ours = (operator: string, never = ['198.51.100.0/24']) => bans({ never, operator, sshdPort: 22 }, []);
  const contentOf = (resource: Resource, ...texts: string[]) =>
    resource.compare(said(...texts))?.commands[0]?.stdin ?? '';
  const asFile = (content: string) => `regular file|644|root|root\nsettled\n${content}`;

  test('spare the operators and where hubctl comes from', () => {
    const content = contentOf(ours('203.0.113.9'), 'missing\nsettled\n');
    expect(content).toContain('\nignoreip = 127.0.0.1/8 ::1 198.51.100.0/24 203.0.113.9\n');
    expect(content).toContain('\nbackend = systemd\n');
    // What the kernel says of the sender, not what is read from a process that may be gone.
    expect(content).toMatch(/^journalmatch = _UID=0 SYSLOG_IDENTIFIER=sshd \+ /m);
    expect(contentOf(ours('198.51.100.7'), 'missing\nsettled\n')).toContain('# seen: nobody\n');
    expect(contentOf(ours('2001:db8::1'), 'missing\nsettled\n')).toContain(' 2001:db8::1\n');
  });

  test('another place alone is no reason to write them anew; when they are, both places stay', () => {
    const first = asFile(contentOf(ours('203.0.113.9'), 'missing\nsettled\n'));
    expect(lines(ours('203.0.113.10'), first)).toEqual([]);
    const wider = ours('203.0.113.10', ['192.0.2.0/24']);
    expect(contentOf(wider, first)).toContain('192.0.2.0/24 203.0.113.9 203.0.113.10\n');
    expect(lines(wider, asFile(contentOf(wider, first)))).toEqual([]);
  });
});

describe('the machine itself', () => {
  test('its time zone counts where it is linked and where it is written', () => {
    const resource = timeZone('Etc/UTC', []);
    expect(lines(resource, '/usr/share/zoneinfo/Etc/UTC\nEtc/UTC\n')).toEqual([]);
    expect(lines(resource, '/usr/share/zoneinfo/Asia/Bangkok\nEtc/UTC\n')).toEqual([
      '~ Asia/Bangkok → Etc/UTC',
    ]);
    expect(lines(resource, 'Etc/UTC\n')).toEqual(['~ Etc/UTC → Etc/UTC']);
  });

  test('its swap has its size, is used, and will be', () => {
    expect(lines(swap(1), '1048576\n1\n1\n')).toEqual([]);
    expect(lines(swap(1), '1048576\n0\n1\n')).toEqual(['~ 1 MB, not used → 1 MB']);
    expect(lines(swap(0), '0\n0\n0\n')).toEqual([]);
    expect(commands(swap(0), '1048576\n1\n1\n')[0]).toMatch(/ \/swapfile 0$/);
  });

  test('settings of its kernel count where they are in force', () => {
    const resource = kernelSettings({ isContainer: false });
    const content = resource.compare(said('missing\nsettled\n', ''))?.commands[0]?.stdin ?? '';
    const file = `regular file|644|root|root\nsettled\n${content}`;
    expect(lines(resource, file, content)).toEqual([]);
    expect(lines(resource, file, content.replace('swappiness = 10', 'swappiness = 60'))).toEqual([
      '~ in force: vm.swappiness 60 → 10',
    ]);
  });
});
