import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  type FakeProvider,
  fakeProvider,
  freshDatabase,
  startStream,
  type TestDatabase,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { z } from 'zod';
import { blockOf } from '../house/markdown.ts';
import { signUp } from './person.ts';
import { NO_LIMITS, startPlatform } from './platform.ts';
import { startProcesses } from './processes.ts';
import { memoryOf } from './service-process.ts';

const answer = z.object({
  id: z.string().nullable(),
  type: z.enum(['chunk', 'done', 'error']),
  data: z.looseObject({ text: z.string().optional() }).optional(),
  usage: z.object({ creditsMicro: z.number() }).optional(),
  error: z.object({ code: z.string() }).optional(),
});

/** What anybody writes who has read docs/websocket.md. */
async function connect(url: string, protocols: string[], options: ClientOptions = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['smart-ai-hub.v1', ...protocols], options);
  const heard: z.output<typeof answer>[] = [];
  socket.on('message', (data) =>
    heard.push(answer.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString() : ''))),
  );
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  return {
    ...{ heard, closed },
    say: (message: object) => {
      socket.send(JSON.stringify(message));
    },
    end: async (id: string) => {
      const found = () => heard.find((one) => one.id === id && one.type !== 'chunk');
      await expect.poll(found, { timeout: 10_000 }).toBeDefined();
      return found();
    },
    text: (id: string) =>
      heard
        .filter((one) => one.id === id)
        .map(({ data }) => data?.text ?? '')
        .join(''),
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
      await closed;
    },
  };
}

const run = promisify(execFile);

const by = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const echo = { type: 'completion', model: 'hub/echo', prompt: 'hello there', stream: true };
const ECHOED = 'This is hub/echo, not an AI model. You said: hello there';

let vendor: FakeProvider;
let database: TestDatabase;
beforeAll(async () => {
  vendor = await fakeProvider();
  database = await freshDatabase(inject('postgres'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await vendor.close();
});

const env = () => ({
  ...NO_LIMITS,
  PROVIDERS: JSON.stringify([{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }]),
  PROVIDER_DRAIN_MS: '100',
  WEBSOCKET_PER_PERSON: '1000',
});

/** In one process, and over HTTP between four. */
const WAYS = {
  'one process': async () => Object.assign(await startPlatform(inject('postgres'), env()), { pids: [] }),
  'several processes': async () => {
    const redisUrl = inject('redisUrl');
    const hub = await startProcesses({ ...database, redisUrl }, { lanes: 1, env: env() });
    const [gateway, mcp] = [hub.gateways[0], hub.mcps[0]];
    if (!gateway || !mcp) throw new Error('there is no lane');
    const pids = [gateway.pid, mcp.pid];
    return { url: gateway.url, pids, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
  },
};

describe.each(Object.entries(WAYS))('/ws through the gateway, in %s', (_name, start) => {
  let hub: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    hub = await start();
  }, 60_000);
  afterAll(() => hub[Symbol.asyncDispose]());

  test('a call is answered and paid, by key, by session and by sub-protocol', async () => {
    const person = await signUp(hub.url);
    const key = await person.makeKey();
    await using byKey = await connect(hub.url, [], by(key));
    await using bySession = await connect(hub.url, [], by(person.accessToken));
    await using byProtocol = await connect(hub.url, [`smart-ai-hub.bearer.${key}`]);
    for (const client of [byKey, bySession, byProtocol]) {
      client.say({ ...echo, id: 'a' });
      const end = await client.end('a');
      expect(end).toMatchObject({ type: 'done', usage: { creditsMicro: expect.any(Number) } });
      expect(client.text('a')).toBe(ECHOED);
    }
    const logs = async () => (await person.get('/api/v1/usage/logs'))['items'];
    const paid = { service: 'chat', status: 'ok', model: 'hub/echo' };
    await expect.poll(logs).toMatchObject([paid, paid, paid]);
  });

  test('without a credential, or with one in the address, there is no way in', async () => {
    const key = await (await signUp(hub.url)).makeKey();
    await expect(connect(hub.url, [])).rejects.toThrow('401');
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws?token=${key}`);
    await expect(once(socket, 'open')).rejects.toThrow('400');
  });

  test('calls go side by side, and one is cancelled', async () => {
    vendor.answerWith((response) => {
      startStream(response);
      response.write(textEvent('the first word'));
    });
    await using client = await connect(hub.url, [], by(await (await signUp(hub.url)).makeKey()));
    const messages = [{ role: 'user', content: 'say much' }];
    const long = { type: 'chat', model: 'gpt-4o-mini', messages, stream: true, maxTokens: 50 };
    client.say({ ...long, id: 'long' });
    await expect.poll(() => client.text('long')).toBe('the first word');
    client.say({ ...echo, id: 'short' });
    expect(await client.end('short')).toMatchObject({ type: 'done' });
    client.say({ id: 'long', type: 'cancel' });
    expect(await client.end('long')).toMatchObject({ type: 'done', data: { finishReason: 'cancelled' } });
    await vendor.asked.at(-1)?.aborted;
  });

  test('a revoked key and an ended session close what they opened', async () => {
    const person = await signUp(hub.url);
    const { key, id } = await person.post('/api/v1/keys', { name: 'soon gone' });
    await using byKey = await connect(hub.url, [], by(String(key)));
    await using bySession = await connect(hub.url, [], by(person.accessToken));
    byKey.say({ ...echo, id: 'a' });
    await byKey.end('a');
    const as = { headers: { authorization: `Bearer ${person.accessToken}` } };
    await fetch(`${hub.url}/api/v1/keys/${String(id)}`, { method: 'DELETE', ...as });
    expect(await byKey.closed).toBe(4401);
    bySession.say({ ...echo, id: 'b' });
    expect(await bySession.end('b')).toMatchObject({ type: 'done' });
    await fetch(`${hub.url}/api/v1/auth/logout`, { method: 'POST', ...as });
    expect(await bySession.closed).toBe(4401);
  });

  test('the example of the documentation does what it says', async () => {
    const page = readFileSync(new URL('../../docs/websocket.md', import.meta.url), 'utf8');
    const example = blockOf(page, 'js');
    const key = await (await signUp(hub.url)).makeKey();
    const { stdout, stderr } = await run(
      process.execPath,
      ['--experimental-websocket', '--no-warnings', '--input-type=module', '--eval', example],
      { env: { HUB_URL: hub.url.replace('http', 'ws'), HUB_KEY: key } },
    );
    expect(stdout).toMatch(/^This is hub\/echo.*You said: Say hello\.\n\d+ micro-credits\n$/s);
    expect(stderr).toBe('');
  });

  test('a thousand idle sockets are open at once, and answer', async () => {
    const key = await (await signUp(hub.url)).makeKey();
    const clients: Awaited<ReturnType<typeof connect>>[] = [];
    for (let i = 0; i < 20; i += 1)
      clients.push(...(await Promise.all(Array.from({ length: 50 }, () => connect(hub.url, [], by(key))))));
    for (const client of [clients[0], clients.at(-1)]) {
      client?.say({ ...echo, id: 'a' });
      expect(await client?.end('a')).toMatchObject({ type: 'done' });
    }
    for (const pid of hub.pids) expect(memoryOf(pid)).toBeLessThan(512);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  });
});
