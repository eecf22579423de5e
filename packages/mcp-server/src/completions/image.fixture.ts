import { randomUUID } from 'node:crypto';
import { type FakeProvider, fakeProvider, pictured } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type CoreBooks, coreBooks, PRICE, startMcp } from '../mcp.fixture.ts';

/** Beside a credit a token in and two out. */
export const EACH = 1000;
/** Output tokens that an image may have. */
export const LONGEST = 300;

const MODELS = [
  { id: 'draw', upstreamId: 'gpt-image-1', maxOutputTokens: LONGEST, capabilities: { images: true } },
  { id: 'chat' },
  { id: 'blind', capabilities: { images: false } },
];
const images = { images: true };
/** Milliseconds short enough to wait for; for words shorter than for images. */
const PATIENCE = {
  PROVIDER_FIRST_BYTE_MS: '50',
  PROVIDER_IDLE_MS: '50',
  PROVIDER_ANSWER_MS: '400',
  PROVIDER_DRAIN_MS: '500',
};

/** One vendor, in three formats, for the file; every test is a person of its own. */
export function imageDoor() {
  let vendor: FakeProvider;
  let books: CoreBooks;
  let mcp: Awaited<ReturnType<typeof startMcp>>;
  let person = { userId: '', token: '' };
  beforeAll(async () => {
    vendor = await fakeProvider();
    books = coreBooks(1_000_000, [{ ...PRICE, unitMicro: EACH }]);
    const baseUrl = vendor.url;
    mcp = await startMcp({
      books,
      providers: [
        { name: 'vendor', baseUrl, models: MODELS },
        { name: 'google', format: 'gemini', baseUrl, models: [{ id: 'banana', capabilities: images }] },
        { name: 'claude', format: 'anthropic', baseUrl, models: [{ id: 'claude', capabilities: images }] },
      ],
      env: PATIENCE,
    });
  });
  beforeEach(async () => {
    const userId = randomUUID();
    person = { userId, token: await mcp.issuer.token({ userId }) };
    books.available = 1_000_000;
    vendor.asked.length = 0;
    vendor.answerWith(pictured());
  });
  afterAll(async () => {
    await mcp[Symbol.asyncDispose]();
    await vendor.close();
  });

  const mine = <T extends { userId: string }>(items: T[]) =>
    items.filter(({ userId }) => userId === person.userId);
  const released = () => reserved().filter(({ holdId }) => books.released.includes(holdId));
  const reserved = () => mine(books.reservations);
  return {
    get vendor() {
      return vendor;
    },
    get books() {
      return books;
    },
    ask: (body: object, signal?: AbortSignal) =>
      fetch(`${mcp.url}/v1/images/generations`, {
        method: 'POST',
        headers: mcp.headers(person.token),
        body: JSON.stringify(body),
        ...(signal && { signal }),
      }),
    reserved,
    settled: () => expect.poll(() => mine(books.settlements)),
    nothingCharged: async () => {
      await expect.poll(released).toHaveLength(1);
      expect(mine(books.settlements)).toEqual([]);
    },
  };
}
