import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutbox } from './outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function outbox(send: (items: number[]) => Promise<unknown>, keep = 60_000) {
  const lost: number[] = [];
  const troubles: number[] = [];
  const box = createOutbox<number>({
    send,
    gather: 20,
    limit: 3,
    keep,
    onTrouble: (_error, waiting) => troubles.push(waiting),
    onLost: (items) => lost.push(...items),
  });
  return { box, lost, troubles };
}

test('items gather and leave together, at most the limit at once', async () => {
  const sent: number[][] = [];
  const { box } = outbox((items) => Promise.resolve(sent.push(items)));
  for (const item of [1, 2, 3, 4]) box.add(item);
  await vi.advanceTimersByTimeAsync(19);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(30);
  expect(sent).toEqual([[1, 2, 3], [4]]);
});

test('what cannot be sent is tried again, ever more rarely, in order, and once it arrives not again', async () => {
  let failures = 3;
  const sent: number[][] = [];
  const { box, troubles } = outbox((items) =>
    failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(sent.push(items)),
  );
  box.add(1);
  box.add(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sent).toEqual([[1, 2]]);
  expect(troubles).toEqual([2, 2, 2]);
});

test('what is too old to be worth it is given up and named', async () => {
  const { box, lost } = outbox(() => Promise.reject(new Error('away')), 1_000);
  box.add(7);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lost).toEqual([7]);
});

test('a flush does not wait for others to gather', async () => {
  const sent: number[][] = [];
  const { box } = outbox((items) => Promise.resolve(sent.push(items)));
  await box.flush();
  box.add(1);
  await box.flush();
  expect(sent).toEqual([[1]]);
});

test('closing sends everything that is left, and says what could not be', async () => {
  const sent: number[][] = [];
  const { box } = outbox((items) => Promise.resolve(sent.push(items)));
  for (const item of [1, 2, 3, 4, 5]) box.add(item);
  expect(await box.close(1_000)).toBe(0);
  expect(sent.flat()).toEqual([1, 2, 3, 4, 5]);
  const stuck = outbox(() => Promise.reject(new Error('away')));
  stuck.box.add(1);
  expect(await stuck.box.close(0)).toBe(1);
});
