import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, startAuthority } from './authority.ts';
import { DOMAIN, startDns } from './dns.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';
import { openPorts } from './scan.ts';
import { ssh } from './ssh.ts';
import { judgeTls } from './testssl.ts';
import { endAll, untilEnd } from './until-end.ts';
import { visit, visitPlainly } from './visit.ts';
import { warmImage } from './warm.ts';

/** As long as public authorities give them today. */
const LIFETIME_SECONDS = 90 * 86_400;

let guest: Guest;
let operator: Operator;
let authority: Authority;
let ca: string;

beforeAll(async () => {
  const dns = await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  await dns.point(DOMAIN, guest.address);
  authority = await untilEnd(startAuthority({ dns, lifetimeSeconds: LIFETIME_SECONDS }));
  await authority.trustIn(guest);
  ca = authority.chain.root.toString();
  operator = await untilEnd(operatorOf(guest));
  await operator.configure({ certificates: { authorities: [authority.directory] } });
});
afterAll(endAll);

describe('a bare machine with a key for root', () => {
  it('answers by https with a certificate of the authority, in under five minutes', async () => {
    const { seconds } = await timed(async () => {
      expect(await operator.apply()).toMatchObject({
        code: 0,
        said: expect.stringContaining('changes made'),
      });
      for (const address of [guest.address.v4, guest.address.v6])
        expect(await visit(address, { ca })).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    });
    figure('bare machine to HTTPS 200, packages near', `${seconds.toFixed(0)} s`, '< 300 s');
    expect(seconds).toBeLessThan(300);
  }, 600_000);

  it('has nothing left to do, and knows it in ten seconds', async () => {
    const { seconds, value } = await timed(operator.apply);
    expect(value).toMatchObject({ code: 0, said: '✓ one: nothing to do\n' });
    figure('second apply, nothing to do', `${seconds.toFixed(1)} s`, '< 10 s');
    expect(seconds).toBeLessThan(10);
    expect(await operator.hubctl(['drift'])).toMatchObject({ code: 0, said: 'no drift\n' });
  });

  it('shows that the hub is being worked on, and leads from port 80 to https', async () => {
    const page = await visit(guest.address.v4, { ca, path: '/', headers: { accept: 'text/html' } });
    expect([page.status, page.headers['retry-after']]).toEqual([503, '30']);
    expect(page.headers['strict-transport-security']).toContain('max-age=31536000');
    const { status, headers } = await visitPlainly(guest.address.v4, '/chat');
    expect([status, headers.location]).toEqual([301, `https://${DOMAIN}/chat`]);
  });
});

describe('from outside', () => {
  it('three ports are open, v4 and v6', async () => {
    const open = await openPorts(guest.address);
    figure('open TCP ports of 65,535', `v4 ${open.v4.join(' ')}, v6 ${open.v6.join(' ')}`, '22 80 443');
    expect(open).toEqual({ v4: [22, 80, 443], v6: [22, 80, 443] });
  }, 400_000);

  it('root does not sign in, and nobody does by a password', async () => {
    const host = guest.address.v4;
    const root = await ssh({ ...guest.ssh, host }, 'true');
    expect([root.code, root.stderr]).toEqual([255, expect.stringContaining('Permission denied (publickey)')]);
    const stranger = await ssh({ ...guest.ssh, host, user: 'deploy', identity: '/dev/null' }, 'true');
    expect(stranger.stderr).toContain('Permission denied (publickey)');
    expect(await ssh({ ...guest.ssh, host, user: 'deploy' }, 'sudo -n true')).toMatchObject({ code: 0 });
    figure('sign-in as root, or by a password', 'refused', 'refused');
  });

  it('judges of TLS find nothing above LOW', async () => {
    const { findings, seconds } = await judgeTls(guest.address.v4, authority);
    figure(`testssl.sh in ${seconds.toFixed(0)} s, findings above LOW`, findings.length, '0');
    expect(findings).toEqual([]);
  }, 400_000);
});

/** The services that are ours, an instance where they are templates. */
const SERVICES = ['hub-secrets.service', 'hub-certificate.service', 'hub-alert@failed:x.service'];
const UNITS = [...SERVICES.map((name) => name.replace(/@.*\./, '@.')), 'hub-certificate.timer'];

describe('the tools of the system', () => {
  it.each([
    ['nginx -t', ['nginx', '-t']],
    ['sshd -t', ['sshd', '-t']],
    ['visudo -c', ['visudo', '-c']],
    ['fail2ban-client -t', ['fail2ban-client', '-t']],
    ['logrotate -d', ['logrotate', '-d', '/etc/logrotate.d/hub']],
    [
      'systemd-analyze verify',
      ['systemd-analyze', 'verify', ...UNITS.map((name) => `/etc/systemd/system/${name}`)],
    ],
  ])('%s is content', async (name, argv) => {
    const { code, stdout, stderr } = await guest.attempt(argv);
    figure(name, code === 0 ? 'content' : `ended with ${code}`, 'content');
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  });

  it.each(SERVICES)('%s may do little', async (unit) => {
    const judged = await guest.run(['systemd-analyze', 'security', '--no-pager', unit]);
    const exposure = Number(/overall exposure level for \S+: ([\d.]+)/i.exec(judged)?.[1]);
    figure(`exposure of ${unit}`, exposure, '≤ 2.0');
    expect(exposure).toBeLessThanOrEqual(2);
  });

  it('sshd lets in by keys alone', async () => {
    const inForce = await guest.run(['sshd', '-T']);
    for (const line of ['permitrootlogin no', 'passwordauthentication no', 'authenticationmethods publickey'])
      expect(inForce).toMatch(new RegExp(`^${line}$`, 'm'));
    figure('sshd -T', 'no root, no passwords', 'no root, no passwords');
  });
});

describe('a site of somebody else', () => {
  const write = (name: string, names: string) =>
    guest.run(['tee', `/etc/nginx/sites-enabled/${name}`], {
      input: `server {\n  listen 80;\n  server_name ${names};\n  return 204;\n}\n`,
    });

  it('stays as it is, and is told of', async () => {
    await write('shop', 'shop.test www.shop.test');
    const { code, said } = await operator.hubctl(['plan']);
    expect([code, said]).toEqual([
      0,
      '✓ one: nothing to do\n! one: /etc/nginx/sites-enabled/shop is not ours and stays as it is: shop.test, www.shop.test\n',
    ]);
    await guest.run(['rm', '/etc/nginx/sites-enabled/shop']);
  });

  it('that answers for us is for a person to decide, and nothing is changed before', async () => {
    await write('old-hub', `old.test ${DOMAIN}`);
    await guest.run(['rm', '/etc/logrotate.d/hub']);
    const { code, complained } = await operator.hubctl(['plan']);
    expect([code, complained]).toEqual([
      1,
      expect.stringContaining(`/etc/nginx/sites-enabled/old-hub answers ${DOMAIN} already`),
    ]);
    await guest.run(['rm', '/etc/nginx/sites-enabled/old-hub']);
    expect(await operator.apply()).toMatchObject({ code: 0, said: expect.stringContaining('1 change made') });
  });

  it('that the package brings is switched off when somebody switched it on', async () => {
    await guest.run(['ln', '-s', '/etc/nginx/sites-available/default', '/etc/nginx/sites-enabled/default']);
    expect((await operator.hubctl(['drift'])).said).toBe('one: nginx sites\n');
    expect(await operator.apply()).toMatchObject({ code: 0 });
    expect(await visit(guest.address.v4, { ca })).toMatchObject({ status: 200 });
  });
});

it('lesson 19: after a rotation every worker writes to the log that is there', async () => {
  const log = '/var/log/hub/nginx.log';
  await guest.run(['logrotate', '--force', '/etc/logrotate.d/hub']);
  const paths = Array.from({ length: 16 }, (_, number) => `/after-${number}`);
  await Promise.all(paths.map((path) => visit(guest.address.v4, { ca, path })));
  const missing = async () => {
    const text = await guest.run(['cat', log]);
    return paths.filter((path) => !text.includes(`${path}"`));
  };
  await expect.poll(missing).toEqual([]);
  expect(Number(await guest.run(['pgrep', '--count', '--full', 'nginx: worker']))).toBeGreaterThan(1);
});

describe('lesson 19: whoever fails three times', () => {
  it('is banned and, when that time is over, let in again; the operator never is', async () => {
    await using stranger = await startGuest();
    // Busy for a while, as a machine is that somebody tries passwords on.
    const spin = 'timeout 30 sh -c "while :; do :; done"';
    for (const name of ['one', 'two', 'three', 'four'])
      await guest.run(['systemd-run', `--unit=busy-${name}`, 'sh', '-c', spin]);
    await guest.run(['fail2ban-client', 'set', 'sshd', 'bantime', '10']);
    await guest.run(['fail2ban-client', 'set', 'sshd', 'bantime.increment', 'false']);
    await stranger.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/root/wrong']);
    const settings = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'ConnectTimeout=3'];
    const knock = async () => {
      const options = settings.flatMap((setting) => ['-o', setting]);
      const address = `deploy@${guest.address.v4}`;
      return (await stranger.attempt(['ssh', '-i', '/root/wrong', ...options, address, 'true'])).stderr;
    };
    const said = [await knock(), await knock(), await knock()];
    expect(said[0]).toContain('Permission denied (publickey)');
    // Asked of the firewall: a connection in the middle of the ban neither fails nor goes on before its end.
    const rules = async () => (await guest.attempt(['iptables', '-S', 'f2b-sshd'])).stdout;
    await expect.poll(rules, { timeout: 20_000 }).toContain(`-s ${stranger.address.v4}/32 -j REJECT`);
    expect(await knock()).toMatch(/refused|timed out/);
    await expect.poll(knock, { timeout: 60_000 }).toContain('Permission denied (publickey)');
    figure('wrong key, three times', 'banned, then let in', 'banned, then let in');
    const wrong = { ...guest.ssh, host: guest.address.v4, user: 'deploy', identity: '/dev/null' };
    for (let tries = 0; tries < 6; tries += 1) await ssh(wrong, 'true');
    expect(await ssh({ ...wrong, identity: guest.ssh.identity }, 'true')).toMatchObject({ code: 0 });
    const { stdout } = await guest.attempt(['fail2ban-client', 'get', 'sshd', 'banip']);
    expect(stdout.split(/\s+/)).not.toContain('198.18.77.1');
    figure('wrong key, six times, from the operator’s address', 'not banned', 'not banned');
  });
});
