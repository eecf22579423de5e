import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDns } from './dns.ts';
import { type Guest, startGuest } from './guest.ts';
import { FEW, openPorts } from './scan.ts';
import { ssh } from './ssh.ts';
import { endAll, untilEnd } from './until-end.ts';

let guest: Guest;

beforeAll(async () => {
  await untilEnd(startDns());
  guest = await untilEnd(startGuest());
});
afterAll(endAll);

describe('a bare guest', () => {
  it('is a booted Debian 12 with no unit that failed', async () => {
    expect(await guest.run(['systemctl', 'is-system-running'])).toBe('running');
    expect(await guest.run(['cat', '/etc/os-release'])).toContain('VERSION_ID="12"');
    expect(await guest.run(['cat', '/proc/1/comm'])).toBe('systemd');
  });

  it('lets root in by the key, at loopback and at its own addresses, and asks for passwords otherwise', async () => {
    for (const host of [guest.ssh.host, guest.address.v4, guest.address.v6])
      expect(await ssh({ ...guest.ssh, host }, 'id -u')).toMatchObject({ code: 0, stdout: '0\n' });
    const stranger = await ssh({ ...guest.ssh, identity: '/dev/null' }, 'id -u');
    expect(stranger).toMatchObject({ code: 255, stdout: '' });
    expect(stranger.stderr).toContain('Permission denied (publickey,password)');
  });

  it('has files of its own where Docker mounts some', async () => {
    for (const path of ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'])
      await guest.run(['mv', path, `${path}.moved`]).then(() => guest.run(['mv', `${path}.moved`, path]));
    expect(await guest.run(['hostname', '--fqdn'])).toBe(guest.name);
  });

  it('is not the next guest: host keys and addresses differ, and each reaches the other', async () => {
    await using other = await startGuest();
    const fingerprint = (of: Guest) => of.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    expect(await fingerprint(other)).not.toBe(await fingerprint(guest));
    expect((await ssh({ ...guest.ssh, host: other.ssh.host }, 'true')).stderr).toContain('Host key');
    await other.run(['bash', '-c', `exec 3<> "/dev/tcp/$0/22"`, guest.address.v4]);
  });

  it('gets packages as this machine does', async () => {
    await guest.run(['apt-get', 'update', '--quiet=2'], { timeoutMs: 110_000 });
    expect(await guest.run(['apt-cache', 'policy', 'nginx'])).toMatch(/Candidate: \d/);
  });

  it('shows the outside what listens, and nothing else, v4 and v6', async () => {
    expect(await openPorts(guest.address, FEW)).toEqual({ v4: [22], v6: [22] });
    const listen = ['systemd-socket-activate', '--listen=8080', '/bin/cat'];
    await guest.run(['systemd-run', '--unit=door', ...listen]);
    await expect
      .poll(() => openPorts(guest.address, FEW), { timeout: 60_000 })
      .toEqual({ v4: [22, 8080], v6: [22, 8080] });
  });
});
