import { PROBLEMS } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchangeBytes } from './client.fixture.ts';
import { fakeService, type FakeService } from './fake-service.fixture.ts';
import { startGateway, type TestGateway } from './gateway.fixture.ts';

/** Each service says its name and what it was asked. */
const named = (name: string): Promise<FakeService> =>
  fakeService((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('x-answered-by', name).end();
  });

const heard: string[] = [];
let services: FakeService[] = [];
let gateway: TestGateway;

beforeAll(async () => {
  services = await Promise.all(['auth', 'core', 'mcp'].map(named));
  const [auth, core, mcp] = services.map(({ url }) => url);
  const env = {
    AUTH_URL: auth ?? '',
    CORE_URL: core ?? '',
    MCP_URL: mcp ?? '',
    RATE_LIMITS: '{"anonymous":[100000,100000,100000]}',
  };
  gateway = await startGateway({ env });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(services.map(({ stop }) => stop()));
});

/** Asks for exactly this target, which fetch would tidy up first. */
async function ask(target: string, method = 'GET') {
  const answer = await exchangeBytes(
    gateway.url,
    `${method} ${target} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n`,
  );
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    by: /^x-answered-by: (\w+)/m.exec(answer)?.[1],
    text: answer,
  };
}

describe('the table of ways', () => {
  test.each([
    ['/api/v1/auth/login', 'auth'],
    ['/api/v1/auth', 'auth'],
    ['/api/v1/keys', 'auth'],
    ['/api/v1/keys/1', 'auth'],
    ['/.well-known/jwks.json', 'auth'],
    ['/api/v1/credits/balance', 'core'],
    ['/api/v1/usage/logs?limit=1', 'core'],
    ['/api/v1/prices', 'core'],
    ['/api/v1/providers', 'core'],
    ['/api/v1/providers/check', 'core'],
    ['/api/v1/providers/environment', 'mcp'],
    ['/api/v1/providers/health', 'mcp'],
    ['/v1/chat/completions', 'mcp'],
    ['/v1/responses', 'mcp'],
    ['/v1', 'mcp'],
    ['/ws', 'mcp'],
  ])('%s is answered by %s', async (target, service) => {
    expect(await ask(target)).toMatchObject({ status: 200, by: service });
  });

  test('a key is shown as Anthropic’s clients show it, and goes no further', async () => {
    const { key } = gateway.auth.addKey();
    const answer = await fetch(`${gateway.url}/mcp`, { headers: { 'x-api-key': key } });
    expect(answer.headers.get('x-answered-by')).toBe('mcp');
    const wrong = await fetch(`${gateway.url}/v1/messages`, { headers: { 'x-api-key': 'sk-hub-nobody' } });
    expect([wrong.status, await wrong.json()]).toMatchObject([
      401,
      { type: 'error', error: { type: 'authentication_error' } },
    ]);
  });

  test('of two credentials none counts, since another in front might have taken the other', async () => {
    const { key } = gateway.auth.addKey();
    const both = { authorization: `Bearer ${key}`, 'x-api-key': key };
    expect((await fetch(`${gateway.url}/v1/models`, { headers: both })).status).toBe(401);
  });

  test.each(['/mcp', '/mcp/profile'])('%s is answered by mcp, once somebody is known', async (target) => {
    expect(await ask(target)).toMatchObject({ status: 401, by: undefined });
    const headers = { authorization: `Bearer ${gateway.auth.signIn().token}` };
    const answer = await fetch(gateway.url + target, { headers });
    expect([answer.status, answer.headers.get('x-answered-by')]).toEqual([200, 'mcp']);
  });

  test.each([
    '/',
    '/v',
    '/v10/models',
    '/v1x',
    '/api',
    '/api/v1',
    '/api/v1/',
    '/api/v1/authx',
    '/api/v1/keysmith',
    '/mcpx',
    '/V1/models',
    '/api/v2/auth/me',
    '/healthz',
  ])('%s is answered by nobody: a prefix is whole segments', async (target) => {
    const { status, by, text } = await ask(target);
    expect([status, by]).toEqual([404, undefined]);
    expect(text).toContain('application/problem+json');
  });

  test('a method that no service knows is not passed on', async () => {
    const { status, by, text } = await ask('/v1/models', 'PROPFIND');
    expect([status, by]).toEqual([PROBLEMS['method-not-allowed'].status, undefined]);
    expect(text).toMatch(/^allow: GET, POST, PUT, PATCH, DELETE, HEAD\r$/im);
  });
});

describe('pages of other sites', () => {
  const OWN = 'https://hub.example';
  const FRIEND = 'https://friend.example';
  const env = () => ({ MCP_URL: services[2]?.url ?? '', PUBLIC_URL: `${OWN}/`, CORS_ORIGINS: FRIEND });

  test.each([
    [undefined, 200],
    [OWN, 200],
    [FRIEND, 200],
    ['https://evil.example', 403],
    ['http://hub.example', 403],
    ['https://hub.example.evil.example', 403],
    ['https://hub.example:8443', 403],
    ['null', 403],
    ['', 403],
  ])('of the origin %s call /mcp: %d', async (origin, status) => {
    await using hub = await startGateway({ env: env() });
    const headers = {
      authorization: `Bearer ${hub.auth.signIn().token}`,
      ...(origin !== undefined && { origin }),
    };
    const asked = heard.length;
    const answer = await fetch(`${hub.url}/mcp`, { method: 'POST', headers });
    expect(answer.status).toBe(status);
    expect(heard.length - asked).toBe(status === 200 ? 1 : 0);
    if (status === 403)
      expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'forbidden' } } });
  });

  test('are refused there whoever asks, and nowhere else', async () => {
    await using hub = await startGateway({ env: env() });
    const headers = { origin: 'https://evil.example' };
    expect((await fetch(`${hub.url}/mcp`, { method: 'POST', headers })).status).toBe(403);
    expect((await fetch(`${hub.url}/v1/models`, { headers })).status).not.toBe(403);
  });
});

describe('what is for this machine alone', () => {
  const askBy = async (host: string, more = '') => {
    const request = `GET /dev/mail HTTP/1.1\r\nhost: ${host}\r\n${more}connection: close\r\n\r\n`;
    return exchangeBytes(gateway.url, request);
  };

  test.each(['127.0.0.1:3000', 'localhost', '[::1]:3000'])('is there by the name %s', async (host) => {
    expect(await askBy(host)).toContain('x-answered-by: auth');
  });

  test.each([
    'hub.example',
    'localhost.attacker.example',
    '127.0.0.1.attacker.example',
    'attacker@localhost',
  ])('is not there by the name %s, which a page from elsewhere can give it', async (host) => {
    expect(await askBy(host)).not.toContain('x-answered-by');
  });

  test('is not there for anybody elsewhere', async () => {
    await using proxied = await startGateway({ env: { TRUST_PROXY: '127.0.0.1' } });
    const answer = await fetch(`${proxied.url}/dev/mail`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(answer.status).toBe(PROBLEMS['not-found'].status);
  });
});

describe('/internal', () => {
  const disguises = [
    '/internal/prices',
    '//internal/prices',
    '///internal/prices',
    '/./internal/prices',
    '/x/../internal/prices',
    '/%69nternal/prices',
    '/%2Finternal/prices',
    '/internal%2Fprices',
    '/INTERNAL/prices',
    '/internal/prices/',
    '/internal/prices?x=/v1/',
    '/internal;/prices',
    '/internal%00/prices',
    '\\internal\\prices',
    '/\\internal/prices',
    'http://hub/internal/prices',
    'http://hub//internal/prices',
  ];

  test.each(disguises)('is not reached as %s', async (target) => {
    const before = heard.length;
    expect((await ask(target)).status).toBeGreaterThanOrEqual(400);
    expect(heard).toHaveLength(before);
  });

  test('is not reached through a way either: a service is asked for what was written, dots and all', async () => {
    for (const target of [
      '/v1/../internal/prices',
      '/v1/%2e%2e/internal/prices',
      '/v1/..%2finternal',
      '/v1//internal/prices',
    ]) {
      await ask(target);
      expect(heard.at(-1)).toBe(target);
    }
  });

  test('is not reached by any path that is put together at random', async () => {
    const part = fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '/../',
      '%2f',
      '%2F',
      '%2e',
      '%5c',
      '\\',
      'internal',
      'INTERNAL',
      '%69nternal',
      'v1',
      'mcp',
      'api',
      'credits',
      ';',
      '?',
      'reserve',
    );
    const target = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('')}`);
    await fc.assert(
      fc.asyncProperty(target, async (path) => {
        const before = heard.length;
        const { by } = await ask(path);
        expect(by === undefined || heard[before]).toBe(by === undefined || path);
        if (by !== undefined) expect(path).toMatch(/^\/(v1|mcp|ws|api\/v1\/credits)(\/|\?|$)/);
      }),
      { numRuns: 300 },
    );
  });
});
