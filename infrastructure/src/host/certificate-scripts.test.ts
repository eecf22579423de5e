import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { stage, type Stage } from './scripts.fixture.ts';

/** Gives a certificate of 9 days, unless the authority is down. Where it was asked stands in a log. */
const CERTBOT = `
for word in "$@"; do
  case $before in
    --config-dir) folder=$word ;; --server) server=$word ;; --domain) names="$names $word" ;;
  esac
  before=$word
done
echo "$server$names" >>"$FOLDER/asked"
case $server in *down*) echo 'cannot connect' >&2; exit 1 ;; esac
mkdir -p "$folder/live/hub"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=hub.test \\
  -keyout "$folder/live/hub/privkey.pem" -out "$folder/live/hub/fullchain.pem" 2>/dev/null`;

/** The machine's clock, so many days ahead. */
const clock = (days: number) => `
[ "$*" = +%s ] || exec /bin/date "$@"
echo $(($(/bin/date +%s) + ${days} * 86400))`;

function withCertbot() {
  const on = stage();
  on.program('certbot', CERTBOT);
  on.program('date', clock(0));
  const list = (...lines: string[]) =>
    writeFileSync(on.path('list'), lines.map((line) => `${line}\n`).join(''));
  list('hub.test www.hub.test', 'https://one.test/dir', 'https://two.test/dir');
  return {
    ...{
      on,
      list,
      obtain: () => on.run('certificate/obtain-certificate', [on.path('list'), on.path('now')]),
    },
    /** Who was asked since the last time. */
    asked: () => {
      if (!existsSync(on.path('asked'))) return [];
      const lines = readFileSync(on.path('asked'), 'utf8').trim().split('\n');
      rmSync(on.path('asked'));
      return lines;
    },
    [Symbol.dispose]: () => on[Symbol.dispose](),
  };
}

const serialIn = (path: string) => new X509Certificate(readFileSync(path)).serialNumber;

describe('obtaining a certificate', () => {
  test('asks the first authority, for every domain, and no one again while it is fresh', async () => {
    using it = withCertbot();
    expect(await it.obtain()).toMatchObject({ code: 0 });
    expect(it.asked()).toEqual(['https://one.test/dir hub.test www.hub.test']);
    expect(readFileSync(it.on.path('state/certificate'), 'utf8')).toMatch(/CERTIFICATE[\s\S]*PRIVATE KEY/);
    it.on.program('date', clock(5));
    expect([await it.obtain(), it.asked()]).toMatchObject([{ code: 0 }, []]);
  });

  test('renews when a third of its life is left, however long that is', async () => {
    using it = withCertbot();
    await it.obtain();
    it.asked();
    it.on.program('date', clock(6));
    await it.obtain();
    expect(it.asked()).toHaveLength(1);
  });

  test('asks the next where one is down, and says so; with none it fails and keeps what there is', async () => {
    using it = withCertbot();
    it.list('hub.test', 'https://down.test/dir', 'https://two.test/dir');
    const { code, stderr } = await it.obtain();
    expect([code, stderr]).toEqual([0, expect.stringContaining('https://down.test/dir gave no certificate')]);
    expect(it.asked()).toEqual(['https://down.test/dir hub.test', 'https://two.test/dir hub.test']);
    const serial = serialIn(it.on.path('state/certificate'));
    it.list('hub.test', 'https://down.test/dir');
    expect(await it.obtain()).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot connect') });
    expect(serialIn(it.on.path('state/certificate'))).toBe(serial);
  });

  test.each([
    ['other domains', ['other.test', 'https://one.test/dir']],
    ['another authority', ['hub.test www.hub.test', 'https://three.test/dir']],
  ])('%s need another one', async (_, lines) => {
    using it = withCertbot();
    await it.obtain();
    it.asked();
    it.list(...lines);
    await it.obtain();
    expect(it.asked()).toEqual([lines.toReversed().join(' ')]);
  });

  test('somebody who wants it now gets it now', async () => {
    using it = withCertbot();
    await it.obtain();
    const serial = serialIn(it.on.path('state/certificate'));
    writeFileSync(it.on.path('now'), '');
    await it.obtain();
    expect(serialIn(it.on.path('state/certificate'))).not.toBe(serial);
  });
});

/** nginx, which shows what it read when it was last told to. */
async function withNginx() {
  const on = stage();
  on.program('nginx', 'exit 0');
  on.program('sleep', 'exit 0');
  on.program('systemctl', 'cp "$FOLDER/used" "$FOLDER/shown"');
  for (const name of ['used', 'new']) make(on, name);
  writeFileSync(on.path('shown'), readFileSync(on.path('used')));
  const context = () => {
    const pem = readFileSync(on.path('shown'));
    return createSecureContext({ cert: pem, key: pem });
  };
  const server = createServer({ SNICallback: (_, done) => done(null, context()) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const args = [on.path('new'), on.path('used'), 'hub.test', String(port)];
  return {
    on,
    install: () => on.run('certificate/install-certificate', args),
    serial: (name: string) => serialIn(on.path(name)),
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
      on[Symbol.dispose]();
    },
  };
}

function make({ path }: Stage, name: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x'],
      ...['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)],
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(
    path(name),
    readFileSync(path(`${name}.crt`), 'utf8') + readFileSync(path(`${name}.key`), 'utf8'),
  );
}

describe('lesson 18: putting a certificate where it is served', () => {
  test('ends when a handshake shows it', async () => {
    await using it = await withNginx();
    expect(await it.install()).toMatchObject({ code: 0 });
    expect([it.serial('shown'), it.serial('used')]).toEqual([it.serial('new'), it.serial('new')]);
  });

  test('what nginx does not take is put back', async () => {
    await using it = await withNginx();
    const before = it.serial('used');
    it.on.program('nginx', 'echo "no such file" >&2; exit 1');
    expect(await it.install()).toMatchObject({ code: 1, stderr: expect.stringContaining('no such file') });
    expect([it.serial('used'), it.serial('shown')]).toEqual([before, before]);
  });

  test('a key of another certificate is refused', async () => {
    await using it = await withNginx();
    const before = it.serial('used');
    writeFileSync(
      it.on.path('new'),
      readFileSync(it.on.path('new.crt'), 'utf8') + readFileSync(it.on.path('used.key'), 'utf8'),
    );
    expect(await it.install()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no key that fits'),
    });
    expect(it.serial('used')).toBe(before);
  });

  test('one that is on disk and not served is served, or else it is a failure', async () => {
    await using it = await withNginx();
    writeFileSync(it.on.path('used'), readFileSync(it.on.path('new')));
    expect(await it.install()).toMatchObject({ code: 0 });
    expect(it.serial('shown')).toBe(it.serial('new'));
    make(it.on, 'used');
    writeFileSync(it.on.path('new'), readFileSync(it.on.path('used')));
    it.on.program('systemctl', 'exit 0');
    const { code, stderr } = await it.install();
    expect([code, stderr]).toEqual([1, expect.stringContaining('is served with another certificate')]);
  });
});

describe('an alert', () => {
  function withHook() {
    const on = stage();
    on.program('journalctl', String.raw`printf 'certbot said "no"\n\tC:\\x\n'`);
    on.program('curl', '[ ! -e "$FOLDER/deaf" ] || exit 7\ncat >>"$FOLDER/sent"; echo >>"$FOLDER/sent"');
    writeFileSync(on.path('addresses'), 'https://hook.test/a\n');
    return {
      on,
      tell: (what: string) => on.run('certificate/send-alert', [what, on.path('addresses')]),
      sent: () => {
        if (!existsSync(on.path('sent'))) return [];
        const lines = readFileSync(on.path('sent'), 'utf8').trim().split('\n');
        return lines.map((line) => JSON.parse(line) as Record<string, string>);
      },
      [Symbol.dispose]: () => on[Symbol.dispose](),
    };
  }

  test('is one message of a failure and one of its end, as JSON', async () => {
    using it = withHook();
    await it.tell('recovered:hub-certificate');
    expect(it.sent()).toEqual([]);
    for (const what of ['failed', 'failed', 'recovered', 'recovered'])
      await it.tell(`${what}:hub-certificate`);
    expect(it.sent().map(({ about, state }) => [about, state])).toEqual([
      ['hub-certificate', 'failed'],
      ['hub-certificate', 'recovered'],
    ]);
    expect(it.sent()[0]?.['says']).toContain(String.raw`certbot said "no"  C:\x`);
  });

  test('that did not arrive is sent again', async () => {
    using it = withHook();
    writeFileSync(it.on.path('deaf'), '');
    expect((await it.tell('failed:hub-certificate')).code).not.toBe(0);
    rmSync(it.on.path('deaf'));
    await it.tell('failed:hub-certificate');
    expect(it.sent()).toHaveLength(1);
  });
});
