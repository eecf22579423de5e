import { deferred } from '@smart-ai-hub/shared/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openQueue } from './queue.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const { signal } = new AbortController();
const queue = () => openQueue({ name: 'vendor', places: 2, seats: 2, patience: 5_000 });
const work = () => deferred<string>();

test('there is no more at once than places, and whoever waited longest goes first', async () => {
  const enter = queue();
  const begun: number[] = [];
  const works = [work(), work(), work(), work()];
  const done = works.map(({ promise }, index) =>
    enter(() => {
      begun.push(index);
      return promise;
    }, signal),
  );
  expect(begun).toEqual([0, 1]);
  works[1]?.resolve('second');
  await done[1];
  expect(begun).toEqual([0, 1, 2]);
  works[0]?.reject(new Error('failed'));
  await expect(done[0]).rejects.toThrow('failed');
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('one too many is refused at once, and one that waited too long after its time', async () => {
  const enter = queue();
  const { promise, resolve } = work();
  const inside = [enter(() => promise, signal), enter(() => promise, signal)];
  const waiting = enter(() => Promise.resolve('late'), signal);
  const late = expect(waiting).rejects.toMatchObject({ code: 'provider-busy', retryAfter: 5 });
  const other = enter(() => Promise.resolve('in time'), signal);
  await expect(enter(() => promise, signal)).rejects.toMatchObject({ code: 'provider-busy' });
  other.catch(() => undefined); // it is late too
  await vi.advanceTimersByTimeAsync(5_000);
  await late;
  resolve('done');
  await Promise.all(inside);
  await expect(enter(() => Promise.resolve('next'), signal)).resolves.toBe('next');
});

test('a caller who left while waiting gives the seat up', async () => {
  const enter = queue();
  const { promise } = work();
  void enter(() => promise, signal);
  void enter(() => promise, signal);
  const leaving = new AbortController();
  const left = enter(() => Promise.resolve('nobody hears it'), leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
});
