import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, describe, expect, test } from 'vitest';
import { openRunningCalls, type RunningCalls } from './running-calls.ts';

const store = memoryStore();
afterAll(() => store.close());

const call = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: {} });
const cancel = (requestId: unknown) => ({ method: 'notifications/cancelled', params: { requestId } });

function begin(calls: RunningCalls, session: string, id: unknown) {
  const ending = new AbortController();
  return { end: calls.begin(session, call(id), ending), isCancelled: () => ending.signal.aborted };
}

describe.each(['the process that answers it', 'another process'])('a call is cancelled at %s', (where) => {
  const open = async () => {
    const mine = await openRunningCalls(store.keyValue);
    return { mine, at: where === 'another process' ? await openRunningCalls(store.keyValue) : mine };
  };

  test('alone of its session, and by the number that it has there', async () => {
    const { mine, at } = await open();
    const [one, text, theirs] = [begin(mine, 'a', 1), begin(mine, 'a', '1'), begin(mine, 'b', 1)];
    await at.hear('a', cancel(1));
    await expect.poll(one.isCancelled).toBe(true);
    expect([text.isCancelled(), theirs.isCancelled()]).toEqual([false, false]);
  });

  test('once, and not after its end; a later call of the same number is another', async () => {
    const { mine, at } = await open();
    const first = begin(mine, 'a', 7);
    first.end();
    await at.hear('a', cancel(7));
    const second = begin(mine, 'a', 7);
    first.end();
    await at.hear('a', cancel(7));
    await at.hear('a', cancel(7));
    await expect.poll(second.isCancelled).toBe(true);
    expect(first.isCancelled()).toBe(false);
  });

  test.each([
    ...[undefined, null, {}, [], 'x'.repeat(1e5), Number.NaN].map((id) => cancel(id)),
    ...[
      {},
      [],
      null,
      'cancel',
      { method: 'notifications/cancelled' },
      { ...cancel(5), method: 'tools/call' },
    ],
  ])('not by %j', async (message) => {
    const { mine, at } = await open();
    const [one, last] = [begin(mine, 'a', 5), begin(mine, 'a', 'last')];
    await at.hear('a', message);
    await at.hear('a', cancel('last'));
    await expect.poll(last.isCancelled).toBe(true);
    expect(one.isCancelled()).toBe(false);
  });
});
