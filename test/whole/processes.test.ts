import { randomUUID } from 'node:crypto';
import {
  fakeProvider,
  freshDatabase,
  plain,
  silence,
  startStream,
  type TestDatabase,
  textEvent,
} from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { CLIENTS } from './mcp-clients.ts';
import { PUBLIC_URL } from './oauth-browser.ts';
import { StandardClient } from './oauth-client.ts';
import { type Person, signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';
import type { ServiceProcess } from './service-process.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let database: TestDatabase;
let hub: Processes;
let first: ServiceProcess;
let second: ServiceProcess;

beforeAll(async () => {
  vendor = await fakeProvider();
  database = await freshDatabase(inject('postgres'));
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  const env = { PROVIDERS: JSON.stringify(providers), PROVIDER_DRAIN_MS: '100', PUBLIC_URL };
  hub = await startProcesses({ ...database, redisUrl: inject('redisUrl') }, { lanes: 2, env });
  const [one, two] = hub.gateways;
  if (!one || !two) throw new Error('there are no two gateways');
  [first, second] = [one, two];
}, 60_000);

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await vendor.close();
});

const clientOf = (url: string, apiKey: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Say hello.' }],
  max_completion_tokens: 50,
};

test('an answer is streamed, paid and seen through four processes as through one', async () => {
  vendor.answerWith(plain());
  const person = await signUp(first.url);
  const stream = await clientOf(first.url, await person.makeKey()).chat.completions.create({
    ...QUESTION,
    stream: true,
  });
  let text = '';
  for await (const part of stream) text += part.choices[0]?.delta.content ?? '';
  expect(text).toBe('Hello from the vendor.');
  const settled = { balanceMicro: 880_000, heldMicro: 0, availableMicro: 880_000 };
  await expect.poll(() => person.get('/api/v1/credits/balance')).toEqual(settled);
});

test.each(CLIENTS)(
  'tools are called through four processes as through one, by %s',
  async (_name, connect) => {
    vendor.answerWith(plain('one two three'));
    const person = await signUp(first.url);
    await using speaker = await connect(first.url, person.accessToken);
    const words: string[] = [];
    const asked = { model: 'gpt-4o-mini', prompt: 'count', maxTokens: 50 };
    await speaker.call('chat', asked, ({ message = '' }) => words.push(message));
    expect(words).toEqual(['one', ' two', ' three']);
    const balance = async () => (await speaker.call('get_balance')).structured;
    await expect.poll(balance).toEqual({ balanceMicro: 880_000, heldMicro: 0, availableMicro: 880_000 });
    const key = String((await speaker.call('create_key', { name: 'of a tool' })).structured['key']);
    expect(key).toMatch(/^sk-hub-/);
    expect(JSON.stringify(hub.all().map(({ lines }) => lines))).not.toContain(key.slice(7));
  },
);

describe('one request', () => {
  const linesOf = (requestId: string) =>
    hub.all().map(({ service, lines }) => ({
      service,
      lines: lines.filter((line) => line['requestId'] === requestId),
    }));

  const traceOf = (line: Record<string, unknown> | undefined) => String(line?.['traceparent']).split('-')[1];

  test('has one id and one trace in the log of every service that had to do with it', async () => {
    vendor.answerWith(plain());
    const person = await signUp(first.url);
    const apiKey = await person.makeKey();
    const requestId = `one-id-${randomUUID()}`;
    const trace = randomUUID().replaceAll('-', '');
    const headers = { 'x-request-id': requestId, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const { response } = await clientOf(first.url, apiKey)
      .chat.completions.create(QUESTION, { headers })
      .withResponse();
    expect(response.headers.get('x-request-id')).toBe(requestId);
    const services = ['api-gateway', 'auth-service', 'core-service', 'mcp-server'];
    await expect
      .poll(() =>
        linesOf(requestId)
          .flatMap(({ service, lines }) => (lines.length > 0 ? [service] : []))
          .toSorted(),
      )
      .toEqual(services);
    const traces = linesOf(requestId).flatMap(({ lines }) => lines.map(traceOf));
    expect(new Set(traces)).toEqual(new Set([trace]));
  });

  /** Between services nobody acts but they themselves. */
  const isOutside = ({ route }: Record<string, unknown>) => !String(route).startsWith('/internal');

  test('names the same person everywhere', async () => {
    const person = await signUp(first.url);
    const requestId = `actor-${randomUUID()}`;
    await fetch(`${first.url}/api/v1/credits/balance`, {
      headers: { authorization: `Bearer ${person.accessToken}`, 'x-request-id': requestId },
    });
    await expect
      .poll(() =>
        linesOf(requestId).flatMap(({ lines }) => lines.filter(isOutside).map(({ actorId }) => actorId)),
      )
      .toEqual([person.id, person.id]);
  });
});

describe('within a second, in either gateway', () => {
  const status = async ({ url }: ServiceProcess, token: string) =>
    (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status;

  test.each<[string, (person: Person) => Promise<{ token: string; end: () => Promise<unknown> }>]>([
    [
      'a session that was logged out',
      async (person) => ({
        token: person.accessToken,
        end: () =>
          fetch(`${first.url}/api/v1/auth/logout`, {
            method: 'POST',
            headers: { authorization: `Bearer ${person.accessToken}` },
          }),
      }),
    ],
    [
      'a key that was revoked',
      async (person) => {
        const { id, key } = await person.post('/api/v1/keys', { name: 'to be revoked' });
        const headers = { authorization: `Bearer ${person.accessToken}` };
        return {
          token: String(key),
          end: () => fetch(`${first.url}/api/v1/keys/${String(id)}`, { method: 'DELETE', headers }),
        };
      },
    ],
    [
      'what was lent to a client and taken back',
      async (person) => {
        const client = await StandardClient.introduce(first.url);
        const { access } = await client.connect(person, { scope: 'services:use' });
        const { items } = await person.get('/api/v1/auth/grants');
        const [{ id }] = z.tuple([z.object({ id: z.string() })]).parse(items);
        const headers = { authorization: `Bearer ${person.accessToken}` };
        return {
          token: access,
          end: () => fetch(`${first.url}/api/v1/auth/grants/${id}`, { method: 'DELETE', headers }),
        };
      },
    ],
  ])('%s is refused', async (_what, open) => {
    const { token, end } = await open(await signUp(first.url));
    expect([await status(first, token), await status(second, token)]).toEqual([200, 200]);
    await end();
    // Both hear of it from Redis, which may be slower than the answer to whoever ended it.
    const refuses = (gateway: ServiceProcess) =>
      expect.poll(() => status(gateway, token), { timeout: 1_000, interval: 20 }).toBe(401);
    await Promise.all([first, second].map(refuses));
  });
});

describe('a caller who goes away', () => {
  test.each([
    ['while the vendor thinks', false, silence],
    ['while the vendor thinks about a stream', true, silence],
    [
      'in the middle of a stream',
      true,
      (response: Parameters<typeof startStream>[0]) => {
        startStream(response);
        response.write(textEvent('Hello'));
      },
    ],
  ])('%s makes the vendor stop, and leaves nothing held', async (_when, stream, answer) => {
    vendor.answerWith(answer);
    const person = await signUp(first.url);
    const apiKey = await person.makeKey();
    const before = vendor.asked.length;
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...QUESTION, stream });
    const { signal } = leaving;
    const asked = fetch(`${first.url}/v1/chat/completions`, { method: 'POST', headers, body, signal });
    const failed = expect(asked.then((reply) => reply.text())).rejects.toThrow();
    await expect.poll(() => vendor.asked.length).toBe(before + 1);
    leaving.abort();
    await failed;
    await vendor.asked.at(-1)?.aborted;
    await expect.poll(() => person.get('/api/v1/credits/balance')).toMatchObject({ heldMicro: 0 });
    const { items } = await person.get('/api/v1/usage/logs');
    expect(items).toMatchObject([{ status: 'client-closed', tokenSource: 'counted' }]);
  });
});

test('no process said anything that is no log line, nor an error', () => {
  for (const { service, noise, lines } of hub.all()) {
    expect(
      noise()
        .replace(/^Make the first administrator.*$/m, '')
        .trim(),
      service,
    ).toBe('');
    expect(
      lines.filter(({ level }) => level === 'error'),
      service,
    ).toEqual([]);
  }
});
