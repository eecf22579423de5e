import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';

const CHALLENGE = 'E9Melhoa2OwvFrEMTJGuCHaoeK1t8URWbuGJSstw-cM';
const REDIRECT_URI = 'http://127.0.0.1/callback';

const CLIENT = 'https://tool.example/client.json';
const SAID = {
  client_id: CLIENT,
  client_name: 'A published tool',
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token', 'urn:example:unknown'],
  token_endpoint_auth_method: 'none',
  scope: 'tools:use',
  logo_uri: 'https://tool.example/logo.png',
};

const json =
  (body: unknown, init: ResponseInit = {}) =>
  () =>
    Response.json(body, init);

/** What the world answers, by address. */
const WORLD: Record<string, () => Response> = {
  [CLIENT]: json(SAID),
  'https://tool.example/other-id.json': json(SAID),
  'https://tool.example/moved.json': () => Response.redirect(CLIENT, 302),
  'https://tool.example/gone.json': json({}, { status: 404 }),
  'https://tool.example/words.json': () => new Response('not json'),
  'https://tool.example/secret.json': json({
    ...SAID,
    client_id: 'https://tool.example/secret.json',
    client_secret: 's',
  }),
  'https://tool.example/redirect.json': json({
    ...SAID,
    client_id: 'https://tool.example/redirect.json',
    redirect_uris: ['javascript:alert(1)', REDIRECT_URI],
  }),
};

let auth: Awaited<ReturnType<typeof startAuth>>;
let asked: string[] = [];
beforeAll(async () => {
  auth = await startAuth({
    fetch: async (address) => {
      asked.push(String(address));
      const answer = WORLD[String(address)];
      if (!answer) throw new Error('egress-refused');
      return answer();
    },
  });
});
afterAll(() => auth[Symbol.asyncDispose]());

const address = (clientId: string, address = REDIRECT_URI) =>
  `/oauth/auth?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: address,
    response_type: 'code',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }).toString()}`;

const open = async (clientId: string, from = '203.0.113.1') => {
  const headers = { accept: 'text/html', 'x-forwarded-for': from };
  const { headers: said, cookies } = await auth.app.inject({ url: address(clientId), headers });
  return { location: String(said.location), cookies };
};

test('a client whose id is the address of its words is asked for by its name and that host', async () => {
  const { accessToken: token } = await auth.person();
  const { location, cookies } = await open(CLIENT);
  const uid = /^\/consent\/([\w-]{20,})$/.exec(location)?.[1] ?? '';
  const path = `/api/v1/auth/interactions/${uid}`;
  const cookie = cookies
    .filter((one) => one['path'] === path)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const { body } = await auth.ask('GET', path, { token, headers: { cookie } });
  expect(body).toMatchObject({
    client: { name: 'A published tool', publisher: 'tool.example' },
    destination: { kind: 'computer', name: '127.0.0.1' },
  });
  await open(CLIENT);
  expect(
    asked.filter((one) => one === CLIENT),
    'read once, and remembered',
  ).toHaveLength(1);
});

test.each([
  'https://tool.example/other-id.json',
  'https://tool.example/moved.json',
  'https://tool.example/gone.json',
  'https://tool.example/words.json',
  'https://tool.example/secret.json',
  'https://tool.example/redirect.json',
  'https://unreachable.example/client.json',
  'https://user@tool.example/client.json',
  'https://tool.example/a/../client.json',
  'https://tool.example/client.json#x',
  'http://tool.example/client.json',
])('%s is no client', async (clientId) => {
  expect((await open(clientId)).location).toMatch(/^\/consent\/problem#invalid_(client|client_metadata|redirect_uri)$/);
});

test('nobody makes us read more than a few', async () => {
  asked = [];
  for (let tries = 0; tries < 70; tries += 1) {
    await open(`https://unreachable.example/${tries}.json`, '198.51.100.7');
  }
  expect(asked).toHaveLength(60);
});

test('an address of our own network is not even knocked at', async () => {
  await using guarded = await startAuth();
  let knocks = 0;
  const inside = createServer(() => (knocks += 1)).listen(0, '127.0.0.1');
  await once(inside, 'listening');
  const bound = inside.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433']) {
    const url = address(`https://${host}:${port}/client.json`);
    const { headers } = await guarded.app.inject({ url, headers: { accept: 'text/html' } });
    expect(headers.location).toBe('/consent/problem#invalid_client');
  }
  inside.close();
  expect(knocks).toBe(0);
});
