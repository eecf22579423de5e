import { DomainError } from '@smart-ai-hub/shared/contracts';
import { deferred } from '@smart-ai-hub/shared/testing';
import { beforeEach, expect, test } from 'vitest';
import { type Breaker, createBreaker } from './breaker.ts';

let time = 0;
let breaker: Breaker;
beforeEach(() => {
  time = 100_000;
  breaker = createBreaker('vendor', { percent: 50, now: () => time });
});

const failure = new DomainError('provider-failed');
const slowDown = new DomainError('provider-rate-limited');
const answer = () => breaker.run(() => Promise.resolve('answer'));
const fail = (error: Error = failure) =>
  breaker.run(() => Promise.reject(error)).catch((thrown: unknown) => thrown);
const times = async (count: number, work: () => Promise<unknown>) => {
  for (let i = 0; i < count; i++) await work();
};

test('half of enough calls failing opens it: nobody is asked, and the caller hears for how long', async () => {
  await times(2, answer);
  await times(2, fail);
  expect(breaker.state()).toBe('closed'); // four calls say nothing yet
  await fail();
  expect(breaker.state()).toBe('open');
  time += 10_000;
  let asked = false;
  const refused = breaker.run(() => {
    asked = true;
    return Promise.resolve();
  });
  await expect(refused).rejects.toMatchObject({ code: 'provider-failed', retryAfter: 20 });
  expect(asked).toBe(false);
});

test('less than half failing leaves it closed', async () => {
  await times(6, answer);
  await times(5, fail);
  expect(breaker.state()).toBe('closed');
});

test('what failed longer ago than the window is forgotten', async () => {
  await times(4, fail);
  time += 30_000;
  await fail();
  expect(breaker.state()).toBe('closed');
});

test('after half a minute one call is let through alone, and closes it by an answer', async () => {
  await times(5, fail);
  time += 30_000;
  expect(breaker.state()).toBe('half-open');
  const { promise, resolve } = deferred<string>();
  const probe = breaker.run(() => promise);
  await expect(answer()).rejects.toMatchObject({ code: 'provider-failed' });
  resolve('here again');
  await expect(probe).resolves.toBe('here again');
  expect(breaker.state()).toBe('closed');
  await fail();
  expect(breaker.state()).toBe('closed'); // what was before is forgotten
});

test('a probe that fails opens it for another half minute', async () => {
  await times(5, fail);
  time += 30_000;
  await fail();
  expect(breaker.state()).toBe('open');
  time += 29_000;
  expect(breaker.state()).toBe('open');
  time += 1_000;
  expect(breaker.state()).toBe('half-open');
});

test('a probe whose caller left says nothing: the next call is one', async () => {
  await times(5, fail);
  time += 30_000;
  await fail(new DOMException('left', 'AbortError'));
  expect(breaker.state()).toBe('half-open');
  await expect(answer()).resolves.toBe('answer');
});

test('lesson 22: streams that begin well and break off open it, each once', async () => {
  breaker = createBreaker('vendor', { percent: 100, now: () => time });
  await times(5, async () => {
    await answer();
    breaker.brokeOff();
  });
  expect(breaker.recent()).toEqual({ calls: 5, failed: 5 });
  expect(breaker.state()).toBe('open');
});

test('a stream that breaks off when its beginning is forgotten counts too', async () => {
  await times(5, answer);
  time += 30_000;
  for (let i = 0; i < 5; i++) breaker.brokeOff();
  expect(breaker.recent()).toEqual({ calls: 5, failed: 5 });
  expect(breaker.state()).toBe('open');
});

test('being asked to slow down is no failure', async () => {
  await times(5, () => fail(slowDown));
  expect(breaker.recent()).toEqual({ calls: 5, failed: 0 });
  expect(breaker.state()).toBe('closed');
});

test('it never opens where it is switched off', async () => {
  breaker = createBreaker('vendor', { percent: 0 });
  await times(20, fail);
  expect(breaker.state()).toBe('closed');
});
