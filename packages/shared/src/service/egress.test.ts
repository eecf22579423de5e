import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { DomainError, type ProblemCode } from '../contracts/index.ts';
import { afterEach, expect, test } from 'vitest';
import { egress, egressFetch, egressLookup, type EgressOptions, type Resolve } from './egress.ts';
import { nearnessOf } from './egress-addresses.ts';

const PUBLIC = { address: '93.184.215.14', family: 4 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };

/** A resolver that knows one answer, and counts how often it was asked. */
const resolveTo = (...addresses: { address: string; family: number }[]) => {
  const asked: string[] = [];
  const resolve: Resolve = (name) => {
    asked.push(name);
    return Promise.resolve(addresses);
  };
  return { asked, resolve };
};

const servers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

/** A real server on loopback; answers its port. */
async function listen(onRequest: RequestListener, options = {}): Promise<number> {
  const server = createServer(options, onRequest).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const origin = (port: number) => `http://127.0.0.1:${port}`;

async function refusal(url: string, options: EgressOptions = {}): Promise<[ProblemCode, string | undefined]> {
  const error = await egress(url, options).then(
    ({ status }) => {
      throw new Error(`it answered ${status}`);
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw error;
  return [error.code, error.detail];
}

const NOT_PUBLIC = ['egress-refused', 'it leads to an address that is not public'];

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.8.8.8', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.1'],
  ...['198.51.100.1', '203.0.113.9', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
  ],
  ...[
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:10::1',
  ],
  ...[
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
  ],
  ...['fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff0e::1', 'nobody', ''],
])('lesson 12: %s is no public address', async (address) => {
  expect(nearnessOf(address)).not.toBe('public');
  const { resolve } = resolveTo({ address, family: address.includes(':') ? 6 : 4 });
  expect(await refusal('https://name.example/', { resolve })).toEqual(NOT_PUBLIC);
});

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '192.0.1.1',
  '2606:4700:4700::1111',
  '2001:4860:4860::8888',
])('%s is a public address', (address) => {
  expect(nearnessOf(address)).toBe('public');
});

test.each([
  ...[
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
  ],
  ...['https://0x7f.1/', 'https://017700000001/', 'https://①②⑦.⓪.⓪.①/', 'https://127.0.0.1./', 'https://0/'],
  ...[
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[0:0:0:0:0:0:0:1]/',
  ],
  ...[
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://169.254.169.254/',
  ],
  ...['https://LOCALHOST/'],
])('lesson 12: however it is spelled, %s is not called', async (url) => {
  expect(await refusal(url)).toEqual(NOT_PUBLIC);
});

test.each([
  ['http://name.example/', 'it is not https'],
  ['ftp://name.example/', 'it is not https'],
  ['file:///etc/passwd', 'it is not https'],
  ['data:text/plain,hello', 'it is not https'],
  ['https://user@name.example/', 'it holds a name or password'],
  ['https://:word@name.example/', 'it holds a name or password'],
  ['https://name.example@127.0.0.1/', 'it holds a name or password'],
  ['//name.example/', 'it is not an address'],
  ['https://', 'it is not an address'],
])('lesson 12: %s is refused before any name is looked up', async (url, detail) => {
  const { asked, resolve } = resolveTo(PUBLIC);
  expect(await refusal(url, { resolve })).toEqual(['egress-refused', detail]);
  expect(asked).toEqual([]);
});

test('lesson 12: one private address among public ones spoils the name', async () => {
  const { resolve } = resolveTo(PUBLIC, { address: '2606:4700:4700::1111', family: 6 }, LOOPBACK);
  expect(await refusal('https://name.example/', { resolve })).toEqual(NOT_PUBLIC);
  expect(await refusal('https://name.example/', resolveTo())).toEqual(NOT_PUBLIC);
});

test('an origin that an administrator allowed is called, by that scheme, name and port alone', async () => {
  const port = await listen((request, response) => response.end(`to ${request.headers.host ?? ''}`));
  const { asked, resolve } = resolveTo(LOOPBACK);
  const allowed = [`http://hub.test:${port}`];
  const answer = await egress(`http://hub.test:${port}/x?y=1`, { allowed, resolve });
  expect([answer.status, answer.body.toString()]).toEqual([200, `to hub.test:${port}`]);
  expect(asked).toEqual(['hub.test']);
  expect(await refusal(`http://hub.test:${port + 1}/`, { allowed, resolve })).toEqual([
    'egress-refused',
    expect.any(String),
  ]);
  expect(await refusal(`http://127.0.0.1:${port}/`, { allowed, resolve })).toEqual([
    'egress-refused',
    expect.any(String),
  ]);
  expect(await refusal(`https://hub.test:${port}/`, { allowed, resolve })).toEqual(NOT_PUBLIC);
  expect(await refusal(`http://hub.test.:${port}/`, { allowed, resolve })).toEqual([
    'egress-refused',
    expect.any(String),
  ]);
});

test.each(['169.254.169.254', '0.0.0.0', '::ffff:127.0.0.1', 'fe80::1', '224.0.0.1'])(
  'not even an allowed origin leads to %s',
  async (address) => {
    const { resolve } = resolveTo({ address, family: address.includes(':') ? 6 : 4 });
    expect(await refusal('http://hub.test/', { allowed: ['http://hub.test'], resolve })).toEqual(NOT_PUBLIC);
  },
);

test('lesson 12: the connection goes to the address that was checked, and TLS asks for the name', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const hello = new Promise<string>((resolve) =>
    server.once('connection', (socket) =>
      socket.once('data', (data) => {
        resolve(data.toString('latin1'));
        socket.destroy();
      }),
    ),
  );
  const { asked, resolve } = resolveTo(LOOPBACK);
  const url = `https://rebinding.example:${port}`;
  expect(await refusal(url, { allowed: [url], resolve })).toEqual(['egress-failed', expect.any(String)]);
  expect(await hello).toContain('rebinding.example');
  expect(asked).toHaveLength(1);
  server.close();
});

test('lesson 12: a redirect is checked like the first address', async () => {
  let location = '';
  const port = await listen((request, response) => {
    if (request.url === '/end') return response.end('the end');
    return response.writeHead(302, { location }).end();
  });
  const allowed = [origin(port)];
  const follow = (to: string) => {
    location = to;
    return refusal(`${origin(port)}/start`, { allowed });
  };
  expect(await follow('https://127.0.0.1/')).toEqual(NOT_PUBLIC);
  expect(await follow('https://[::ffff:169.254.169.254]/latest/meta-data')).toEqual(NOT_PUBLIC);
  expect(await follow(`http://localhost:${port}/end`)).toEqual(['egress-refused', 'it is not https']);
  expect(await follow(`http://u:p@127.0.0.1:${port}/end`)).toEqual(['egress-refused', expect.any(String)]);
  expect(await follow('file:///etc/passwd')).toEqual(['egress-refused', expect.any(String)]);
  expect(await follow('http://[')).toEqual(['egress-refused', 'it redirects to what is no address']);
  expect(await follow('/again')).toEqual(['egress-refused', 'it redirects more than 3 times']);
  location = '/end';
  expect((await egress(`${origin(port)}/start`, { allowed })).body.toString()).toBe('the end');
  expect((await egress(`${origin(port)}/start`, { allowed, maxRedirects: 0 })).status).toBe(302);
  expect((await egress(`${origin(port)}/start`, { allowed, method: 'POST', body: 'x' })).status).toBe(302);
});

test('what may be a credential stays with the origin it was for', async () => {
  const seen: unknown[] = [];
  const other = await listen((request, response) => {
    seen.push(request.headers);
    response.end();
  });
  const port = await listen((request, response) => {
    seen.push(request.headers);
    response.writeHead(307, { location: `${origin(other)}/` }).end();
  });
  await egress(origin(port), {
    allowed: [origin(port), origin(other)],
    headers: { authorization: 'Bearer x', 'X-Api-Key': 'y', Accept: 'text/plain' },
  });
  expect(seen[0]).toMatchObject({ authorization: 'Bearer x', 'x-api-key': 'y', accept: 'text/plain' });
  expect(seen[1]).toMatchObject({ accept: 'text/plain' });
  expect(seen[1]).not.toHaveProperty('authorization');
  expect(seen[1]).not.toHaveProperty('x-api-key');
});

test('a body that is too large is not read to its end, whatever its length is said to be', async () => {
  const port = await listen((request, response) => {
    if (request.url === '/said') response.setHeader('content-length', 2000);
    response.write('x'.repeat(1000));
    response.end('x'.repeat(1000));
  });
  const options = { allowed: [origin(port)], maxBytes: 1999 };
  const tooMuch = ['egress-failed', 'it answered with too much'];
  expect(await refusal(`${origin(port)}/said`, options)).toEqual(tooMuch);
  expect(await refusal(`${origin(port)}/unsaid`, options)).toEqual(tooMuch);
  expect((await egress(`${origin(port)}/said`, { ...options, maxBytes: 2000 })).body).toHaveLength(2000);
});

test('headers that are too large are refused', async () => {
  const port = await listen((_request, response) =>
    response.writeHead(200, { filler: 'x'.repeat(20_000) }).end(),
  );
  expect(await refusal(origin(port), { allowed: [origin(port)] })).toEqual([
    'egress-failed',
    'it answered with too much',
  ]);
});

const LATE = ['egress-failed', 'it did not answer in time'];

const withoutEnd: [string, RequestListener][] = [
  ['no answer', () => undefined],
  ['a body without an end', (_request, response) => void response.write('x')],
  ['redirects without an end', (_request, response) => void response.writeHead(302, { location: '/' }).end()],
];
test.each(withoutEnd)('the time is bounded: %s', async (_what, listener) => {
  const port = await listen(listener);
  const options = { allowed: [origin(port)], timeout: 200, maxRedirects: 1_000_000 };
  expect(await refusal(origin(port), options)).toEqual(LATE);
});

test('the time is bounded: a name that is never resolved, a caller who leaves', async () => {
  const never = () => new Promise<never>(() => undefined);
  expect(await refusal('https://name.example/', { resolve: never, timeout: 50 })).toEqual(LATE);
  const signal = AbortSignal.abort();
  expect(await refusal('https://name.example/', { resolve: never, signal })).toEqual(LATE);
});

test('what cannot be reached says no more than that', async () => {
  const port = await listen((_request, response) => response.destroy());
  const broke = ['egress-failed', 'it could not be reached or broke off'];
  expect(await refusal(origin(port), { allowed: [origin(port)] })).toEqual(broke);
  const unknown = () => Promise.reject(new Error('ENOTFOUND name.example'));
  expect(await refusal('https://name.example/', { resolve: unknown })).toEqual(broke);
});

test('as fetch: method, headers and body arrive, and a redirect is handed back', async () => {
  const port = await listen((request, response) => {
    if (request.url === '/gone') return response.writeHead(204).end();
    if (request.url === '/moved') return response.writeHead(303, { location: 'https://127.0.0.1/' }).end();
    response.setHeader('content-type', 'text/plain');
    response.write(
      `${request.method ?? ''} ${request.headers['content-type'] ?? ''} ${String(request.headers['x-a'])} `,
    );
    return request.pipe(response);
  });
  const fetch = egressFetch({ allowed: [origin(port)] });
  const body = new URLSearchParams({ code: 'a b' });
  const answer = await fetch(origin(port), { method: 'POST', body, headers: { 'x-a': '1' } });
  expect(answer.headers.get('content-type')).toBe('text/plain');
  expect(await answer.text()).toBe('POST application/x-www-form-urlencoded;charset=UTF-8 1 code=a+b');
  expect((await fetch(`${origin(port)}/gone`)).status).toBe(204);
  expect((await fetch(`${origin(port)}/moved`)).status).toBe(303);
  await expect(fetch('https://127.0.0.1/')).rejects.toMatchObject({ code: 'egress-refused' });
});

/** What a pool hears when it looks a name up. */
const found = (url: string, options: Parameters<typeof egressLookup>[1]) =>
  new Promise((resolve) => {
    egressLookup(url, options)('whatever', { all: true }, (error, addresses) => resolve(error ?? addresses));
  });

test('a pool finds a name where egress would, and looks anew at every connection', async () => {
  const { asked, resolve } = resolveTo(PUBLIC);
  expect(await found('https://vendor.example/v1', { resolve })).toEqual([PUBLIC]);
  await found('https://vendor.example/v1', { resolve });
  expect(asked).toEqual(['vendor.example', 'vendor.example']);
});

test.each([[[LOOPBACK]], [[PUBLIC, LOOPBACK]], [[]]])(
  'a pool connects to no name that stands for %j, unless its origin was allowed to be local',
  async (addresses) => {
    const { resolve } = resolveTo(...addresses);
    expect(await found('https://vendor.example', { resolve })).toMatchObject({ code: 'egress-refused' });
    const allowed = ['https://vendor.example'];
    if (addresses.length > 0)
      expect(await found('https://vendor.example', { resolve, allowed })).toEqual(addresses);
  },
);

test('a pool hears of a name that cannot be resolved', async () => {
  const resolve = () => Promise.reject(new Error('ENOTFOUND'));
  expect(await found('https://vendor.example', { resolve })).toMatchObject({ code: 'egress-failed' });
});

test.each(['http://vendor.example', 'https://10.0.0.1', 'https://[::ffff:10.0.0.1]', 'https://a:b@1.1.1.1'])(
  'no pool is opened to %s',
  (url) => {
    expect(() => egressLookup(url)).toThrow(expect.objectContaining({ code: 'egress-refused' }));
  },
);

test('a pool to a local address is opened where its origin was allowed', () => {
  expect(() => egressLookup('http://127.0.0.1:1', { allowed: ['http://127.0.0.1:1'] })).not.toThrow();
});
