import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './call.ts';
import { startDns } from './dns.ts';
import { enginesOperatorOf } from './engines-operator.ts';
import { figure } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

beforeAll(async () => {
  await untilEnd(startDns());
});
afterAll(endAll);

describe('a machine that cannot be reached', () => {
  let guest: Guest;
  let operator: Operator;

  beforeAll(async () => {
    guest = await untilEnd(startGuest());
    operator = await untilEnd(operatorOf(guest));
  });

  /** What hubctl says with a file of the operator’s changed, which is as it was afterwards. */
  async function refusalWith(file: string, change: (text: string) => string): Promise<string> {
    const text = await readFile(file, 'utf8');
    await writeFile(file, change(text));
    const { code, complained } = await operator.hubctl(['apply', '--confirm', '000000000000']);
    await writeFile(file, text);
    expect(code).toBe(1);
    return complained;
  }

  it('because nobody is there', async () => {
    const elsewhere = (text: string) => text.replaceAll(guest.address.v4, '198.18.77.250');
    const said = await refusalWith(join(operator.home, 'hub.config.yaml'), elsewhere);
    expect(said).toMatch(/198\.18\.77\.250:22 does not answer\n[^]*Is it running/);
  });

  it('because it shows another host key', async () => {
    const known = join(operator.home, 'known');
    const own = await readFile(`${guest.ssh.identity}.pub`, 'utf8');
    await writeFile(known, `${guest.address.v4} ${own.split(' ').slice(0, 2).join(' ')}\n`);
    const said = await refusalWith(operator.sshConfig, (text) => text.replace(guest.ssh.knownHosts, known));
    expect(said).toMatch(/shows another host key[^]*ssh-keygen -R/);
  });

  it('because the key is not one of its own', async () => {
    const key = join(operator.home, 'other');
    await call('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const said = await refusalWith(operator.sshConfig, (text) => text.replace(guest.ssh.identity, key));
    expect(said).toMatch(/refused your key for the user deploy or root[^]*ssh-add -l/);
  });

  it('or reaches no packages', async () => {
    await guest.run(['tee', '/etc/apt/apt.conf.d/99dead'], {
      input: 'Acquire::http::Proxy "http://127.0.0.1:9";\n',
    });
    await guest.run(['sh', '-c', 'apt-get clean; rm -rf /var/lib/apt/lists/*']);
    const { code, said } = await operator.apply();
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/✗ one: packages base: .*apt-get.* ended with 100/),
    ]);
    expect(said).toContain('done: nothing\n');
    expect(await guest.run(['sh', '-c', 'getent passwd deploy || echo nobody'])).toBe('nobody');
  });
});

describe('a machine in an odd state', () => {
  let guest: Guest;
  let operator: Operator;

  beforeAll(async () => {
    guest = await untilEnd(startGuest(await warmImage()));
    operator = await untilEnd(enginesOperatorOf(guest, { postgres: true }));
  });

  const shell = (text: string) => guest.run(['sh', '-c', text], { timeoutMs: 110_000 });

  it('an existing PostgreSQL, of whatever version, is named, and nothing at all is changed', async () => {
    await shell('mkdir -p /var/lib/postgresql/13/main && echo 13 >/var/lib/postgresql/13/main/PG_VERSION');
    const { code, complained } = await operator.hubctl(['plan']);
    expect([code, complained]).toEqual([1, expect.stringContaining('/var/lib/postgresql/13/main, 1 MB')]);
    expect(complained).toMatch(/is not 15\/hub; nothing was changed[^]*pg_dropcluster/);
    expect(
      await shell('cat /var/lib/postgresql/13/main/PG_VERSION; getent passwd deploy || echo nobody'),
    ).toBe('13\nnobody');
    await shell('rm -r /var/lib/postgresql/13');
  });

  it('a budget of connections that its memory does not hold is refused before anything is changed', async () => {
    const file = join(operator.home, 'hub.config.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text}      pools: { budget: 9000 }\n`);
    const { code, complained } = await operator.hubctl(['plan']);
    expect([code, complained]).toEqual([
      1,
      expect.stringContaining('a budget of 9000 connections needs more memory'),
    ]);
    await writeFile(file, text);
    figure('a budget of pools over the memory', 'refused at plan', 'refused at plan');
  });

  it('a package that was cut off in the middle, a disk that is full, and two operators at once', async () => {
    await shell('dpkg --unpack /var/cache/apt/archives/logrotate_*.deb');
    expect(await shell("dpkg-query -W -f '${db:Status-Status}' logrotate")).not.toBe('installed');
    await shell('mkdir -p /var/lib/postgresql && mount -t tmpfs -o size=8m none /var/lib/postgresql');
    const { said: planned } = await operator.hubctl(['plan', '--json']);
    const { plans } = JSON.parse(planned) as { plans: { hash: string }[] };
    const confirm = ['apply', '--confirm', plans[0]?.hash ?? ''];
    const both = await Promise.all([operator.hubctl(confirm), operator.hubctl(confirm)]);
    const late = both.find(({ complained }) => complained.includes('is being changed by'));
    expect([late?.code, late?.complained]).toEqual([
      1,
      expect.stringMatching(/one is being changed by \S+ from 198\.18\.77\.1\n/),
    ]);
    const full = both.find((one) => one !== late);
    expect([full?.code, full?.said]).toEqual([
      1,
      expect.stringMatching(/✗ one: postgresql 15\/hub: .* ended with/),
    ]);
    expect(full?.said).toContain('No space left on device');
    expect(full?.said).toContain('apply again');

    await shell('umount /var/lib/postgresql && chown postgres: /var/lib/postgresql');
    await operator.converge();
    expect(await shell("dpkg-query -W -f '${db:Status-Status}' logrotate")).toBe('installed');
    expect(await operator.hubctl(['drift'])).toMatchObject({ code: 0 });
    figure('bad input, each with a message and exit 1', 9, 'all');
  }, 400_000);

  it('data of its own stay, whatever is applied; another cluster beside is refused and left alone', async () => {
    await shell(`runuser -u postgres -- psql -qd hub -c 'CREATE TABLE precious AS SELECT 7 AS seven'`);
    await shell('pg_createcluster --port 5433 15 theirs >/dev/null');
    expect((await operator.hubctl(['plan'])).complained).toContain('/var/lib/postgresql/15/theirs');
    expect(await shell('pg_lsclusters --no-header | wc -l')).toBe('2');
    await shell('pg_dropcluster 15 theirs; rm /etc/postgresql/15/hub/postgresql.conf');
    await operator.converge();
    expect(await shell(`runuser -u postgres -- psql -XqAtd hub -c 'SELECT seven FROM precious'`)).toBe('7');
  }, 200_000);
});
