import {
  type Answer,
  deferred,
  type FakeProvider,
  fakeProvider,
  garbage,
  hangUp,
  message,
  plain,
  refuse,
  startStream,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { coreBooks, deadPort, startMcp } from '../mcp.fixture.ts';
import { question, stream } from './chat.fixture.ts';

const RETRY = { PROVIDER_RETRIES: '3', PROVIDER_RETRY_MS: '50' };

let first: FakeProvider;
let second: FakeProvider;
beforeAll(async () => {
  [first, second] = await Promise.all([fakeProvider(), fakeProvider()]);
});
beforeEach(() => {
  for (const vendor of [first, second]) {
    vendor.asked.length = 0;
    vendor.answerWith(plain('from the vendor'));
  }
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
});

/** A service of its own, since it remembers how its providers were. */
async function hub(providers: object[], env: Record<string, string> = {}) {
  const books = coreBooks();
  const mcp = await startMcp({ books, providers, env });
  return Object.assign(mcp, { settled: () => expect.poll(() => books.settlements) });
}

const one = (more: object = {}) => ({ name: 'first', baseUrl: first.url, models: ['m'], ...more });
const other = (more: object = {}) => ({ name: 'second', baseUrl: second.url, models: ['m'], ...more });
const both = () => [one(), other()];

/** A stream that breaks off before its first event. */
const noEvent: Answer = (response) => {
  startStream(response);
  response.flushHeaders();
  response.destroy();
};

describe.each([
  ['plain', question],
  ['stream', stream],
])('%s: another provider is asked, and alone is paid,', (_way, body) => {
  test.each<[string, Answer]>([
    ['answers 500', refuse(500)],
    ['asks to slow down', refuse(429)],
    ['refuses our key', refuse(401)],
    ['hangs up', hangUp],
    ['breaks off before it says anything', noEvent],
  ])('where the first %s', async (_how, failure) => {
    first.answerWith(failure);
    await using mcp = await hub(both());
    const answer = await mcp.send(body);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('vendor');
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
    await mcp
      .settled()
      .toMatchObject([{ model: 'm', promptTokens: 100, completionTokens: 20, status: 'ok' }]);
  });
});

test('another answers within 2 s, whatever patience there is with the first', async () => {
  first.answerWith(refuse(500));
  await using mcp = await hub(both(), { PROVIDER_RETRIES: '3', PROVIDER_RETRY_MS: '1000' });
  for (const body of [question, stream]) {
    const askedAt = performance.now();
    const answer = await mcp.send(body);
    expect(await answer.text()).toContain('vendor');
    expect(performance.now() - askedAt).toBeLessThan(2_000);
  }
});

test('so it is where nobody listens, or what comes is no completion', async () => {
  first.answerWith(garbage());
  const gone = { name: 'gone', baseUrl: `http://127.0.0.1:${await deadPort()}/v1`, models: ['m'] };
  await using mcp = await hub([gone, one(), other()]);
  expect((await mcp.send(question)).status).toBe(200);
  expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
});

test('the other may speak another format, and call the model otherwise', async () => {
  first.answerWith(refuse(503));
  second.answerWith(message('Hello from Claude.'));
  const claude = other({ format: 'anthropic', models: [{ id: 'm', upstreamId: 'claude' }] });
  await using mcp = await hub([one(), claude]);
  expect(await (await mcp.send(stream)).text()).toContain('Claude');
  expect(second.asked[0]).toMatchObject({ path: '/v1/messages', body: { model: 'claude' } });
});

test('lesson 22: once something was said nobody else is asked', async () => {
  first.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello'), () => response.destroy());
  });
  await using mcp = await hub(both(), RETRY);
  expect(await (await mcp.send(stream)).text()).toContain('"code":"provider-failed"');
  expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
});

test('a mistake of the caller is told by whoever was asked first', async () => {
  first.answerWith(refuse(400, 'no such role'));
  await using mcp = await hub(both(), RETRY);
  const answer = await mcp.send(question);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('no such role')]);
  expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
});

test('the only provider is asked again, and paid once', async () => {
  first.answerWith(refuse(500), hangUp, plain());
  await using mcp = await hub([one()], RETRY);
  expect((await mcp.send(question)).status).toBe(200);
  expect(first.asked).toHaveLength(3);
  await mcp.settled().toHaveLength(1);
});

test('who asked for a second gets it', async () => {
  first.answerWith(refuse(429, 'slow down', { 'retry-after': '1' }), plain());
  await using mcp = await hub([one()], RETRY);
  const begun = performance.now();
  expect((await mcp.send(question)).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
});

test.each([
  ['asks for more time than anybody waits', refuse(429, 'later', { 'retry-after': '60' }), 429, '60', 1],
  ['refuses our key', refuse(403), 502, null, 1],
  ['fails each time', refuse(500), 502, null, 4],
])('nobody waits for one who %s', async (_how, failure, status, retryAfter, asked) => {
  first.answerWith(failure);
  await using mcp = await hub([one()], RETRY);
  const answer = await mcp.send(question);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  expect(first.asked).toHaveLength(asked);
  await expect.poll(() => mcp.books.released).toHaveLength(1);
});

test('nobody is asked again for a caller who left, and nothing is charged', async () => {
  first.answerWith(refuse(500));
  await using mcp = await hub([one()], { ...RETRY, PROVIDER_RETRY_MS: '5000', PROVIDER_DRAIN_MS: '50' });
  const leaving = new AbortController();
  const left = mcp.send(question, { headers: mcp.headers(mcp.token), signal: leaving.signal });
  await expect.poll(() => first.asked.length).toBe(1);
  leaving.abort();
  await expect(left).rejects.toThrow();
  await expect.poll(() => mcp.books.released).toHaveLength(1);
  expect([first.asked.length, mcp.books.settlements]).toEqual([1, []]);
});

describe('several keys', () => {
  const shown = () => first.asked.map(({ headers }) => headers.authorization);

  test('are used in turn, and one that is refused rests', async () => {
    first.answerWith(plain(), refuse(429), plain());
    await using mcp = await hub([one({ apiKeys: ['key-a', 'key-b'] })]);
    for (let call = 0; call < 3; call++) expect((await mcp.send(question)).status).toBe(200);
    expect(shown()).toEqual(['Bearer key-a', 'Bearer key-b', 'Bearer key-a', 'Bearer key-a']);
  });

  test('that are all refused fail as the last one did', async () => {
    first.answerWith(refuse(401), refuse(429));
    await using mcp = await hub([one({ apiKeys: ['key-a', 'key-b'] })]);
    expect((await mcp.send(question)).status).toBe(429);
    expect(shown()).toEqual(['Bearer key-a', 'Bearer key-b']);
  });
});

test('one who fails again and again is left alone, and the other asked at once', async () => {
  first.answerWith(refuse(500));
  await using mcp = await hub(both(), { PROVIDER_BREAKER_PERCENT: '50' });
  for (let call = 0; call < 7; call++) expect((await mcp.send(question)).status).toBe(200);
  expect([first.asked.length, second.asked.length]).toEqual([5, 7]);
});

test('streams that break off in the middle count as failures', async () => {
  first.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello'), () => response.destroy());
  });
  await using mcp = await hub([one()], { PROVIDER_BREAKER_PERCENT: '50' });
  for (let call = 0; call < 5; call++) await (await mcp.send(stream)).text();
  const refused = await mcp.send(question);
  expect(refused.status).toBe(502);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(first.asked).toHaveLength(5);
});

test('a call waits for a place at a provider that has as many as it takes, and not for long', async () => {
  const { promise, resolve } = deferred<null>();
  first.answerWith(async (response, asked) => {
    await promise;
    await plain()(response, asked);
  });
  await using mcp = await hub([one({ maxConcurrent: 1 })], { PROVIDER_QUEUE_MS: '100' });
  const inside = mcp.send(question);
  await expect.poll(() => first.asked.length).toBe(1);
  const refused = await mcp.send(question);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: { code: 'provider-busy' } });
  expect(first.asked).toHaveLength(1);
  const waiting = mcp.send(question);
  resolve(null);
  expect((await inside).status).toBe(200);
  expect((await waiting).status).toBe(200);
});
