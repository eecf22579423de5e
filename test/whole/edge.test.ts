import { execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { fakeProvider, finishEvent, freePort, startStream, textEvent } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { edgeText } from '../../infrastructure/src/host/edge.ts';
import { signUp } from './person.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

/** The platform behind a real nginx with the file that our machines get, but for its ports and folders. */
const DOMAINS = ['hub.test', 'www.hub.test'];
const LIMITS = {
  ...{ bodyMegabytes: 1, swapMegabytes: 0, journalMegabytes: 64, logDays: 1 },
  // So few a second that a test need not hurry.
  ...{ api: { perSecond: 1, burst: 20 }, signIn: { perSecond: 1, burst: 10 } },
};
let platform: TestPlatform;
let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let nginx: ChildProcess;
let folder: string;
let http: number;
let https: number;
let ca: string;

beforeAll(async () => {
  vendor = await fakeProvider();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  platform = await startPlatform(inject('postgres'), {
    PROVIDERS: JSON.stringify(providers),
    TRUST_PROXY: '127.0.0.1',
    RATE_LIMITS: JSON.stringify({ anonymous: [3, 100, 1000] }),
  });
  folder = mkdtempSync(join(tmpdir(), 'hub-nginx-'));
  chmodSync(folder, 0o755);
  [http, https] = [await freePort(), await freePort()];
  ca = makeCertificate(join(folder, 'hub.pem'));
  mkdirSync(join(folder, 'pages/assets'), { recursive: true });
  mkdirSync(join(folder, 'acme/.well-known/acme-challenge'), { recursive: true });
  writeFileSync(join(folder, 'acme/.well-known/acme-challenge/token'), 'token.print');
  const page = new URL('../../infrastructure/templates/nginx/hub-maintenance.html', import.meta.url);
  writeFileSync(join(folder, 'hub-maintenance.html'), readFileSync(page));
  writeFileSync(join(folder, 'nginx.conf'), configuration(new URL(platform.url).host));
  const program = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
  nginx = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log']);
  await vi.waitFor(async () => {
    expect((await ask('/health/edge')).status).toBe(200);
  });
});

afterAll(async () => {
  nginx.kill('SIGQUIT');
  await once(nginx, 'exit');
  rmSync(folder, { recursive: true });
  await platform[Symbol.asyncDispose]();
  await vendor.close();
});

/** Key and certificate in one file; the certificate alone is returned. */
function makeCertificate(path: string): string {
  const names = DOMAINS.map((domain) => `DNS:${domain}`).join(',');
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
    ...[
      '-subj',
      '/CN=hub.test',
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      path,
      '-out',
      `${path}.new`,
    ],
  ]);
  const certificate = readFileSync(`${path}.new`, 'utf8');
  writeFileSync(path, certificate + readFileSync(path, 'utf8'));
  return certificate;
}

function configuration(gateway: string): string {
  const text = edgeText(
    { domains: DOMAINS, limits: LIMITS },
    {
      ...{ http: `127.0.0.1:${http}`, https: `127.0.0.1:${https}`, gateway },
      ...{ certificate: join(folder, 'hub.pem'), nobody: join(folder, 'hub.pem') },
      ...{ challenges: join(folder, 'acme'), pages: join(folder, 'pages'), maintenance: folder },
      log: join(folder, 'access.log'),
    },
  );
  return `
    daemon off; pid nginx.pid; worker_processes 1; events {}
    http {
      types { text/html html; text/javascript js; }
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
      ${text.replaceAll(/^ *listen \[::\].*\n/gm, '')}
    }`;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  host?: string;
}

/** A request as a browser makes it that came by the name. */
async function open(path: string, { method = 'GET', headers = {}, body, host = 'hub.test' }: Asked = {}) {
  const sent = request({
    ...{ host: '127.0.0.1', port: https, servername: host, ca, path, method },
    headers: { host, ...headers },
    agent: false,
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

async function ask(path: string, asked?: Asked): Promise<Answer> {
  const answer = await open(path, asked);
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

test('events come through as they are said', async () => {
  let finish = () => undefined as unknown;
  vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('first'));
    finish = () => response.end(`${finishEvent()}data: [DONE]\n\n`);
  });
  const person = await signUp(platform.url);
  const messages = [{ role: 'user', content: 'Hi' }];
  const answer = await open('/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${await person.makeKey()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages, max_tokens: 9, stream: true }),
  });
  const parts = answer.setEncoding('utf8')[Symbol.asyncIterator]();
  expect((await parts.next()).value).toContain('first');
  finish();
  expect((await parts.next()).value).toContain('[DONE]');
});

test('sockets come through', async () => {
  const person = await signUp(platform.url);
  const headers = { host: 'hub.test', authorization: `Bearer ${await person.makeKey()}` };
  const agent = new Agent({ ca, servername: 'hub.test' });
  const socket = new WebSocket(`wss://127.0.0.1:${https}/ws`, { agent, headers });
  await once(socket, 'open');
  socket.terminate();
});

test('the request id goes through both ways, and one that would not be taken is replaced', async () => {
  const idOf = async (id: string) =>
    (await ask('/api/v1/auth/setup', { headers: { 'x-request-id': id } })).headers['x-request-id'];
  expect(await idOf('chosen-by-the-caller')).toBe('chosen-by-the-caller');
  expect(await idOf('"},{')).toMatch(/^[0-9a-f]{32}$/);
});

test('lesson 9: an address that a caller claims for itself changes nothing about its limit', async () => {
  const statuses = [];
  for (let i = 0; i < 6; i++) {
    const claimed = { 'x-forwarded-for': `198.51.100.${i}` };
    statuses.push((await ask('/api/v1/auth/me', { headers: claimed })).status);
  }
  expect(statuses.at(-1)).toBe(429);
});

test('routes between services, metrics and whatever else is not ours are not reachable', async () => {
  for (const path of ['/internal/accounts', '/metrics', '/etc/passwd', '/hub-maintenance.html']) {
    withPages();
    expect((await ask(path)).status).toBe(404);
  }
});

const BROWSER = { accept: 'text/html,application/xhtml+xml' };

/** What a release brings. */
function withPages() {
  writeFileSync(join(folder, 'pages/index.html'), '<!doctype html><title>hub</title>');
  writeFileSync(join(folder, 'pages/assets/app-1a2b.js'), 'export {};'.repeat(500));
}

describe('pages', () => {
  test('without a release the hub is being worked on: a page for people, a problem for programs', async () => {
    rmSync(join(folder, 'pages/index.html'), { force: true });
    const page = await ask('/chat', { headers: BROWSER });
    expect([page.status, page.text]).toEqual([503, expect.stringContaining('ระบบกำลังปรับปรุง')]);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html', 'retry-after': '30' });
    const { status, headers, text: body } = await ask('/chat');
    expect([status, headers['content-type']]).toEqual([503, 'application/problem+json']);
    expect(JSON.parse(body)).toMatchObject({ code: 'service-unavailable', status: 503 });
  });

  test('with one they are served, and a missing asset is missing', async () => {
    withPages();
    for (const path of ['/', '/chat', '/credits/history?page=2']) {
      const { status, headers, text: body } = await ask(path, { headers: BROWSER });
      expect([status, body, headers['cache-control']]).toEqual([
        200,
        expect.stringContaining('hub'),
        'no-cache',
      ]);
    }
    const missing = await ask('/assets/app-old.js', { headers: BROWSER });
    expect([missing.status, JSON.parse(missing.text)]).toMatchObject([404, { code: 'not-found' }]);
  });

  test('they are compressed, and kept where their name says what is in them', async () => {
    withPages();
    const answer = await open('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    expect(gunzipSync(Buffer.concat(parts)).toString()).toContain('export {};');
  });
});

describe('what nginx says by itself', () => {
  const SECURE = {
    'strict-transport-security': expect.stringContaining('max-age=31536000'),
    'content-security-policy': expect.not.stringContaining('unsafe'),
    'x-frame-options': 'DENY',
  };

  test.each(['/health/edge', '/', '/nothing', '/assets/none.js'])(
    '%s is as guarded as what the gateway says',
    async (path) => {
      expect((await ask(path)).headers).toMatchObject(SECURE);
    },
  );

  test('a body that is too large is refused before the gateway has it', async () => {
    const answer = await ask('/v1/chat/completions', { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([413, { code: 'body-too-large' }]);
    expect(answer.headers).toMatchObject(SECURE);
  });

  test('another name hears nothing', async () => {
    await expect(ask('/health/edge', { host: 'elsewhere.test' })).rejects.toThrow();
    const plain = await fetch(`http://127.0.0.1:${http}/`).then(
      () => 'answered',
      () => 'silence',
    );
    expect(plain).toBe('silence');
  });

  test('other domains lead to the first, and port 80 to https', async () => {
    const other = await ask('/chat?x=1', { host: 'www.hub.test' });
    expect([other.status, other.headers.location]).toEqual([301, 'https://hub.test/chat?x=1']);
    const plain = await plainly('/chat?x=1');
    expect([plain.status, plain.headers.location]).toEqual([301, 'https://hub.test/chat?x=1']);
  });

  test('lesson 18: what an authority asks for is there before the redirect, for every domain', async () => {
    for (const host of DOMAINS) {
      const { status, text: body } = await plainly('/.well-known/acme-challenge/token', host);
      expect([status, body]).toEqual([200, 'token.print']);
    }
    expect((await plainly('/.well-known/acme-challenge/none')).status).toBe(404);
  });

  test('lesson 10: its log is JSON with the request id, and without what follows a question mark', async () => {
    const id = 'looked-for-in-the-log';
    await ask('/oauth/nothing?code=canary-7c31', {
      headers: { 'x-request-id': id, 'user-agent': 'a "b" \\' },
    });
    const log = () => readFileSync(join(folder, 'access.log'), 'utf8');
    await vi.waitFor(() => {
      expect(log()).toContain(id);
    });
    const lines = log()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ requestId }) => requestId === id)).toMatchObject({
      ...{
        service: 'nginx',
        level: 'info',
        message: 'GET /oauth/nothing',
        address: '127.0.0.1',
        host: 'hub.test',
      },
      ...{ tls: 'TLSv1.3', status: expect.any(Number), seconds: expect.any(Number), agent: 'a "b" \\' },
    });
    expect(log()).not.toContain('canary-7c31');
  });

  // The last, since they use up what an address may ask.
  test.each([
    ['signing in', '/api/v1/auth/setup', LIMITS.signIn.burst],
    ['everything below /api', '/api/v1/nothing', LIMITS.api.burst],
  ])('one address may ask so much of %s and no more', async (_, path, burst) => {
    const answers = await Promise.all(Array.from({ length: burst + 15 }, () => ask(path)));
    // The gateway's own refusals tell of its limits.
    const refused = answers.filter(({ status, headers }) => status === 429 && !('ratelimit' in headers));
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, text: body } of refused) {
      expect(JSON.parse(body)).toMatchObject({ code: 'rate-limited', requestId: headers['x-request-id'] });
      expect(headers).toMatchObject({ ...SECURE, 'retry-after': '1' });
    }
  });
});

async function plainly(path: string, host = 'hub.test'): Promise<Answer> {
  const sent = plainRequest({ host: '127.0.0.1', port: http, path, headers: { host }, agent: false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}
