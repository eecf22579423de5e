import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Authority, makeCertificate, startAuthority, trust } from './authority.ts';
import { type Dns, DOMAIN, NAMES, startDns } from './dns.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { visit, visitPlainly } from './visit.ts';
import { warmImage } from './warm.ts';
import { startWebhookSink, type WebhookSink } from './webhook-sink.ts';

/** Of what the second authority gives: due after 60. */
const SHORT_SECONDS = 90;
const SHORT_PORT = 14_100;
const LONG_SECONDS = 86_400;

let dns: Dns;
let guest: Guest;
let operator: Operator;
let long: Authority;
let hooks: WebhookSink;

const configure = (authorities: readonly string[]) =>
  operator.configure({ certificates: { authorities }, alerts: { webhook: { url: `${hooks.url}/alerts` } } });

const serial = async ({ chain }: Authority) =>
  (await visit(guest.address.v4, { ca: chain.root.toString() })).serial;

const alerts = () =>
  hooks.deliveries.map(({ body }) => JSON.parse(body) as { about: string; state: string; says: string });

beforeAll(async () => {
  dns = await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  await dns.point(DOMAIN, guest.address);
  hooks = await untilEnd(startHooks());
  long = await untilEnd(startAuthority({ dns, lifetimeSeconds: LONG_SECONDS }));
  await long.trustIn(guest);
  operator = await untilEnd(operatorOf(guest));
  await configure([long.directory]);
  expect(await operator.apply()).toMatchObject({ code: 0 });
});
afterAll(endAll);

/** Webhooks go by https alone, to a server that the guest believes. */
async function startHooks(): Promise<WebhookSink> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-hooks-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  await makeCertificate({ key, certificate, name: NAMES.hooks });
  const tls = { key: await readFile(key, 'utf8'), cert: await readFile(certificate, 'utf8') };
  await rm(folder, { recursive: true });
  await trust(guest, 'hooks', tls.cert);
  return startWebhookSink(tls);
}

it('an operator sees which certificate is served, and gets another', async () => {
  const first = await serial(long);
  const status = await operator.hubctl(['cert', 'status']);
  expect(status).toMatchObject({ code: 0, said: expect.stringContaining(`serial ${first}, shown ${first}`) });
  expect(status.said).toMatch(/✓ one: hub\.test, by CN=Pebble.*, 23 hours left/);
  expect(await operator.hubctl(['cert', 'renew'])).toMatchObject({ code: 0 });
  const second = await serial(long);
  expect(second).not.toBe(first);
  expect((await operator.hubctl(['cert', 'status'])).said).toContain(`serial ${second}, shown ${second}`);
  expect(await operator.hubctl(['audit', 'verify', 'staging'])).toMatchObject({ code: 0 });
});

it('lesson 18: one that is on disk and not served is told of', async () => {
  await guest.run(['cp', '/etc/smart-ai-hub/tls/nobody.pem', '/etc/smart-ai-hub/tls/hub.pem']);
  await guest.run(['systemctl', 'reload', 'nginx']);
  const { code, said } = await operator.hubctl(['cert', 'status']);
  expect([code, said]).toEqual([2, expect.stringContaining('one: hub.test, by CN=nobody')]);
  expect((await operator.hubctl(['drift'])).said).toBe('one: certificate hub.test\n');
  expect(await operator.apply()).toMatchObject({ code: 0 });
  expect((await operator.hubctl(['cert', 'status'])).code).toBe(0);
});

it('one with a life of a minute and a half is renewed by the machine, also while port 80 leads to https', async () => {
  await using short = await startAuthority({ dns, lifetimeSeconds: SHORT_SECONDS, port: SHORT_PORT });
  await short.trustIn(guest);
  await configure([short.directory]);
  expect(await operator.apply()).toMatchObject({ code: 0 });
  const first = await serial(short);
  expect((await visitPlainly(guest.address.v4)).status).toBe(301);
  await oftener(guest);
  const { seconds, value } = await timed(() =>
    vi.waitFor(
      async () => {
        const next = await serial(short);
        expect(next).not.toBe(first);
        return next;
      },
      { timeout: 100_000, interval: 500 },
    ),
  );
  figure(
    `certificate of ${SHORT_SECONDS} s, port 80 leading to https: another is served after`,
    `${seconds.toFixed(0)} s`,
    `< ${SHORT_SECONDS} s`,
  );
  expect(seconds).toBeLessThan(SHORT_SECONDS);
  const obtained = await guest.run(['openssl', 'x509', '-in', '/etc/smart-ai-hub/tls/hub.pem']);
  expect(new X509Certificate(obtained).serialNumber).toBe(value);
  expect(alerts()).toEqual([]);
}, 300_000);

it('an authority that is down is told of once, and the next is asked where there is one', async () => {
  // The short one is gone by now, and what it gave ends.
  const { seconds } = await timed(() =>
    vi.waitFor(() => expect(alerts()).toHaveLength(1), { timeout: 100_000, interval: 500 }),
  );
  figure('authority down: alert after', `${seconds.toFixed(0)} s`, `< ${SHORT_SECONDS} s`);
  expect(seconds).toBeLessThan(SHORT_SECONDS);
  expect(alerts()[0]).toMatchObject({ about: 'hub-certificate', state: 'failed' });
  expect(alerts()[0]?.says).toContain(`${SHORT_PORT}/dir gave no certificate for ${DOMAIN}`);
  // Between two of its runs nothing is known of the last.
  await guest.run(['systemctl', 'stop', 'hub-certificate.timer']);
  expect(await guest.attempt(['systemctl', 'start', 'hub-certificate.service'])).toMatchObject({ code: 1 });
  const status = await operator.hubctl(['cert', 'status']);
  expect([status.code, status.said]).toEqual([
    2,
    expect.stringContaining('its last renewal ended with exit-code'),
  ]);
  await configure([`https://${NAMES.acme}:${SHORT_PORT}/dir`, long.directory]);
  expect(await operator.apply()).toMatchObject({ code: 0 });
  await vi.waitFor(() => expect(alerts()).toHaveLength(2), { timeout: 60_000, interval: 500 });
  expect(alerts()[1]).toMatchObject({ about: 'hub-certificate', state: 'recovered' });
  expect(await serial(long)).toMatch(/^[0-9A-F]+$/);
}, 300_000);

/** The same timer for certificates that live a minute. */
async function oftener({ run }: Guest): Promise<void> {
  await run(['mkdir', '-p', '/etc/systemd/system/hub-certificate.timer.d']);
  await run(['tee', '/etc/systemd/system/hub-certificate.timer.d/test.conf'], {
    input: '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/5\nRandomizedDelaySec=0\nAccuracySec=1s\n',
  });
  await run(['systemctl', 'daemon-reload']);
  await run(['systemctl', 'restart', 'hub-certificate.timer']);
}
