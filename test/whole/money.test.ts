import { fakeProvider, freshDatabase } from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { expect, inject, test } from 'vitest';
import { countChat } from '../../packages/mcp-server/src/metering/tokens.ts';
import { gate } from './gated-vendor.ts';
import { expectSettled, type LedgerCheck, openLedgerCheck } from './ledger-check.ts';
import { signUp } from './person.ts';
import { startProcesses } from './processes.ts';

const REQUESTS = 500;
/** How many of them the balance covers. */
const COVERED = 10;
/**
 * Calls under way before all others begin, by their lanes: one keeps both its processes, one loses its
 * mcp-server, one its core-service.
 */
const KEEPS_BOTH = [2, 2, 2, 2];
const LOSES_MCP = [1, 1, 1];
const LOSES_CORE = [0, 0];
const EARLY = [...KEEPS_BOTH, ...LOSES_MCP, ...LOSES_CORE];
const OUTPUT = 20;
/** gpt-4o-mini: 1 credit for 1,000 tokens. */
const MICRO_PER_TOKEN = 1_000;

const QUESTION = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Hello' }],
  max_completion_tokens: OUTPUT,
};

/** The balance does not cover it; its mcp-server was killed under it; what it needs is away. Never a fault of ours. */
const EXPECTED_REFUSALS = [402, 502, 503];

function statusOf(outcome: PromiseSettledResult<unknown>): number {
  const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  if (!(reason instanceof OpenAI.APIError)) throw new Error(`neither served nor refused: ${String(reason)}`);
  return Number(reason.status);
}

/** Looks at the account again and again; keeps every moment that it saw. */
function watchAccount(ledger: LedgerCheck, userId: string) {
  const seen: { balance: number; held: number }[] = [];
  let watching = true;
  const watch = async () => {
    while (watching) seen.push(await ledger.account(userId));
  };
  const done = watch();
  const stop = () => {
    watching = false;
    return done;
  };
  return { seen, [Symbol.asyncDispose]: stop };
}

test('500 calls at once from three lanes on a balance for ten, two processes killed in the middle', async () => {
  const promptTokens = await countChat(QUESTION);
  const price = (promptTokens + OUTPUT) * MICRO_PER_TOKEN;
  const held = gate({
    prompt_tokens: promptTokens,
    completion_tokens: OUTPUT,
    total_tokens: promptTokens + OUTPUT,
  });
  await using vendor = await fakeProvider();
  vendor.answerWith(held.answer);
  await using database = await freshDatabase(inject('postgres'));
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  const env = {
    ...{ PROVIDERS: JSON.stringify(providers), SIGNUP_CREDIT_MICRO: String(COVERED * price) },
    HOLD_SECONDS: '8',
  };
  await using hub = await startProcesses(
    { ...database, redisUrl: inject('redisUrl') },
    { lanes: 3, cores: 2, env },
  );
  await using ledger = openLedgerCheck(database.ownerUrl);
  const person = await signUp(hub.gateways[0]?.url ?? '');
  const apiKey = await person.makeKey();
  const clients = hub.gateways.map(({ url }) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 }));
  await using watch = watchAccount(ledger, person.id);
  const ask = (lane: number) =>
    clients[lane]?.chat.completions.create(QUESTION) ?? Promise.reject(new Error('no lane'));
  const early = Promise.allSettled(EARLY.map(ask));
  await expect.poll(held.waiting, { timeout: 20_000 }).toBe(EARLY.length);
  const rest = Array.from({ length: REQUESTS - EARLY.length }, (_, index) => index % clients.length);
  const late = Promise.allSettled(rest.map(ask));
  await expect.poll(held.waiting, { timeout: 20_000, interval: 5 }).toBe(COVERED);
  await Promise.all([hub.mcps[1]?.end('SIGKILL'), hub.cores[0]?.end('SIGKILL')]);
  held.open();

  const outcomes = [...(await early), ...(await late)];
  const isServed = ({ status }: PromiseSettledResult<unknown>) => status === 'fulfilled';
  expect((await early).map(isServed)).toEqual(EARLY.map((lane) => !LOSES_MCP.includes(lane)));
  const served = outcomes.filter(isServed).length;
  expect(served).toBeLessThanOrEqual(COVERED);
  const refusals = new Set(outcomes.map((outcome) => (isServed(outcome) ? 0 : statusOf(outcome))));
  expect([0, ...EXPECTED_REFUSALS]).toEqual(expect.arrayContaining([...refusals]));

  await expectSettled(ledger, 20_000);
  const charges = await ledger.charges(person.id);
  expect(charges.length).toBeGreaterThanOrEqual(KEEPS_BOTH.length);
  expect(charges.length, 'nobody pays for what was not delivered').toBeLessThanOrEqual(served);
  expect(new Set(charges)).toEqual(new Set([price]));
  expect(await ledger.account(person.id)).toEqual({ balance: (COVERED - charges.length) * price, held: 0 });
  expect(await ledger.holdStates()).toEqual({ settled: charges.length, expired: COVERED - charges.length });
  await hub.mcps[0]?.end('SIGKILL'); // it would wait for its core-service

  expect(watch.seen.length).toBeGreaterThan(100);
  for (const moment of watch.seen) {
    expect(moment.held).toBeGreaterThanOrEqual(0);
    expect(moment.held).toBeLessThanOrEqual(moment.balance);
  }
});
