import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { KEY_VALUE_DRIVERS } from '../../testing/key-values.ts';
import type { KeyValue } from './key-value.ts';
import { createMemoryKeyValue } from './memory.ts';

describe.each(KEY_VALUE_DRIVERS)('%s', (_, driver) => {
  let store: KeyValue;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = driver(inject('redisUrl')));
    await vi.waitFor(() => store.ping());
  });
  afterAll(() => close());

  test('answers nothing for what nobody set', async () => {
    await expect(store.get(randomUUID())).resolves.toBeUndefined();
  });

  test.each(['value', '', '0', 'ผู้ใช้\n"quoted"', 'x'.repeat(100_000)])(
    'answers what was set: case %#',
    async (value) => {
      const key = randomUUID();
      await store.set(key, 'before', 60);
      await store.set(key, value, 60);
      await expect(store.get(key)).resolves.toBe(value);
    },
  );

  test('forgets what was deleted', async () => {
    const key = randomUUID();
    await store.set(key, 'value', 60);
    await store.delete(key);
    await store.delete(key);
    await expect(store.get(key)).resolves.toBeUndefined();
  });

  test('forgets a value when its time is over, and no sooner', async () => {
    const [brief, long] = [randomUUID(), randomUUID()];
    const start = Date.now();
    await store.set(brief, 'value', 1);
    await store.set(long, 'value', 60);
    await expect.poll(() => store.get(brief), { timeout: 3000 }).toBeUndefined();
    expect(Date.now() - start).toBeGreaterThan(900);
    await expect(store.get(long)).resolves.toBe('value');
  });

  test('of many who put their value where there is none, one succeeds', async () => {
    const key = randomUUID();
    const names = Array.from({ length: 50 }, (_unused, i) => `owner ${i}`);
    const won = await Promise.all(names.map((name) => store.replace(key, undefined, name, 60)));
    const winners = names.filter((_unused, i) => won[i]);
    expect(winners).toHaveLength(1);
    await expect(store.get(key)).resolves.toBe(winners[0]);
  });

  test('replaces a value, or takes it away, only where it is what was expected', async () => {
    const key = randomUUID();
    await store.set(key, '', 60);
    await expect(store.replace(key, undefined, 'new', 60)).resolves.toBe(false);
    await expect(store.replace(key, 'other', 'new', 60)).resolves.toBe(false);
    await expect(store.replace(key, '', 'new', 60)).resolves.toBe(true);
    await expect(store.replace(key, '', undefined, 60)).resolves.toBe(false);
    await expect(store.get(key)).resolves.toBe('new');
    await expect(store.replace(key, 'new', undefined, 60)).resolves.toBe(true);
    await expect(store.get(key)).resolves.toBeUndefined();
    await expect(store.replace(key, 'new', undefined, 60)).resolves.toBe(false);
  });

  test('what replaced lasts as long as was said, from then on', async () => {
    const key = randomUUID();
    await store.set(key, 'long', 60);
    await store.replace(key, 'long', 'brief', 1);
    await expect.poll(() => store.get(key), { timeout: 3000 }).toBeUndefined();
    await expect(store.replace(key, 'brief', 'late', 60)).resolves.toBe(false);
    await expect(store.replace(key, undefined, 'late', 60)).resolves.toBe(true);
  });

  test('counts each addition once, however many come at the same time', async () => {
    const key = randomUUID();
    const sums = await Promise.all(Array.from({ length: 100 }, () => store.increment(key, 60)));
    expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_unused, i) => i + 1));
    await expect(store.get(key)).resolves.toBe('100');
  });

  test('starts counting anew when the time of the first addition is over, whatever came since', async () => {
    const key = randomUUID();
    const start = Date.now();
    await expect(store.increment(key, 1)).resolves.toBe(1);
    await expect(store.increment(key, 1)).resolves.toBe(2);
    await expect.poll(() => store.increment(key, 1), { timeout: 3000 }).toBe(1);
    expect(Date.now() - start).toBeGreaterThan(900);
  });

  test('tells every listener of a channel, in order, and nobody else', async () => {
    const [channel, other] = [randomUUID(), randomUUID()];
    const heard: string[][] = [[], [], []];
    await store.subscribe(channel, (message) => heard[0]?.push(message));
    await store.subscribe(channel, (message) => heard[1]?.push(message));
    await store.subscribe(other, (message) => heard[2]?.push(message));
    for (const message of ['one', 'two', '']) await store.publish(channel, message);
    await expect.poll(() => heard).toEqual([['one', 'two', ''], ['one', 'two', ''], []]);
  });

  test('a message without a listener is nobody’s', async () => {
    await expect(store.publish(randomUUID(), 'hello')).resolves.toBeUndefined();
  });
});

describe('memory', () => {
  test('goes by the clock that it is given', async () => {
    let now = 0;
    const store = createMemoryKeyValue(() => now);
    await store.set('value', 'x', 10);
    await store.increment('count', 10);
    now = 9_999;
    await expect(store.get('value')).resolves.toBe('x');
    await expect(store.increment('count', 10)).resolves.toBe(2);
    now = 10_000;
    await expect(store.get('value')).resolves.toBeUndefined();
    await expect(store.increment('count', 10)).resolves.toBe(1);
    await store.close();
  });
});
