import { fakeProvider, finishEvent, startStream, textEvent, usageEvent } from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { startMcp } from '../mcp.fixture.ts';
import { chat, connect, heardIn } from './client.fixture.ts';

/** Bytes of the whole stream, and of one event of it. */
const WHOLE = 48 * 1024 * 1024;
const EVENT = 16 * 1024;
/** Bytes that kernels and streams on the way may hold: everything but what the client has not taken. */
const ON_THE_WAY = 16 * 1024 * 1024;

test('a slow reader slows the provider down, is not taken for dead, and gets all in the end', async () => {
  await using vendor = await fakeProvider();
  let sent = 0;
  vendor.answerWith((response) => {
    startStream(response);
    const word = 'x'.repeat(EVENT);
    const more = () => {
      while (sent < WHOLE) {
        sent += EVENT;
        if (!response.write(textEvent(word))) {
          response.once('drain', more);
          return;
        }
      }
      response.end(`${finishEvent()}${usageEvent()}`);
    };
    more();
  });
  await using mcp = await startMcp({
    providers: [{ name: 'vendor', baseUrl: vendor.url, models: ['m'] }],
    env: { WEBSOCKET_PING_MS: '5000' },
  });
  await using client = await connect(mcp.url, mcp.token);
  let received = 0;
  client.socket.removeAllListeners('message');
  client.socket.on('message', (data) => {
    const { type, data: said } = heardIn(data);
    received += said?.text?.length ?? 0;
    if (type !== 'chunk') ends.push(type);
  });
  const ends: string[] = [];
  client.socket.pause();
  client.say({ ...chat, id: 'a', stream: true });
  let before = -1;
  await expect
    .poll(
      () => {
        const isStill = sent > 0 && sent === before;
        before = sent;
        return isStill;
      },
      { interval: 500, timeout: 10_000 },
    )
    .toBe(true);
  expect(sent).toBeLessThan(ON_THE_WAY);
  client.socket.resume();
  await expect.poll(() => ends, { timeout: 30_000 }).toEqual(['done']);
  expect(received).toBe(WHOLE);
}, 60_000);
