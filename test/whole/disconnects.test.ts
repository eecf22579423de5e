import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import {
  type Answer,
  fakeProvider,
  plain,
  silence,
  startStream,
  textEvent,
  usageEvent,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let platform: TestPlatform;
let person: Person;
let key: string;

beforeAll(async () => {
  vendor = await fakeProvider();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  const env = { PROVIDERS: JSON.stringify(providers), PROVIDER_DRAIN_MS: '200', ...NO_LIMITS };
  platform = await startPlatform(inject('postgres'), env);
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await vendor.close();
});
beforeEach(async () => {
  person = await signUp(platform.url);
  key = await person.makeKey();
});

const bodyOf = (stream: boolean) =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Say hello.' }],
    max_tokens: 50,
    stream,
  });

/** A connection on which the test writes and from which it goes away as it likes, and the hub's side of it. */
async function open() {
  const { port } = new URL(platform.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined); // it goes away itself: that is what these tests are about
  const [hubSide] = z.tuple([z.instanceof(Socket)]).parse(await once(platform.server, 'connection'));
  return { socket, hubSide };
}

const headOf = (length: number) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${key}\r\n` +
  `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** Asks, and resolves once the vendor has the question. */
async function ask(stream: boolean, answer: Answer) {
  vendor.answerWith(answer);
  const before = vendor.asked.length;
  const { socket, hubSide } = await open();
  const body = bodyOf(stream);
  socket.write(headOf(body.length) + body);
  await expect.poll(() => vendor.asked.length).toBe(before + 1);
  const asked = vendor.asked.at(-1);
  if (!asked) throw new Error('the vendor was not asked');
  return { socket, hubSide, asked };
}

/** Nothing is held any more, nothing was logged as a fault, and the next caller is served. */
async function expectHealthy() {
  await expect.poll(() => person.get('/api/v1/credits/balance')).toMatchObject({ heldMicro: 0 });
  vendor.answerWith(plain());
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const next = await fetch(`${platform.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: bodyOf(false),
  });
  expect(next.status).toBe(200);
  await expect.poll(() => person.get('/api/v1/credits/balance')).toMatchObject({ heldMicro: 0 });
  expect(platform.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
}

/** The usage rows but that of the health check behind it. */
const usage = async () =>
  z
    .array(z.unknown())
    .parse((await person.get('/api/v1/usage/logs'))['items'])
    .slice(1);

describe('a caller who goes away before there is a request', () => {
  test.each([
    ['after connecting', ''],
    ['in the request line', 'POST /v1/ch'],
    ['in the head', 'POST /v1/chat/completions HTTP/1.1\r\nhost: hub\r\n'],
    ['before the body', undefined],
    ['in the middle of the body', '{"model":"gpt-4o-mini","mess'],
  ])('%s costs nothing', async (_when, part) => {
    const before = vendor.asked.length;
    const { socket } = await open();
    if (part === undefined) socket.write(headOf(100));
    else if (part.startsWith('{')) socket.write(headOf(100) + part);
    else socket.write(part);
    socket.resetAndDestroy();
    await expectHealthy();
    expect(vendor.asked).toHaveLength(before + 1);
    expect(await usage()).toEqual([]);
  });
});

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

const oneWord: Answer = (response) => {
  startStream(response);
  response.write(textEvent('Hello'));
};

const oneWordAndThenUsage: Answer = (response, asked) => {
  void oneWord(response, asked);
  finish = () => {
    response.write(usageEvent(USAGE));
    response.end('data: [DONE]\n\n');
  };
};

let finish: () => void = () => undefined;

describe('a caller who goes away', () => {
  test.each([
    ['while the vendor thinks', false],
    ['while the vendor thinks about a stream', true],
  ])('%s makes the vendor stop, and pays for the question', async (_when, stream) => {
    const { socket, asked } = await ask(stream, silence);
    socket.destroy();
    await asked.aborted;
    await expectHealthy();
    expect(await usage()).toMatchObject([
      { status: 'client-closed', tokenSource: 'counted', completionTokens: 0 },
    ]);
  });

  test('lesson 2: in the middle of a stream makes the vendor stop, and pays for what was delivered', async () => {
    const { socket, asked } = await ask(true, oneWord);
    await once(socket, 'data');
    socket.destroy();
    await asked.aborted;
    await expectHealthy();
    expect(await usage()).toMatchObject([
      { status: 'client-closed', tokenSource: 'counted', completionTokens: 1 },
    ]);
  });

  test('pays what the vendor reports, where it does so soon', async () => {
    const { socket, hubSide } = await ask(true, oneWordAndThenUsage);
    await once(socket, 'data');
    const noticed = once(hubSide, 'close');
    socket.destroy();
    await noticed;
    finish();
    await expectHealthy();
    expect(await usage()).toMatchObject([
      {
        status: 'client-closed',
        tokenSource: 'reported',
        promptTokens: 7,
        completionTokens: 3,
        creditsMicro: 10_000,
      },
    ]);
  });

  test('after the whole answer is no caller who went away', async () => {
    const { socket } = await ask(false, plain());
    await once(socket, 'data');
    socket.destroy();
    await expectHealthy();
    expect(await usage()).toMatchObject([{ status: 'ok', tokenSource: 'reported', creditsMicro: 120_000 }]);
  });

  test('many at once leave nothing behind', async () => {
    vendor.answerWith(silence);
    const body = bodyOf(true);
    const opened = await Promise.all(Array.from({ length: 10 }, open));
    const sockets = opened.map(({ socket }) => socket);
    const before = vendor.asked.length;
    for (const socket of sockets) socket.write(headOf(body.length) + body);
    await expect.poll(() => vendor.asked.length).toBe(before + 10);
    for (const socket of sockets) socket.resetAndDestroy();
    await Promise.all(vendor.asked.slice(before).map(({ aborted }) => aborted));
    await expectHealthy();
    expect(await usage()).toHaveLength(10);
  });
});
