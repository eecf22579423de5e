import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const WEB = { client_name: 'A tool', redirect_uris: ['https://client.example/callback'] };

let visitors = 0;
/** As somebody at an address of their own. */
const register = (body: object, address = `10.0.${Math.floor(visitors / 250)}.${visitors++ % 250}`) =>
  auth.post('/oauth/register', body, { address });

describe('a client that introduces itself', () => {
  test('gets an id and no secret, whatever else it says', async () => {
    const { status, body, headers } = await register({
      ...WEB,
      client_id: 'mine',
      client_secret: 'mine',
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://internal.example/',
      jwks_uri: 'http://169.254.169.254/latest',
      logo_uri: 'https://client.example/logo.svg',
      scope: 'roles:manage',
      grant_types: ['authorization_code', 'refresh_token', 'implicit', 'client_credentials', 'password'],
      response_types: ['token'],
      __proto__: { polluted: true },
    });
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      ...WEB,
      client_id: expect.stringMatching(/^[\da-f-]{36}$/),
      client_id_issued_at: expect.any(Number),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
  });

  test.each([
    ['no address', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['plain http', { redirect_uris: ['http://client.example/'] }, 'invalid_redirect_uri'],
    ['a fragment', { redirect_uris: ['https://client.example/#x'] }, 'invalid_redirect_uri'],
    ['one bad among good', { redirect_uris: ['https://client.example/', 'data:,x'] }, 'invalid_redirect_uri'],
    [
      'too many addresses',
      { redirect_uris: Array(11).fill('https://client.example/') },
      'invalid_redirect_uri',
    ],
    ['something else than addresses', { redirect_uris: { length: 1 } }, 'invalid_redirect_uri'],
    ['a name of two lines', { client_name: 'A\nB' }, 'invalid_client_metadata'],
    ['a name that runs backwards', { client_name: 'A \u202Eloot' }, 'invalid_client_metadata'],
    ['an invisible name', { client_name: '\u200B' }, 'invalid_client_metadata'],
    ['an endless name', { client_name: 'x'.repeat(81) }, 'invalid_client_metadata'],
    ['a name that is none', { client_name: ['A'] }, 'invalid_client_metadata'],
    ['no way to be lent anything', { grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    ['nonsense for grants', { grant_types: 'authorization_code' }, 'invalid_client_metadata'],
  ])('with %s is refused in the words of RFC 7591', async (_what, said, error) => {
    const { status, body } = await register({ ...WEB, ...said });
    expect([status, body]).toMatchObject([400, { error, error_description: expect.any(String) }]);
  });

  test.each([
    ['a list', []],
    ['nothing', undefined],
  ])('as %s is refused', async (_what, body) => {
    const answer = await auth.ask('POST', '/oauth/register', {
      address: '10.9.9.9',
      ...(body && { body }),
      headers: body ? {} : { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
  });

  test('with a book of itself is not read', async () => {
    expect((await register({ ...WEB, client_uri: 'x'.repeat(9000) })).status).toBe(413);
  });
});

test('of a thousand registrations from one address twenty are taken', async () => {
  const before = await auth.database.prisma.oauthRecord.count({ where: { kind: 'Client' } });
  const statuses = new Map<number, number>();
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => register(WEB, '203.0.113.99')));
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(Object.fromEntries(statuses)).toEqual({ 201: 20, 429: 980 });
  expect(await auth.database.prisma.oauthRecord.count({ where: { kind: 'Client' } })).toBe(before + 20);
});

test('one network of IPv6 counts as one, whatever address of it is used', async () => {
  const statuses = [];
  for (let host = 0; host < 21; host += 1)
    statuses.push((await register(WEB, `2001:db8:1:2::${host}`)).status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(20);
  expect((await register(WEB, '2001:db8:1:3::1')).status).toBe(201);
});

test('the clients that nobody has used are bounded in all, from wherever they come', async () => {
  await using crowded = await startAuth();
  await crowded.database.prisma.$executeRaw`
    INSERT INTO auth.oauth_records (kind, id, payload, expires_at)
    SELECT 'Client', 'waiting-' || n, '{}', now() + interval '1 hour' FROM generate_series(1, 10000) n`;
  const refused = await crowded.post('/oauth/register', WEB, { address: '192.0.2.44' });
  expect(refused.status).toBe(429);
  expect(refused.headers['retry-after']).toBe('3600');
});
