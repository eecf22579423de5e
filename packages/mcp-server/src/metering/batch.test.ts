import { expect, test } from 'vitest';
import { inLanes, naturalBatch } from './batch.ts';

/** A call whose end the test decides. */
function controlled() {
  const calls: { items: number[]; finish: (results?: number[]) => void; fail: (error: Error) => void }[] = [];
  const send = (items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      calls.push({
        items,
        finish: (results = items.map((n) => n * 10)) => {
          resolve(results);
        },
        fail: reject,
      });
    });
  return { calls, send };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the first item goes at once; those that come meanwhile leave together, up to the limit', async () => {
  const { calls, send } = controlled();
  const add = naturalBatch(send, { limit: 3 });
  const all = Promise.all([1, 2, 3, 4, 5].map(add));
  expect(calls.map(({ items }) => items)).toEqual([[1]]);
  calls[0]?.finish();
  await turn();
  expect(calls[1]?.items).toEqual([2, 3, 4]);
  calls[1]?.finish();
  await turn();
  expect(calls[2]?.items).toEqual([5]);
  calls[2]?.finish();
  expect(await all).toEqual([10, 20, 30, 40, 50]);
});

test('lanes do not wait for one another, and what is about one thing goes by one of them', async () => {
  const { calls, send } = controlled();
  const keyOf = (item: number) => (item % 2 === 0 ? 'even' : 'odd');
  const add = inLanes({ lanes: 2, keyOf }, () => naturalBatch(send, { limit: 10 }));
  const all = Promise.all([1, 2, 3, 4].map(add));
  expect(calls.map(({ items }) => items)).toEqual([[1], [2]]);
  calls[1]?.finish();
  await turn();
  expect(calls[2]?.items).toEqual([4]);
  calls[0]?.finish();
  await turn();
  expect(calls[3]?.items).toEqual([3]);
  calls[2]?.finish();
  calls[3]?.finish();
  expect(await all).toEqual([10, 20, 30, 40]);
});

test('a failure reaches those of its batch alone, and the next batch goes', async () => {
  const { calls, send } = controlled();
  const add = naturalBatch(send, { limit: 10 });
  const first = add(1);
  const second = add(2);
  calls[0]?.fail(new Error('away'));
  await expect(first).rejects.toThrow('away');
  calls[1]?.finish();
  expect(await second).toBe(20);
});

test('an answer with too few results fails those it leaves out', async () => {
  const { calls, send } = controlled();
  const add = naturalBatch(send, { limit: 10 });
  const [one, two, three] = [add(1), add(2), add(3)];
  calls[0]?.finish();
  await one;
  await turn();
  calls[1]?.finish([20]);
  expect(await two).toBe(20);
  await expect(three).rejects.toThrow('in part');
});
