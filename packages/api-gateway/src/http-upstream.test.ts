import { Agent, type RequestListener, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answerTo, exchangeBytes, gate, handshake, isSwitched, partsOf, textOf } from './client.fixture.ts';
import { fakeService, type FakeService, nobody, rawService } from './fake-service.fixture.ts';
import { allAt, startGateway, type TestGateway } from './gateway.fixture.ts';
import { httpUpstream } from './http-upstream.ts';

const LIMITS = { headersTimeout: 10_000, bodyTimeout: 10_000, bodyLimit: 1_000 };
const IMPATIENT = { headersTimeout: 100, bodyTimeout: 100 };

/** The gateway before one service at `url`. */
const gatewayTo = (url: string, limits: Partial<typeof LIMITS> = {}): Promise<TestGateway> => {
  const options = { ...LIMITS, ...limits };
  return startGateway({
    upstreams: {
      'auth-service': httpUpstream('auth-service', url, options),
      'core-service': httpUpstream('core-service', url, options),
      'mcp-server': httpUpstream('mcp-server', url, options),
    },
  });
};

const gatewayBefore = async (service: FakeService, limits?: Partial<typeof LIMITS>) => {
  const gateway = await gatewayTo(service.url, limits);
  const end = () => gateway.close().then(service.stop);
  return { ...gateway, [Symbol.asyncDispose]: end };
};

const before = async (answer: RequestListener, limits?: Partial<typeof LIMITS>) =>
  gatewayBefore(await fakeService(answer), limits);

const beforeRaw = async (talk: (socket: Socket) => void, limits?: Partial<typeof LIMITS>) =>
  gatewayBefore(await rawService(talk), limits);

const beforeSilence = () => beforeRaw((socket) => socket.resume(), IMPATIENT);

/** Says these bytes to whoever asks. */
const says = (bytes: string) => (socket: Socket) => {
  socket.once('data', () => socket.end(bytes));
};

describe('a service that does not do its part', () => {
  test.each<[string, number, string, () => Promise<TestGateway>]>([
    ['is down', 503, 'service-unavailable', async () => gatewayTo(await nobody())],
    ['says nothing at all', 504, 'service-timeout', beforeSilence],
    ['hangs up before a word', 502, 'service-failed', () => beforeRaw(says(''))],
    [
      'cuts the connection before a word',
      502,
      'service-failed',
      () => beforeRaw((socket) => socket.once('data', () => socket.resetAndDestroy())),
    ],
    ['speaks no HTTP', 502, 'service-failed', () => beforeRaw(says('SSH-2.0-OpenSSH_9.2\r\n'))],
    ['breaks off in its head', 502, 'service-failed', () => beforeRaw(says('HTTP/1.1 200 OK\r\nx-a: b'))],
    [
      'says two lengths',
      502,
      'service-failed',
      () => beforeRaw(says(`HTTP/1.1 200 OK\r\n${'content-length: 1\r\n'.repeat(2)}\r\nx`)),
    ],
    [
      'says a head without end',
      502,
      'service-failed',
      () => beforeRaw(says(`HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(1e6)}`)),
    ],
  ])('and %s is answered for with %i %s', async (_what, status, code, start) => {
    await using gateway = await start();
    const answer = await fetch(`${gateway.url}/api/v1/credits/balance`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({
      status,
      code,
      requestId: answer.headers.get('x-request-id'),
    });
    const openAi = await fetch(`${gateway.url}/v1/models`);
    expect([openAi.status, await openAi.json()]).toMatchObject([
      status,
      { error: { code, type: 'server_error' } },
    ]);
  });

  test('and is down says when to come again', async () => {
    await using gateway = await gatewayTo(await nobody());
    const answer = await fetch(`${gateway.url}/v1/models`);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  test('and hangs up is logged with the request id and its name, not with what was sent', async () => {
    await using gateway = await beforeRaw(says(''));
    const headers = { 'x-request-id': 'find-me-in-the-log' };
    await fetch(`${gateway.url}/v1/models?secret=canary-in-query`, { headers });
    expect(gateway.log.lines()).toContainEqual(
      expect.objectContaining({ requestId: 'find-me-in-the-log', code: 'service-failed' }),
    );
    expect(gateway.log.text()).not.toContain('canary-in-query');
  });

  test('and falls silent in the middle of its answer: the caller’s connection is cut', async () => {
    await using gateway = await before((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
    }, IMPATIENT);
    const answer = await fetch(`${gateway.url}/v1/stream`);
    const parts = partsOf(answer);
    expect((await parts.next()).value).toBe('data: first\n\n');
    await expect(parts.next()).rejects.toThrow();
  });

  test('and dies in the middle of its answer: the caller’s connection is cut', async () => {
    await using gateway = await before((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n', () => response.destroy());
    });
    await expect((await fetch(`${gateway.url}/v1/stream`)).text()).rejects.toThrow();
  });

  test('does not hurt the next request', async () => {
    let count = 0;
    await using gateway = await before((_request, response) => {
      count += 1;
      if (count % 2 === 1) response.destroy();
      else response.end('fine');
    });
    const seen: number[] = [];
    for (let i = 0; i < 6; i += 1) seen.push((await fetch(`${gateway.url}/v1/models`)).status);
    expect(seen).toEqual([502, 200, 502, 200, 502, 200]);
  });
});

describe('a request body', () => {
  const echo: RequestListener = (request, response) => request.pipe(response);
  const chunked = (url: string) => httpRequest(`${url}/v1/echo`, { method: 'POST', agent: false });

  test('of known length over the limit is refused before a service hears of it', async () => {
    await using gateway = await startGateway({ env: { BODY_LIMIT_BYTES: '1024', ...allAt(await nobody()) } });
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: 'x'.repeat(1025),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { code: 'body-too-large' } });
  });

  test('of unknown length is cut off at the limit', async () => {
    await using gateway = await before((request, response) => {
      request.on('error', () => undefined); // the gateway breaks it off: that is what this test is about
      request.resume().once('end', () => response.end('heard all'));
    });
    const asked = chunked(gateway.url);
    const answered = answerTo(asked);
    asked.write('x'.repeat(600));
    asked.end('x'.repeat(600));
    const answer = await answered;
    expect(answer.statusCode).toBe(413);
    expect(JSON.parse(await textOf(answer))).toMatchObject({ error: { code: 'body-too-large' } });
  });

  test('of unknown length within the limit passes', async () => {
    await using gateway = await before(echo);
    const asked = chunked(gateway.url);
    const answered = answerTo(asked);
    asked.write('x'.repeat(500));
    asked.end('y'.repeat(500));
    expect(await textOf(await answered)).toBe('x'.repeat(500) + 'y'.repeat(500));
  });

  test('passes without being held back: what comes back is sent again, until far more went through than is kept', async () => {
    await using gateway = await before(echo, { bodyLimit: 64_000_000 });
    const asked = chunked(gateway.url);
    const answered = answerTo(asked);
    asked.write(Buffer.alloc(500_000));
    let size = 0;
    for await (const chunk of await answered) {
      const part: Buffer = chunk;
      size += part.length;
      if (size < 32_000_000) asked.write(part);
      else asked.end();
    }
    expect(size).toBeGreaterThanOrEqual(32_000_000);
  });

  test('that a service does not hear to its end loses neither its answer nor the connection', async () => {
    const early: RequestListener = (_request, response) => {
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end('{"early":true}');
    };
    await using gateway = await before(early, { bodyLimit: 64_000_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i += 1) {
      const asked = httpRequest(`${gateway.url}/v1/echo`, { method: 'POST', agent });
      const answered = answerTo(asked);
      asked.end(Buffer.alloc(8_000_000));
      const answer = await answered;
      expect([answer.statusCode, await textOf(answer)]).toEqual([413, '{"early":true}']);
    }
    agent.destroy();
  });

  test('that is still being sent when the service dies in its answer takes only its own connection along', async () => {
    await using gateway = await beforeRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy());
      });
    });
    const asked = chunked(gateway.url);
    const answered = answerTo(asked);
    asked.write('first');
    const answer = await answered;
    const sending = setInterval(() => asked.write('more'), 1);
    await expect(textOf(answer)).rejects.toThrow();
    clearInterval(sending);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });

  test('that the caller breaks off is broken off at the service too', async () => {
    const [began, ended] = [gate(), gate()];
    await using gateway = await before((request) => {
      request.once('data', began.open);
      request.once('error', ended.open);
    });
    const asked = chunked(gateway.url);
    asked.on('error', () => undefined); // we break it off ourselves
    asked.write('half');
    await began.opened;
    asked.destroy();
    await ended.opened;
  });
});

describe('a WebSocket handshake', () => {
  test.each([
    ['to a service that is down', 503, async () => gatewayTo(await nobody()), '/ws'],
    ['to a service that hangs up', 502, () => beforeRaw(says('')), '/ws'],
    ['to a service that says nothing', 504, beforeSilence, '/ws'],
    ['to nowhere', 404, async () => gatewayTo(await nobody()), '/internal/ws'],
  ])('%s is refused with %i and a problem document', async (_what, status, start, path) => {
    await using gateway = await start();
    const answer = await handshake(gateway.url + path);
    if (isSwitched(answer)) throw new Error('switched');
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({ connection: 'close', 'x-request-id': expect.any(String) });
    expect(JSON.parse(await textOf(answer))).toMatchObject({ status });
  });

  test('with a bad token is refused, and counts against its address as any other guess', async () => {
    const env = { RATE_LIMITS: '{"anonymous":[2,9,9]}', ...allAt(await nobody()) };
    await using gateway = await startGateway({ env });
    const seen: (number | undefined)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const answer = await handshake(`${gateway.url}/ws`, { authorization: 'Bearer sk-hub-guess' });
      seen.push(isSwitched(answer) ? 101 : answer.statusCode);
    }
    expect(seen).toEqual([401, 401, 429]);
  });

  test('that a service refuses leaves no way past the gateway on the same connection', async () => {
    const heard: string[] = [];
    await using gateway = await before((request, response) => {
      heard.push(request.url ?? '');
      response.writeHead(404, { 'content-length': '2' }).end('no');
    });
    const offer = 'GET /ws HTTP/1.1\r\nhost: hub\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n';
    const answer = await exchangeBytes(
      gateway.url,
      `${offer}GET /internal/prices HTTP/1.1\r\nhost: hub\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 404/);
    expect(heard).toEqual(['/ws']);
  });

  test('leaves no socket open when the service ends it, nor when the gateway closes', async () => {
    const service = await rawService((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 OK\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        if (chunk.includes('bye')) socket.end('good bye');
      });
    });
    await using gateway = await gatewayBefore(service);
    const open = async () => {
      const answer = await handshake(`${gateway.url}/ws`);
      if (isSwitched(answer)) return answer.socket;
      throw new Error('refused');
    };
    const [first, second] = [await open(), await open()];
    first.write('bye');
    expect(await textOf(first)).toBe('good bye');
    const [ended] = await Promise.all([textOf(second), gateway.close()]);
    expect(ended).toBe('');
  });
});

describe('an offer of HTTP/2', () => {
  const offer =
    'host: hub\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';

  test('is passed over, and the request with its body answered as any other', async () => {
    await using gateway = await before((request, response) => {
      response.setHeader('x-heard', JSON.stringify(request.headers));
      request.pipe(response);
    });
    const post = `POST /v1/echo HTTP/1.1\r\n${offer}content-length: 11\r\n\r\nhello world`;
    const next = 'GET /v1/next HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n';
    const answer = await exchangeBytes(gateway.url, post + next);
    expect(answer.match(/^HTTP\/1.1 200 OK/gm)).toHaveLength(2);
    expect(answer).toContain('hello world');
    expect(answer).not.toContain('http2-settings');
  });
});
