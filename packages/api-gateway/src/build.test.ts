import { expect, describe, test } from 'vitest';
import { fakeService, nobody } from './fake-service.fixture.ts';
import { allAt, startGateway, type TestGateway } from './gateway.fixture.ts';

const FRIEND = 'https://app.friend.example';

/** The gateway before a service that always answers. */
async function hub(env: Record<string, string> = {}): Promise<TestGateway> {
  const service = await fakeService((_request, response) => response.end('{}'));
  const gateway = await startGateway({ env: { ...allAt(service.url), ...env } });
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.close().then(service.stop) };
}

const preflight = (url: string, origin: string, method: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization',
    },
  });

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('pages of other sites', () => {
  test('of a configured origin may call, and read what callers need to know', async () => {
    await using gateway = await hub({ CORS_ORIGINS: FRIEND });
    const answer = await fetch(`${gateway.url}/v1/models`, { headers: { origin: FRIEND } });
    expect(allowed(answer)).toBe(FRIEND);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-expose-headers')).toBe(
      'x-request-id, ratelimit, ratelimit-policy, retry-after, www-authenticate, idempotent-replayed, x-hub-cache, mcp-session-id',
    );
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
  });

  test.each(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'])(
    'of a configured origin may %s, by preflight',
    async (method) => {
      await using gateway = await hub({ CORS_ORIGINS: `https://other.example,${FRIEND}` });
      const answer = await preflight(`${gateway.url}/api/v1/keys/1`, FRIEND, method);
      expect([answer.status, allowed(answer)]).toEqual([204, FRIEND]);
      expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    },
  );

  test('hear problems too, or they could not say what went wrong', async () => {
    await using gateway = await hub({ CORS_ORIGINS: FRIEND });
    const headers = { origin: FRIEND, authorization: 'Bearer nonsense' };
    const answer = await fetch(`${gateway.url}/v1/models`, { headers });
    expect([answer.status, allowed(answer)]).toEqual([401, FRIEND]);
  });

  test.each([
    'https://evil.example',
    'http://app.friend.example',
    'https://app.friend.example.evil.example',
    'https://xapp.friend.example',
    'https://app.friend.example:8443',
    'null',
  ])('of %s may not, neither by preflight nor by the call', async (origin) => {
    await using gateway = await hub({ CORS_ORIGINS: FRIEND });
    expect(allowed(await preflight(`${gateway.url}/v1/models`, origin, 'POST'))).toBeNull();
    expect(allowed(await fetch(`${gateway.url}/v1/models`, { headers: { origin } }))).toBeNull();
  });

  test('may not call at all where no origin is configured', async () => {
    await using gateway = await hub();
    const answer = await preflight(`${gateway.url}/v1/models`, FRIEND, 'POST');
    expect([answer.status, allowed(answer)]).toEqual([405, null]);
  });

  test('change nothing of what there is: an unknown path is still nothing, an unknown method still refused', async () => {
    await using gateway = await hub({ CORS_ORIGINS: FRIEND });
    expect((await fetch(`${gateway.url}/nothing/here`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/v1/models`, { method: 'PROPFIND' })).status).toBe(405);
  });
});

describe('every answer', () => {
  const SECURITY = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };

  test.each([
    ['of a service', '/v1/models', {}],
    ['that refuses a token', '/v1/models', { authorization: 'Bearer x' }],
    ['that finds nothing', '/nothing/here', {}],
    ['about health', '/health', {}],
  ])('%s carries security headers and a request id', async (_what, path, headers) => {
    await using gateway = await hub();
    const answer = await fetch(gateway.url + path, { headers });
    expect(Object.fromEntries(answer.headers)).toMatchObject(SECURITY);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    expect(answer.headers.has('x-powered-by')).toBe(false);
  });

  test('allows nothing inline and nothing from elsewhere', async () => {
    await using gateway = await hub();
    const policy = (await fetch(`${gateway.url}/health`)).headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(policy.split(';')).toEqual(
      expect.arrayContaining([
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]),
    );
  });

  test.each([
    ['https://hub.example', 'max-age=31536000; includeSubDomains'],
    ['http://127.0.0.1:3000', null],
  ])('makes browsers remember https only where there is https: %s', async (publicUrl, expected) => {
    await using gateway = await hub({ PUBLIC_URL: publicUrl });
    expect((await fetch(`${gateway.url}/health`)).headers.get('strict-transport-security')).toBe(expected);
  });
});

describe('the gateway itself', () => {
  test('says by name which service is down, and is alive nevertheless', async () => {
    const up = await fakeService((_request, response) => response.end('{}'));
    const env = { AUTH_URL: up.url, CORE_URL: await nobody(), MCP_URL: up.url };
    await using gateway = await startGateway({ env });
    const ready = await fetch(`${gateway.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        status: 'down',
        dependencies: { store: 'ok', 'auth-service': 'ok', 'core-service': 'down', 'mcp-server': 'ok' },
      },
    ]);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    await up.stop();
  });

  test('shows its metrics to the machine it runs on, not through a proxy', async () => {
    await using gateway = await hub();
    const direct = await fetch(`${gateway.url}/metrics`);
    expect(await direct.text()).toContain('http_request_duration_seconds');
    expect(
      (await fetch(`${gateway.url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status,
    ).toBe(404);
  });
});
