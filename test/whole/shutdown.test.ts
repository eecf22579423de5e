import { fakeProvider, freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { gate } from './gated-vendor.ts';
import { expectSettled, openLedgerCheck } from './ledger-check.ts';
import { signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';
import type { ServiceProcess } from './service-process.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let database: TestDatabase;
let hub: Processes;

beforeAll(async () => {
  vendor = await fakeProvider();
  database = await freshDatabase(inject('postgres'));
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  const env = { PROVIDERS: JSON.stringify(providers), SIGNUP_CREDIT_MICRO: '1000000000' };
  hub = await startProcesses({ ...database, redisUrl: inject('redisUrl') }, { env });
}, 60_000);

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await Promise.all([database[Symbol.asyncDispose](), vendor.close()]);
});

const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Hello' }],
  max_completion_tokens: 20,
};
const CALLERS = 20;

/** Twenty callers under way, half of them in the middle of a stream; the answers wait for the test. */
async function underLoad(url: string) {
  const held = gate();
  vendor.answerWith(held.answer);
  const person = await signUp(url);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: await person.makeKey(), maxRetries: 0 });
  const plain = async () => (await client.chat.completions.create(QUESTION)).choices[0]?.message.content;
  const streamed = async () => {
    let text = '';
    for await (const part of await client.chat.completions.create({ ...QUESTION, stream: true })) {
      text += part.choices[0]?.delta.content ?? '';
    }
    return text;
  };
  const answers = Promise.all(
    Array.from({ length: CALLERS }, (_, index) => (index % 2 === 0 ? plain() : streamed())),
  );
  await expect.poll(held.waiting).toBe(CALLERS);
  return { person, answers, finish: held.open };
}

const hasBegunToClose = ({ lines }: ServiceProcess) => lines.some(({ message }) => message === 'closing');

test.each<[string, (processes: Processes) => ServiceProcess | undefined]>([
  ['mcp-server', ({ mcps }) => mcps[0]],
  ['the gateway', ({ gateways }) => gateways[0]],
])('%s that is told to end under load cuts nobody off, and the money is right', async (_name, choose) => {
  const [url, ending] = [hub.gateways[0]?.url ?? '', choose(hub)];
  if (!ending) throw new Error('there is no such process');
  const { person, answers, finish } = await underLoad(url);

  const ended = ending.end('SIGTERM');
  await expect.poll(() => hasBegunToClose(ending)).toBe(true);
  const late = fetch(`${ending.url}/health`);
  await expect(late, 'nobody new is let in').rejects.toThrow();
  finish();

  expect(await answers).toEqual(Array.from({ length: CALLERS }, () => 'Hello world'));
  expect(await ended).toBe(0);
  expect(ending.lines.at(-1)).toMatchObject({ message: 'closed' });
  await using ledger = openLedgerCheck(database.ownerUrl);
  await expectSettled(ledger);
  expect(await ledger.charges(person.id)).toEqual(Array.from({ length: CALLERS }, () => 120_000));

  await hub.restart(ending);
  await expect(signUp(url), 'the platform goes on with its successor').resolves.toBeDefined();
});
