import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../upstreams/subscriptions.ts';
import { openNewsStream } from './news-stream.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client that takes what is written once `takes` is called. */
function slowClient() {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    written,
    takes: () => waiting.shift()?.(),
    sink: {
      hasBegun: () => true,
      write: (text: string) => {
        written.push(text);
        return new Promise<void>((resolve) => waiting.push(resolve));
      },
      end: () => written.push('end'),
    },
  };
}

const ONE = 'note://one';
const TWO = 'note://two';

function streamTo(client: ReturnType<typeof slowClient>) {
  const listeners = new Map<string, Listener>();
  const state: { uris: string[] | undefined; isAway: boolean; taken: Promise<void> } = {
    ...{ uris: [ONE, TWO], isAway: false, taken: Promise.resolve() },
  };
  const stream = openNewsStream(client.sink, {
    look: () => (state.isAway ? Promise.reject(new Error('the store is away')) : Promise.resolve(state.uris)),
    subscribe: (uri, listener) => {
      listeners.set(uri, listener);
      const leave = () => {
        listeners.delete(uri);
        return Promise.resolve();
      };
      return { taken: state.taken, leave };
    },
    newsOf: (params) => ({ params }),
    farewell: { said: 'farewell' },
  });
  const tell = (uri: string, told = uri) => listeners.get(uri)?.onNews({ uri: told });
  return { stream, state, listeners, tell };
}

const events = (...messages: object[]) =>
  messages
    .map((message) => `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
    .join('');
const news = (...uris: string[]) => events(...uris.map((uri) => ({ params: { uri } })));
const settled = () => vi.advanceTimersByTimeAsync(0);

test('what waits for a slow reader is one message for each resource, and the whole of it where parts differ', async () => {
  const client = slowClient();
  const { stream, tell } = streamTo(client);
  await stream.look(true);
  stream.begin('begun');
  tell(ONE);
  await settled();
  expect(client.written).toEqual(['begun', news(ONE)]);
  for (let times = 0; times < 1_000; times++) {
    tell(ONE);
    tell(TWO, `${TWO}/${times}`);
  }
  await settled();
  expect(client.written).toHaveLength(2);
  client.takes();
  client.takes();
  await settled();
  expect(client.written.slice(2)).toEqual([news(ONE, TWO)]);
});

test('gives signs of life to who takes what is written, and none to who does not', async () => {
  const client = slowClient();
  const { stream } = streamTo(client);
  await stream.look(true);
  stream.begin('begun');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(client.written).toEqual(['begun']);
  client.takes();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(client.written).toEqual(['begun', ': keepalive\n\n']);
});

test('tells nothing before it is known who may hear it, and loses nothing', async () => {
  const client = slowClient();
  const { stream, state, tell } = streamTo(client);
  await stream.look(true);
  stream.begin('begun');
  client.takes();
  state.isAway = true;
  tell(ONE);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(client.written.filter((text) => text.includes(ONE))).toEqual([]);
  state.isAway = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(client.written).toContain(news(ONE));
});

test('who may hear no more is told nothing but that it is over, and listens to nothing', async () => {
  const client = slowClient();
  const { stream, state, listeners, tell } = streamTo(client);
  await stream.look(true);
  stream.begin('begun');
  state.uris = undefined;
  tell(ONE);
  await settled();
  expect(client.written).toEqual(['begun', events({ said: 'farewell' }), 'end']);
  expect(listeners.size).toBe(0);
  expect(await stream.look()).toBe(false);
});

test('what its server took long to take is told, since nobody waits for that', async () => {
  const client = slowClient();
  const { stream, state } = streamTo(client);
  stream.begin('begun');
  let take: () => void = () => undefined;
  state.taken = new Promise((resolve) => {
    take = resolve;
  });
  const look = stream.look(true);
  await vi.advanceTimersByTimeAsync(6_000);
  take();
  expect(await look).toBe(true);
  expect(client.written).toEqual(['begun', news(ONE, TWO)]);
});

test('what is not subscribed to any more is not told, and what is new is told at once', async () => {
  const client = slowClient();
  const { stream, state, tell, listeners } = streamTo(client);
  state.uris = [ONE];
  await stream.look(true);
  stream.begin('begun');
  state.uris = [TWO];
  await stream.look();
  tell(ONE);
  await settled();
  expect([...listeners.keys()]).toEqual([TWO]);
  expect(client.written).toEqual(['begun', news(TWO)]);
});
