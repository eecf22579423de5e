import { randomUUID } from 'node:crypto';
import { fakeProvider, freshDatabase, plain, type TestDatabase } from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { gate } from './gated-vendor.ts';
import { type Person, signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let database: TestDatabase;
let hub: Processes;
let person: Person;

beforeAll(async () => {
  vendor = await fakeProvider();
  database = await freshDatabase(inject('postgres'));
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  const env = { PROVIDERS: JSON.stringify(providers) };
  hub = await startProcesses({ ...database, redisUrl: inject('redisUrl') }, { lanes: 2, env });
}, 60_000);

beforeEach(async () => {
  vendor.asked.length = 0;
  person = await signUp(urlOf(0));
});

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await vendor.close();
});

const urlOf = (lane: number) => hub.gateways[lane % 2]?.url ?? '';
const clientOf = (lane: number, apiKey: string, maxRetries = 0) =>
  new OpenAI({ baseURL: `${urlOf(lane)}/v1`, apiKey, maxRetries });
const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Say hello.' }],
  max_completion_tokens: 50,
};
const once = (key: string) => ({ headers: { 'Idempotency-Key': key } });
const balanceOf = ({ get }: Person) => get('/api/v1/credits/balance');
/** Of 1,000,000; a call is 120,000. */
const afterCalls = (count: number) => {
  const balanceMicro = 1_000_000 - count * 120_000;
  return { balanceMicro, heldMicro: 0, availableMicro: balanceMicro };
};
const textOf = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>) => {
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
};
const ask = (lane: number, apiKey: string, headers: Record<string, string> = {}) =>
  clientOf(lane, apiKey).chat.completions.create(QUESTION, { headers }).withResponse();
const askStreamed = (lane: number, apiKey: string, headers: Record<string, string> = {}) =>
  clientOf(lane, apiKey)
    .chat.completions.create({ ...QUESTION, stream: true }, { headers })
    .withResponse();

describe('fifty calls at once under one key, over two gateways and two servers', () => {
  test.each([
    ['plain', { ...QUESTION, stream: false }],
    ['streamed', { ...QUESTION, stream: true }],
  ])('are one call: %s', async (_, question) => {
    const held = gate();
    vendor.answerWith(held.answer);
    const apiKey = await person.makeKey();
    const { headers } = once(randomUUID());
    const send = (lane: number) =>
      fetch(`${urlOf(lane)}/v1/chat/completions`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(question),
      }).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
    const statuses: number[] = [];
    const answers = Array.from({ length: 50 }, (_unused, i) =>
      send(i).then((answer) => {
        statuses.push(answer.status);
        return answer;
      }),
    );
    await expect.poll(() => statuses.length, { timeout: 20_000 }).toBe(49);
    expect(new Set(statuses)).toEqual(new Set([409]));
    held.open();
    const told = (await Promise.all(answers)).find(({ status }) => status === 200);
    expect(told?.text).toContain('world');
    for (const lane of [0, 1]) expect(await send(lane)).toEqual(told);
    expect(vendor.asked).toHaveLength(1);
    await expect.poll(() => balanceOf(person)).toEqual(afterCalls(1));
    expect((await person.get('/api/v1/usage/logs'))['items']).toHaveLength(1);
  });
});

describe('the official client', () => {
  test('waits by itself for the call that is under way, and gets its answer', async () => {
    const held = gate();
    vendor.answerWith(held.answer);
    const apiKey = await person.makeKey();
    const key = once(randomUUID());
    const first = ask(0, apiKey, key.headers);
    await expect.poll(held.waiting).toBe(1);
    const second = clientOf(1, apiKey, 5).chat.completions.create(QUESTION, key);
    await expect.poll(() => refusals(409)).toBeGreaterThan(0);
    held.open();
    expect(await second).toEqual((await first).data);
    await expect.poll(() => balanceOf(person)).toEqual(afterCalls(1));
  });

  const refusals = (status: number) =>
    hub.mcps.flatMap(({ lines }) => lines.filter((line) => line['status'] === status)).length;

  test('hears a stream again as it was, through another process', async () => {
    vendor.answerWith(plain('one two three'), plain('another'));
    const apiKey = await person.makeKey();
    const { headers } = once(randomUUID());
    const first = await askStreamed(0, apiKey, headers);
    expect(first.response.headers.get('idempotent-replayed')).toBeNull();
    expect(await textOf(first.data)).toBe('one two three');
    const again = await askStreamed(1, apiKey, headers);
    expect(again.response.headers.get('idempotent-replayed')).toBe('true');
    expect(await textOf(again.data)).toBe('one two three');
    await expect(
      clientOf(1, apiKey).chat.completions.create({ ...QUESTION, temperature: 1 }, { headers }),
    ).rejects.toMatchObject({ status: 422, code: 'idempotency-mismatch' });
    await expect.poll(() => balanceOf(person)).toEqual(afterCalls(1));
  });

  test('gets cached answers once its key is set so, and its person sees them in usage', async () => {
    vendor.answerWith(plain('one two three'));
    const { id, key } = await person.post('/api/v1/keys', { name: 'cached', cacheAnswers: true });
    const apiKey = String(key);
    const header = ({ response }: { response: Response }) => response.headers.get('x-hub-cache');

    const plainly = [await ask(0, apiKey), await ask(1, apiKey)];
    expect(plainly.map(header)).toEqual(['miss', 'hit']);
    expect(plainly[1]?.data).toEqual(plainly[0]?.data);
    for (const [lane, expected] of ['miss', 'hit'].entries()) {
      const streamed = await askStreamed(lane, apiKey);
      expect(header(streamed)).toBe(expected);
      expect(await textOf(streamed.data)).toBe('one two three');
    }
    expect(vendor.asked).toHaveLength(2);
    await expect.poll(() => balanceOf(person)).toEqual(afterCalls(2));
    const rows = async () => (await person.get('/api/v1/usage/logs'))['items'];
    await expect.poll(rows).toHaveLength(4);
    expect(await rows()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ tokenSource: 'cached', creditsMicro: 0, keyId: id, status: 'ok' }),
      ]),
    );
    expect(JSON.stringify(hub.all().map(({ lines }) => lines))).not.toContain('one two three');
  });

  test('gets none at a key that is not, nor what somebody else was answered', async () => {
    vendor.answerWith(plain());
    const other = await signUp(urlOf(1));
    const cachedKey = async ({ post }: Person) =>
      String((await post('/api/v1/keys', { name: 'cached', cacheAnswers: true }))['key']);
    await ask(0, await cachedKey(person));
    const theirs = await ask(0, await cachedKey(other));
    expect(theirs.response.headers.get('x-hub-cache')).toBe('miss');
    const mine = await ask(0, await person.makeKey());
    expect(mine.response.headers.get('x-hub-cache')).toBeNull();
    expect(vendor.asked).toHaveLength(3);
  });
});

test('a server that dies in the middle of a call leaves its key to the next one, and costs nothing', async () => {
  const held = gate();
  vendor.answerWith(held.answer);
  const apiKey = await person.makeKey();
  const { headers } = once(randomUUID());
  const lost = expect(ask(0, apiKey, headers)).rejects.toMatchObject({ status: 502 });
  await expect.poll(held.waiting).toBe(1);
  await hub.mcps[0]?.end('SIGKILL');
  await lost;
  await expect(ask(1, apiKey, headers)).rejects.toMatchObject({ status: 409 });
  held.open();
  expect((await person.get('/api/v1/usage/logs'))['items']).toEqual([]);
});
