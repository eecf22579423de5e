import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectUpstream } from './connection.ts';
import { FAULTY, node, settingsFor } from './upstream.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a child that is listened to is asked whether it is there, and ended where it does not say so', async () => {
  const connection = await connectUpstream(settingsFor(node(FAULTY), { timeout: 300 }), () => undefined);
  const { signal } = new AbortController();
  const params = { name: 'pid', arguments: {} };
  const said = JSON.stringify(await connection.ask({ method: 'tools/call', params, signal }));
  const listening = await connection.listen(() => undefined);
  process.kill(Number(/\d+/.exec(said)?.[0]), 'SIGSTOP');
  expect(connection.isOver()).toBe(false);
  vi.advanceTimersByTime(60_000);
  await listening.over;
  expect(connection.isOver()).toBe(true);
});
