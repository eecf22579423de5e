import { randomUUID } from 'node:crypto';
import { type FakeProvider, fakeProvider } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

/** Milliseconds short enough to wait for in a test. */
const PATIENCE = {
  PROVIDER_FIRST_BYTE_MS: '300',
  PROVIDER_IDLE_MS: '300',
  PROVIDER_ANSWER_MS: '300',
  PROVIDER_DRAIN_MS: '200',
};

export const question = { model: 'm', messages: [{ role: 'user', content: 'hello world' }], max_tokens: 50 };
export const stream = { ...question, stream: true };
/** What `question` counts to, see tokens.test.ts. */
export const PROMPT = 9;

type Mcp = Awaited<ReturnType<typeof startMcp>>;

/** One vendor and one service for the file; every test is a person of its own, since settlements arrive late. */
export function chatDoor() {
  let vendor: FakeProvider;
  let books: CoreBooks;
  let mcp: Mcp;
  let person = { userId: '', token: '' };
  beforeAll(async () => {
    vendor = await fakeProvider();
    books = coreBooks();
    const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['m'] }];
    mcp = await startMcp({ books, providers, env: PATIENCE });
  });
  beforeEach(async () => {
    const userId = randomUUID();
    person = { userId, token: await mcp.issuer.token({ userId }) };
    books.available = 1_000_000;
    vendor.asked.length = 0;
  });
  afterAll(async () => {
    await mcp[Symbol.asyncDispose]();
    await vendor.close();
  });

  const mine = <T extends { userId: string }>(items: T[]) =>
    items.filter(({ userId }) => userId === person.userId);
  const reservations = () => mine(books.reservations);
  const settlements = () => mine(books.settlements);
  const released = () => reservations().filter(({ holdId }) => books.released.includes(holdId));
  return {
    get vendor() {
      return vendor;
    },
    get books() {
      return books;
    },
    get mcp() {
      return mcp;
    },
    get token() {
      return person.token;
    },
    send: (body: object | string, signal?: AbortSignal) =>
      mcp.send(body, { headers: mcp.headers(person.token), ...(signal && { signal }) }),
    reservations,
    settled: () => expect.poll(settlements),
    nothingCharged: async () => {
      await expect.poll(released).toHaveLength(1);
      expect(settlements()).toEqual([]);
    },
  };
}
