import { once } from 'node:events';
import { memoryStore, openAccessChanges } from '@smart-ai-hub/shared/service';
import { type FakeProvider, fakeProvider, plain, startStream, textEvent } from '@smart-ai-hub/shared/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startMcp } from '../mcp.fixture.ts';
import { chat, connect } from './client.fixture.ts';

let vendor: FakeProvider;
beforeAll(async () => {
  vendor = await fakeProvider();
});
afterAll(() => vendor.close());

const start = (options: Parameters<typeof startMcp>[0] = {}) =>
  startMcp({ providers: [{ name: 'vendor', baseUrl: vendor.url, models: ['m'] }], ...options });

type Mcp = Awaited<ReturnType<typeof startMcp>>;

/** Answers that begin, and end when they are told to. */
function held() {
  const ends: (() => void)[] = [];
  vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('begun'));
    ends.push(() => response.end('data: [DONE]\n\n'));
  });
  return { end: () => ends.splice(0).forEach((end) => end()) };
}

describe('the handshake', () => {
  let mcp: Mcp;
  beforeAll(async () => {
    mcp = await start();
  });
  afterAll(() => mcp[Symbol.asyncDispose]());

  test('agrees to the sub-protocol', async () => {
    await using client = await connect(mcp.url, mcp.token);
    expect(client.socket.protocol).toBe('smart-ai-hub.v1');
  });

  const refusal = async (path: string, headers: Record<string, string>) => {
    const socket = new WebSocket(mcp.url.replace('http', 'ws') + path, { headers });
    const [error]: unknown[] = await once(socket, 'error');
    return String(error);
  };

  test('is refused to nobody, to a bad token, and to who may use no models', async () => {
    expect(await refusal('/ws', {})).toContain('401');
    expect(await refusal('/ws', { authorization: 'Bearer nonsense' })).toContain('401');
    const token = await mcp.issuer.token({ grants: {} });
    expect(await refusal('/ws', { authorization: `Bearer ${token}` })).toContain('403');
  });

  test('reads no token of an address, and says so', async () => {
    expect(await refusal(`/ws?token=${mcp.token}`, {})).toContain('400');
    const answer = await fetch(`${mcp.url}/ws?access_token=${mcp.token}`);
    expect(await answer.json()).toMatchObject({
      code: 'invalid-request',
      detail: expect.stringMatching(/query/),
    });
    expect(mcp.log.text()).not.toContain(mcp.token);
  });

  test('is what this address is for', async () => {
    const answer = await fetch(`${mcp.url}/ws`, { headers: { authorization: `Bearer ${mcp.token}` } });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid-request' }]);
  });
});

test('one person opens as many sockets as they may, and another as soon as one is closed', async () => {
  await using mcp = await start({ env: { WEBSOCKET_PER_PERSON: '2' } });
  const userId = randomUUID();
  const [byKey, bySession] = [
    await mcp.issuer.token({ userId, keyId: randomUUID() }),
    await mcp.issuer.token({ userId }),
  ];
  await using first = await connect(mcp.url, byKey);
  await using _second = await connect(mcp.url, bySession);
  await expect(connect(mcp.url, byKey)).rejects.toThrow('429');
  await using _another = await connect(mcp.url, mcp.token);
  first.socket.close();
  await first.closed;
  const reopened = await vi.waitFor(() => connect(mcp.url, byKey)); // the hub hears of the end a moment later
  await using _reopened = reopened;
  await expect(connect(mcp.url, bySession)).rejects.toThrow('429');
});

describe('what makes no sense', () => {
  let mcp: Mcp;
  beforeAll(async () => {
    mcp = await start();
  });
  afterAll(() => mcp[Symbol.asyncDispose]());

  test.each<[string | object, string | null, string]>([
    ['{', null, 'malformed-json'],
    ['', null, 'malformed-json'],
    ['null', null, 'invalid-request'],
    ['[]', null, 'invalid-request'],
    [{}, null, 'invalid-request'],
    [{ ...chat }, null, 'invalid-request'],
    [{ ...chat, id: '' }, null, 'invalid-request'],
    [{ ...chat, id: 7 }, null, 'invalid-request'],
    [{ ...chat, id: 'x'.repeat(101) }, null, 'invalid-request'],
    [{ ...chat, id: 'a', type: 'image' }, 'a', 'invalid-request'],
    [{ id: 'a' }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', messages: [] }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', messages: undefined }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', prompt: 'both' }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', provider: 'somebody' }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', temperature: 3 }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', maxTokens: 0 }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', max_tokens: 5 }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', n: 2 }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', stream: 'yes' }, 'a', 'invalid-request'],
    [{ id: 'a', type: 'completion', model: 'm', prompt: '' }, 'a', 'invalid-request'],
    [{ id: 'a', type: 'embedding', model: 'm', prompt: [] }, 'a', 'invalid-request'],
    [{ id: 'a', type: 'cancel', also: 1 }, 'a', 'invalid-request'],
    [{ ...chat, id: 'a', model: 'nobody' }, 'a', 'model-not-found'],
  ])('%j is answered with an error, and asks nobody', async (message, id, code) => {
    const asked = vendor.asked.length;
    await using client = await connect(mcp.url, mcp.token);
    client.say(message);
    const { type, error } = await client.endOf(id);
    expect([type, error?.code]).toEqual(['error', code]);
    expect(client.heard).toHaveLength(1);
    expect(vendor.asked).toHaveLength(asked);
  });

  test('what is wrong is named', async () => {
    await using client = await connect(mcp.url, mcp.token);
    client.say({ ...chat, id: 'a', temperature: 3 });
    expect((await client.endOf('a')).error?.message).toContain('temperature');
  });

  test('an id of a call under way is not used again, and that call goes on', async () => {
    const { end } = held();
    await using client = await connect(mcp.url, mcp.token);
    client.say({ ...chat, id: 'a', stream: true });
    client.say({ ...chat, id: 'a' });
    client.say({ id: 'a', type: 'nonsense' });
    await expect
      .poll(() => client.about(null).map(({ error }) => error?.code))
      .toEqual(['invalid-request', 'invalid-request']);
    await expect.poll(() => client.about('a')).toHaveLength(1);
    end();
    expect(await client.endOf('a')).toMatchObject({ type: 'done' });
  });

  test('more calls at once than a socket has room for are refused', async () => {
    const { end } = held();
    await using client = await connect(mcp.url, await mcp.issuer.token({ roles: ['admin'] }));
    for (let i = 0; i < 17; i += 1) client.say({ ...chat, id: String(i), stream: true });
    expect((await client.endOf('16')).error).toMatchObject({ code: 'rate-limited' });
    await expect.poll(() => client.about('15')).toHaveLength(1);
    end();
    await client.endOf('15');
  });

  test('bytes, messages without end and a flood of nonsense end the socket', async () => {
    await using bytes = await connect(mcp.url, mcp.token);
    bytes.socket.send(Buffer.from([0, 255]));
    expect(await bytes.closed).toMatchObject([1003, expect.any(String)]);

    await using large = await connect(mcp.url, mcp.token);
    large.say('x'.repeat(8 * 1024 * 1024 + 1));
    expect(await large.closed).toMatchObject([1009, expect.any(String)]);

    await using flood = await connect(mcp.url, mcp.token);
    for (let i = 0; i < 100; i += 1) flood.say('{');
    expect(await flood.closed).toMatchObject([1008, expect.any(String)]);
  });
});

describe('the credential behind a socket', () => {
  /** One whose auth-service can end credentials. */
  async function revocable() {
    const store = memoryStore();
    let isOver = false;
    let renewed = 0;
    const mcp = await start({
      store,
      auth: ({ transport }) => {
        const over = { status: 401, body: { ...UNAUTHENTICATED } };
        const answer: typeof transport = Object.assign(
          (request: Parameters<typeof transport>[0]) => {
            if (request.path !== '/internal/renew') return transport(request);
            renewed += 1;
            return isOver ? Promise.resolve(over) : transport(request);
          },
          { close: transport.close },
        );
        return answer;
      },
    });
    const keyId = randomUUID();
    const token = await mcp.issuer.token({ keyId });
    return {
      ...{ mcp, token },
      renewed: () => renewed,
      changed: () => openAccessChanges(store.keyValue).announce(`key:${keyId}`),
      over: () => {
        isOver = true;
      },
      [Symbol.asyncDispose]: () => mcp[Symbol.asyncDispose](),
    };
  }
  const UNAUTHENTICATED = {
    ...{ type: '/problems/unauthenticated', title: 't', status: 401, code: 'unauthenticated' },
    ...{ instance: '/', requestId: 'fake-auth-1' },
  };

  test('is asked about once, and again when something changes', async () => {
    vendor.answerWith(plain());
    await using hub = await revocable();
    await using client = await connect(hub.mcp.url, hub.token);
    for (const id of ['a', 'b']) {
      client.say({ ...chat, id });
      await client.endOf(id);
    }
    expect(hub.renewed()).toBe(1);
    await hub.changed();
    client.say({ ...chat, id: 'c' });
    expect(await client.endOf('c')).toMatchObject({ type: 'done' });
    expect(hub.renewed()).toBe(2);
  });

  test('once revoked, an idle socket is closed', async () => {
    await using hub = await revocable();
    await using client = await connect(hub.mcp.url, hub.token);
    hub.over();
    await hub.changed();
    expect(await client.closed).toEqual([4401, 'the token or key has ended']);
  });

  test('once revoked, the next call is refused, and the socket closes when those under way have ended', async () => {
    const { end } = held();
    await using hub = await revocable();
    await using client = await connect(hub.mcp.url, hub.token);
    client.say({ ...chat, id: 'a', stream: true });
    await expect.poll(() => client.about('a')).toHaveLength(1);
    hub.over();
    await hub.changed();
    client.say({ ...chat, id: 'b' });
    expect((await client.endOf('b')).error?.code).toMatch(/^(unauthenticated|service-unavailable)$/);
    end();
    expect(await client.endOf('a')).toMatchObject({ type: 'done' });
    expect(await client.closed).toEqual([4401, 'the token or key has ended']);
  });
});

test('calls count against the limits of their person, as they do over HTTP', async () => {
  vendor.answerWith(plain());
  await using mcp = await start({ env: { RATE_LIMITS: '{"user":[2,100,1000]}' } });
  await using client = await connect(mcp.url, mcp.token);
  for (const id of ['a', 'b', 'c']) {
    client.say({ ...chat, id });
    await client.endOf(id);
  }
  expect(client.heard.map(({ type }) => type)).toEqual(['done', 'done', 'error']);
  const { error } = await client.endOf('c');
  expect(error).toMatchObject({ code: 'rate-limited', retryAfter: expect.any(Number) });
});

test('lesson 22: who gives no sign of life is ended, and who does stays', async () => {
  await using mcp = await start({ env: { WEBSOCKET_PING_MS: '50' } });
  await using alive = await connect(mcp.url, mcp.token);
  await using dead = await connect(mcp.url, mcp.token, { autoPong: false });
  expect(await dead.closed).toMatchObject([1006, '']);
  await once(alive.socket, 'ping');
  await once(alive.socket, 'ping');
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
});

test('an end of the process lets calls end, and takes no others', async () => {
  const { end } = held();
  const mcp = await start();
  await using client = await connect(mcp.url, mcp.token);
  await using idle = await connect(mcp.url, mcp.token);
  client.say({ ...chat, id: 'a', stream: true });
  await expect.poll(() => client.about('a')).toHaveLength(1);
  const closing = mcp[Symbol.asyncDispose]();
  expect(await idle.closed).toEqual([1001, 'the hub is restarting']);
  client.say({ ...chat, id: 'b' });
  expect((await client.endOf('b')).error?.code).toBe('service-unavailable');
  end();
  expect(await client.endOf('a')).toMatchObject({ type: 'done' });
  expect(await client.closed).toEqual([1001, 'the hub is restarting']);
  await closing;
});
