import { randomUUID } from 'node:crypto';
import { type FakeProvider, fakeProvider } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

/** One vendor and one service for the file; every test is another person, with a key of the given claims. */
export function keptDoor(claims: Record<string, unknown> = {}) {
  let vendor: FakeProvider;
  let books: CoreBooks;
  let mcp: Awaited<ReturnType<typeof startMcp>>;
  let userId = '';
  beforeAll(async () => {
    vendor = await fakeProvider();
    books = coreBooks();
    const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['m', 'n'] }];
    const env = { PROVIDER_DRAIN_MS: '50', PROVIDER_IDLE_MS: '1000', ANSWER_CACHE_SECONDS: '60' };
    mcp = await startMcp({ books, providers, env });
  });
  beforeEach(() => {
    userId = randomUUID();
    books.available = 1_000_000;
    vendor.asked.length = 0;
  });
  afterAll(async () => {
    await mcp[Symbol.asyncDispose]();
    await vendor.close();
  });

  const settlements = () => books.settlements.filter((item) => item.userId === userId);
  /** Asks at a door, as a key of this person (or another one) with these headers. */
  const ask = async (
    body: object,
    {
      path = '/v1/chat/completions',
      headers = {},
      person = userId,
      more = {},
      signal,
    }: {
      path?: string;
      headers?: Record<string, string>;
      person?: string;
      more?: Record<string, unknown>;
      signal?: AbortSignal;
    } = {},
  ) => {
    const token = await mcp.issuer.token({
      userId: person,
      keyId: randomUUID(),
      claims: { ...claims, ...more },
    });
    return fetch(mcp.url + path, {
      method: 'POST',
      headers: { ...mcp.headers(token), ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  };
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
    ask,
    settlements,
    /** What was charged, once so many calls are settled. */
    charged: async (calls: number) => {
      await expect.poll(settlements).toHaveLength(calls);
      return settlements().map(({ chargeMicro }) => chargeMicro);
    },
  };
}

/** What a caller sees of an answer. */
export const seen = async (answer: Response) => ({
  status: answer.status,
  type: answer.headers.get('content-type'),
  text: await answer.text(),
});
