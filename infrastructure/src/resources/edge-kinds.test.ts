import { describe, expect, test } from 'vitest';
import { command } from '../commands/command.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { certificate, certificateFaults, certificateState, firstCertificates, isDue } from './certificate.ts';
import { makePlan } from './plan.ts';
import { sites } from './sites.ts';

const said = (stdout: string, stderr = '') => [{ code: 0, stdout, stderr }];

describe('the sites of nginx', () => {
  const ours = { file: '/etc/nginx/conf.d/00-hub.conf', domains: ['hub.test', 'www.hub.test'] };
  const reload = command('systemctl', 'reload', 'nginx');
  const resource = sites(ours, [], reload);
  const configuration = (path: string, text: string) => `# configuration file ${path}:\n${text}\n`;
  const main = configuration('/etc/nginx/nginx.conf', 'http { include /etc/nginx/conf.d/*.conf; }');
  const hub = configuration(ours.file, 'server {\n  server_name hub.test;\n}');
  const shop = configuration(
    '/etc/nginx/sites-enabled/shop',
    'server {\n  server_name shop.test\n    www.shop.test;\n}\nserver {\n  server_name shop.test;\n}',
  );

  test('lesson 20: of somebody else stay and are told of, and ours and the package’s are not', () => {
    const found = said(`own\n${main}${hub}${shop}`);
    expect(resource.compare(found)).toBeUndefined();
    expect(resource.notes?.(found)).toEqual([
      '/etc/nginx/sites-enabled/shop is not ours and stays as it is: shop.test, www.shop.test',
    ]);
    const stock = configuration('/etc/nginx/sites-enabled/default', 'server {\n  server_name _;\n}');
    expect(resource.notes?.(said(`stock\n${main}${stock}`))).toEqual([]);
    expect(resource.notes?.(said(`own\n${main}${stock}`))).toHaveLength(1);
  });

  test.each(['stock', 'missing'])('the package’s own is switched off: %s', (state) => {
    expect(resource.compare(said(`${state}\n${main}`))?.commands.at(-1)).toBe(reload);
  });

  test('one that answers for us stops everything', async () => {
    const taken = shop.replace('www.shop.test', 'www.hub.test');
    const machine = toldMachine(() => ({ stdout: `own\n${main}${taken}` }));
    await expect(makePlan(machine, [resource])).rejects.toThrow(
      '/etc/nginx/sites-enabled/shop answers www.hub.test already; nothing was changed',
    );
  });

  test('what nginx has against its configuration is told', async () => {
    const stderr =
      '2026/11/23 20:00:00 [emerg] 7#7: unknown directive "sever" in /etc/nginx/sites-enabled/shop:1\n';
    const { notes } = await makePlan(
      toldMachine(() => ({ code: 1, stdout: 'own\n', stderr })),
      [resource],
    );
    expect(notes).toEqual([
      expect.stringContaining('unknown directive "sever" in /etc/nginx/sites-enabled/shop:1'),
    ]);
  });
});

describe('a certificate', () => {
  const wanted = {
    domains: ['hub.test', 'www.hub.test'],
    authorities: ['https://a.test/dir', 'https://b.test/dir'],
  };
  const text = (change: Record<string, string> = {}) => {
    const fields = {
      ...{
        serial: '0A1B',
        obtained: '0A1B',
        issuer: 'CN=Test',
        start: '1000',
        until: '10000',
        from: 'https://b.test/dir hub.test www.hub.test',
      },
      ...{ served: '0A1B', now: '2000', Result: 'success' },
    };
    return Object.entries({ ...fields, ...change })
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  };
  const faults = (change?: Record<string, string>) =>
    certificateFaults(certificateState(text(change)), wanted);

  test('is right where its authority, its names, its life and what is served are', () => {
    expect(faults()).toEqual([]);
    expect(certificateState(text())).toMatchObject({ serial: '0A1B', issuer: 'CN=Test', result: 'success' });
  });

  test.each([
    [{ from: '' }, 'none yet for hub.test, www.hub.test'],
    [{ from: 'https://b.test/dir hub.test' }, 'for hub.test → hub.test, www.hub.test'],
    [
      { from: 'https://c.test/dir hub.test www.hub.test' },
      'by https://c.test/dir → https://a.test/dir or https://b.test/dir',
    ],
    [{ now: '7000' }, 'ends on 1970-01-01T02:46:40.000Z, and is due'],
    [{ obtained: '0FFF' }, 'on disk is 0A1B → 0FFF'],
    [{ served: '0FFF' }, 'served is 0FFF → 0A1B'],
    [{ served: '' }, 'served is none → 0A1B'],
  ])('is got anew otherwise: %j', (change, fault) => {
    expect(faults(change)).toEqual([fault]);
    const places = { used: '/u', obtained: '/o', domain: 'hub.test', port: 443 };
    const changes = certificate(wanted, places, []).compare(said(text(change)));
    expect(changes?.commands[0]?.argv.at(-1)).toBe('hub-certificate.service');
  });

  test.each([
    ['90 days', 90, 29, 31],
    ['6 days', 6, 1.9, 2.1],
  ])('of %s is due when a third is left', (_, days, due, early) => {
    const left = (rest: number) => isDue({ start: 0, until: days, now: days - rest });
    expect([left(due), left(early)]).toEqual([true, false]);
  });

  test('for nobody is made where one of the two is missing or open to others', () => {
    const first = firstCertificates('/n', '/u', []);
    expect(first.compare(said('600|root\n600|root\n'))).toBeUndefined();
    for (const text of ['missing\nmissing\n', '600|root\nmissing\n', '644|root\n600|root\n', ''])
      expect(first.compare(said(text))?.commands).toHaveLength(1);
  });
});
