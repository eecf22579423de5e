import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, startAuthority } from './authority.ts';
import { type Dns, DOMAIN, startDns } from './dns.ts';
import { type Guest, startGuest } from './guest.ts';
import { startMailSink } from './mail-sink.ts';
import { preparedImage, WITH_TOOLS } from './prepared.ts';
import { FEW, openPorts } from './scan.ts';
import { ssh } from './ssh.ts';
import { endAll, untilEnd } from './until-end.ts';
import { startWebhookSink } from './webhook-sink.ts';

const LIFETIME_SECONDS = 300;

let dns: Dns;
let guest: Guest;
let authority: Authority;

beforeAll(async () => {
  dns = await untilEnd(startDns());
  guest = await untilEnd(startGuest(await preparedImage(WITH_TOOLS)));
  await dns.point(DOMAIN, guest.address);
  authority = await untilEnd(startAuthority({ dns, lifetimeSeconds: LIFETIME_SECONDS }));
  await authority.trustIn(guest);
});
afterAll(endAll);

describe('a guest with tools', () => {
  it('is found by its name, its own and the machine’s', async () => {
    expect(await guest.run(['getent', 'ahostsv4', DOMAIN])).toContain(guest.address.v4);
    expect(await guest.run(['getent', 'ahostsv6', `www.${DOMAIN}`])).toContain(guest.address.v6);
    expect((await guest.attempt(['getent', 'hosts', `nobody.${DOMAIN}`])).code).toBe(2);
  });

  it('gets a certificate from the authority by HTTP-01, as short-lived as was asked', async () => {
    await guest.run([
      ...['certbot', 'certonly', '--standalone', '--non-interactive', '--agree-tos', '--domain', DOMAIN],
      ...['--email', `ops@${DOMAIN}`, '--server', authority.directory],
    ]);
    const pem = await guest.run(['cat', `/etc/letsencrypt/live/${DOMAIN}/cert.pem`]);
    const certificate = new X509Certificate(pem);
    const { root, intermediate } = authority.chain;
    expect(certificate.checkHost(DOMAIN)).toBe(DOMAIN);
    expect(certificate.verify(intermediate.publicKey) && intermediate.verify(root.publicKey)).toBe(true);
    const lifetime = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 1000;
    expect(Math.abs(lifetime - LIFETIME_SECONDS)).toBeLessThanOrEqual(1);
  });

  it('is refused a certificate for a name that leads elsewhere', async () => {
    const refused = await guest.attempt([
      ...['certbot', 'certonly', '--standalone', '--non-interactive', '--agree-tos'],
      ...['--domain', `elsewhere.${DOMAIN}`, '--email', `ops@${DOMAIN}`, '--server', authority.directory],
    ]);
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('Some challenges have failed');
  });

  it('sends mail and webhooks that arrive', async () => {
    await using mail = await startMailSink();
    await using hooks = await startWebhookSink();
    const curl = ['curl', '--silent', '--show-error', '--fail'];
    const people = ['--mail-from', `hub@${DOMAIN}`, '--mail-rcpt', `ops@${DOMAIN}`];
    const letter = 'Subject: disk full\r\n\r\n97 percent\r\n';
    const to = `smtp://${mail.host}:${mail.port}`;
    await guest.run([...curl, ...people, '--upload-file', '-', to], { input: letter });
    expect(mail.messages.map(({ subject, text }) => [subject, text?.trim()])).toEqual([
      ['disk full', '97 percent'],
    ]);
    await guest.run([...curl, '--json', '{"alert":"disk"}', `${hooks.url}/alerts`]);
    expect(hooks.deliveries).toMatchObject([{ method: 'POST', path: '/alerts', body: '{"alert":"disk"}' }]);
  });

  it('closes what ufw does not allow, v4 and v6, and opens it again', async () => {
    await guest.run(['systemd-run', '--unit=door', 'systemd-socket-activate', '--listen=8080', '/bin/cat']);
    await expect
      .poll(() => openPorts(guest.address, FEW), { timeout: 60_000 })
      .toEqual({ v4: [22, 8080], v6: [22, 8080] });
    await guest.run(['ufw', 'allow', '22/tcp']);
    await guest.run(['ufw', '--force', 'enable']);
    expect(await openPorts(guest.address, FEW)).toEqual({ v4: [22], v6: [22] });
    expect((await ssh(guest.ssh, 'ufw status')).stdout).toContain('Status: active');
    await guest.run(['ufw', '--force', 'disable']);
  });
});
