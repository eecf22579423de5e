import { describe, expect, it, vi } from 'vitest';
import { fakeServer, json } from '../testing/fake-server.ts';
import { sampleSession, sampleUsage } from '../testing/samples.ts';
import { createHub } from './hub.ts';
import { findSettledCall } from './settled-charge.ts';

/** A hub that writes the row of `request-1` before it is asked for the n-th time. */
function hubThatSettlesAt(attempt: number) {
  let asked = 0;
  const server = fakeServer({
    'GET /api/v1/usage/logs': () => {
      asked += 1;
      const items = [sampleUsage('another'), ...(asked >= attempt ? [sampleUsage('request-1')] : [])];
      return json({ items, nextCursor: null });
    },
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('token'));
  return { hub, server };
}

describe('findSettledCall', () => {
  it('asks until the call is settled', async () => {
    const { hub, server } = hubThatSettlesAt(3);
    const pause = vi.fn(async () => undefined);
    const call = await findSettledCall(hub, 'request-1', pause);
    expect(call).toEqual({ tokens: { tokensIn: 3, tokensOut: 5 }, micro: 8 });
    expect(server.seen).toHaveLength(3);
    expect(pause).toHaveBeenCalledTimes(3);
  });

  it('gives up after a while, waiting longer each time', async () => {
    const { hub } = hubThatSettlesAt(Infinity);
    const waits: number[] = [];
    const call = await findSettledCall(hub, 'request-1', async (ms) => void waits.push(ms));
    expect(call).toBeUndefined();
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
  });

  it('really waits where nobody says how', async () => {
    vi.useFakeTimers();
    const { hub, server } = hubThatSettlesAt(1);
    const call = findSettledCall(hub, 'request-1');
    expect(server.seen).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(await call).toBeDefined();
    vi.useRealTimers();
  });
});
