import { randomUUID } from 'node:crypto';
import { createMemoryKeyValue, createMemoryRateLimiter, type KeyValue } from '@smart-ai-hub/shared/service';
import { KEY_VALUE_DRIVERS, testLog } from '@smart-ai-hub/shared/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { createAllowance } from './allowance.ts';
import { type Claim, createIdempotency, type OnceCall } from './idempotency.ts';
import type { KeptAnswer } from './kept-answer.ts';

const { logger } = testLog();
const open = (store: KeyValue) =>
  createIdempotency(store, createAllowance(createMemoryRateLimiter(), logger), logger);
const newCall = (): OnceCall => ({
  ...{ userId: randomUUID(), door: 'openai:chat', key: randomUUID(), request: '{"model":"m"}' },
});
const ANSWER: KeptAnswer = { kind: 'whole', text: '{"said":"a secret of ผู้ใช้"}' };

const claimOf = (begun: { answer: KeptAnswer } | { claim: Claim }): Claim => {
  if ('claim' in begun) return begun.claim;
  throw new Error('this was answered already');
};

describe.each(KEY_VALUE_DRIVERS)('an idempotency key, over %s', (_, driver) => {
  let store: KeyValue;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = driver(inject('redisUrl')));
    await vi.waitFor(() => store.ping());
  });
  afterAll(() => close());

  test('is one call’s, of fifty that come together to several processes', async () => {
    const call = newCall();
    const processes = Array.from({ length: 5 }, () => open(store));
    const tries = processes.flatMap(({ begin }) => Array.from({ length: 10 }, () => begin(call)));
    const results = await Promise.allSettled(tries);
    const [won, ...others] = results.filter(({ status }) => status === 'fulfilled');
    expect([won?.status, others.length]).toEqual(['fulfilled', 0]);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'idempotency-in-progress', retryAfter: 1 });
  });

  test.each<KeptAnswer>([
    ANSWER,
    { kind: 'refusal', status: 422, text: '{}' },
    { kind: 'events', text: 'data: {}\n\ndata: [DONE]\n\n' },
  ])('gives what was kept, again and again, in every process: $kind', async (answer) => {
    const call = newCall();
    const claim = claimOf(await open(store).begin(call));
    await claim.keep(answer);
    await claim.end();
    for (const process of [open(store), open(store)])
      await expect(process.begin(call)).resolves.toEqual({ answer });
  });

  test('refuses another request, under way and answered', async () => {
    const call = newCall();
    const other = { ...call, request: '{"model":"n"}' };
    const mismatch = { code: 'idempotency-mismatch' };
    const claim = claimOf(await open(store).begin(call));
    await expect(open(store).begin(other)).rejects.toMatchObject(mismatch);
    await claim.keep(ANSWER);
    await claim.end();
    await expect(open(store).begin(other)).rejects.toMatchObject(mismatch);
  });

  test('is free again where nothing was kept', async () => {
    const call = newCall();
    await claimOf(await open(store).begin(call)).end();
    await claimOf(await open(store).begin({ ...call, request: 'another' })).end();
  });

  test('means something else to somebody else, and at another door', async () => {
    const call = newCall();
    await claimOf(await open(store).begin(call)).keep(ANSWER);
    for (const other of [{ userId: randomUUID() }, { door: 'openai:embedding' }, { key: 'other' }])
      expect(await open(store).begin({ ...call, ...other })).toHaveProperty('claim');
  });

  test('and what is kept under it show nothing to who reads the store', async () => {
    const written: string[] = [];
    const spied: KeyValue = {
      ...store,
      replace: (key, before, after, ttl) => {
        written.push(key, after ?? '');
        return store.replace(key, before, after, ttl);
      },
    };
    const call = { ...newCall(), key: 'easily-recognized', request: '{"prompt":"mine"}' };
    const claim = claimOf(await open(spied).begin(call));
    await claim.keep(ANSWER);
    await claim.end();
    expect(written).toHaveLength(4);
    for (const word of ['secret', 'easily-recognized', 'prompt', 'mine'])
      expect(written.join('\n')).not.toContain(word);
  });
});

describe('a process', () => {
  let store: KeyValue;
  const inProgress = { code: 'idempotency-in-progress' };
  beforeEach(() => {
    vi.useFakeTimers();
    store = createMemoryKeyValue();
  });
  afterEach(async () => {
    await store.close();
    vi.useRealTimers();
  });

  test('that died leaves its key to others after a minute', async () => {
    const call = newCall();
    let isDead = false;
    const reached: KeyValue = {
      ...store,
      replace: (...given) => (isDead ? Promise.reject(new Error('gone')) : store.replace(...given)),
    };
    const claim = claimOf(await open(reached).begin(call));
    isDead = true;
    await vi.advanceTimersByTimeAsync(59_000);
    await expect(open(store).begin(call)).rejects.toMatchObject(inProgress);
    await vi.advanceTimersByTimeAsync(1_000);
    const next = claimOf(await open(store).begin(call));
    isDead = false;
    await claim.keep(ANSWER);
    await claim.end();
    await expect(open(store).begin(call), 'the first has lost it').rejects.toMatchObject(inProgress);
    await next.end();
  });

  test('that lives keeps its key however long it takes, and the answer for a day', async () => {
    const call = newCall();
    const claim = claimOf(await open(store).begin(call));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await expect(open(store).begin(call)).rejects.toMatchObject(inProgress);
    await claim.keep(ANSWER);
    await claim.end();
    await vi.advanceTimersByTimeAsync(86_399_000);
    await expect(open(store).begin(call)).resolves.toEqual({ answer: ANSWER });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await open(store).begin(call)).toHaveProperty('claim');
  });
});

test('an account whose room is used up makes no call that could not be kept; others do', async () => {
  const store = createMemoryKeyValue();
  const idempotency = open(store);
  const { userId } = newCall();
  const large: KeptAnswer = { kind: 'whole', text: 'x'.repeat(1024 * 1024) };
  const fill = async () => {
    const claim = claimOf(await idempotency.begin({ ...newCall(), userId }));
    await claim.keep(large);
    await claim.end();
  };
  const room = 64 * 1024 * 1024;
  const calls = Math.ceil(room / ((large.text.length * 4) / 3));
  for (let i = 0; i < calls; i++) await fill();
  await expect(fill()).rejects.toMatchObject({ code: 'rate-limited' });
  expect(await idempotency.begin(newCall())).toHaveProperty('claim');
  await store.close();
});
