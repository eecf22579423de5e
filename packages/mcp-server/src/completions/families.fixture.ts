import { randomUUID } from 'node:crypto';
import { type FakeProvider, fakeProvider, message, plain } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';

/** A provider of either family (`claude` and `gpt` are theirs), and one service before both for the file. */
export function twoFamilies() {
  let anthropic: FakeProvider;
  let openai: FakeProvider;
  let books: CoreBooks;
  let mcp: Awaited<ReturnType<typeof startMcp>>;
  beforeAll(async () => {
    [anthropic, openai] = await Promise.all([fakeProvider(), fakeProvider()]);
    books = coreBooks();
    mcp = await startMcp({
      books,
      providers: [
        {
          ...{ name: 'anthropic', format: 'anthropic', baseUrl: anthropic.url, apiKey: 'vendor-key' },
          models: [{ id: 'claude', upstreamId: 'claude-upstream' }],
        },
        { name: 'openai', baseUrl: openai.url, models: ['gpt'] },
      ],
      env: { PROVIDER_IDLE_MS: '300', PROVIDER_DRAIN_MS: '200' },
    });
  });
  beforeEach(() => {
    anthropic.asked.length = 0;
    openai.asked.length = 0;
    anthropic.answerWith(message());
    openai.answerWith(plain());
  });
  afterAll(async () => {
    await mcp[Symbol.asyncDispose]();
    await anthropic.close();
    await openai.close();
  });

  return {
    get anthropic() {
      return anthropic;
    },
    get openai() {
      return openai;
    },
    get mcp() {
      return mcp;
    },
    /** Somebody new who asks, and what they were charged: settlements arrive late. */
    somebody: async () => {
      const userId = randomUUID();
      const known = mcp.headers(await mcp.issuer.token({ userId }));
      const ask = (path: string, body: object, { headers = {}, ...init }: AskInit = {}) =>
        fetch(mcp.url + path, {
          method: 'POST',
          headers: { ...known, ...headers },
          body: JSON.stringify(body),
          ...init,
        });
      const settled = () => books.settlements.filter((item) => item.userId === userId);
      return { ask, settled };
    },
  };
}

interface AskInit {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}
