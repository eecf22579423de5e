import { randomUUID } from 'node:crypto';
import type { KeyLimits, TeamOfActor } from '@smart-ai-hub/shared/contracts';
import { type FakeProvider, fakeProvider, plain } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';
import { question } from './chat.fixture.ts';

const MODELS = ['m', 'm-mini', 'm-large', 'n'];

let vendor: FakeProvider;
let books: CoreBooks;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  vendor = await fakeProvider();
  vendor.answerWith(plain());
  books = coreBooks();
  mcp = await startMcp({ books, providers: [{ name: 'vendor', baseUrl: vendor.url, models: MODELS }] });
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await vendor.close();
});

/** A key of somebody new with these limits. */
async function keyWith(limits: KeyLimits, userId = randomUUID(), teams?: TeamOfActor[]) {
  const keyId = randomUUID();
  const claims = { limits, ...(teams && { teams }) };
  const headers = mcp.headers(await mcp.issuer.token({ userId, keyId, claims }));
  const list = async () => {
    const answer = await fetch(`${mcp.url}/v1/models`, { headers });
    return z
      .object({ data: z.array(z.object({ id: z.string() })) })
      .parse(await answer.json())
      .data.map(({ id }) => id);
  };
  const ask = (model = 'm') => mcp.send({ ...question, model }, { headers });
  return { keyId, userId, list, ask };
}

const reserved = (userId: string) => books.reservations.filter((item) => item.userId === userId);
const settled = (userId: string) => books.settlements.filter((item) => item.userId === userId);

describe('the models of a key', () => {
  test.each<[string[] | undefined, string[]]>([
    [undefined, ['hub/echo', ...MODELS]],
    [['m'], ['m']],
    [['m*'], ['m', 'm-mini', 'm-large']],
    [
      ['m-*', 'n'],
      ['m-mini', 'm-large', 'n'],
    ],
    [['M'], []],
    [['hub/echo', 'gone'], ['hub/echo']],
  ])('%j are %j, in the list as in calls', async (models, open) => {
    const { userId, list, ask } = await keyWith(models ? { models } : {});
    expect(await list()).toEqual(open);
    for (const model of ['hub/echo', ...MODELS]) {
      const answer = await ask(model);
      const body = await answer.json();
      if (open.includes(model)) expect(answer.status).toBe(200);
      else
        expect({ status: answer.status, body }).toMatchObject({
          status: 404,
          body: { error: { code: 'model-not-found' } },
        });
    }
    expect(reserved(userId)).toHaveLength(open.length);
  });

  test('lesson 11: whatever a key is given, the list shows a model exactly where a call is let through', async () => {
    const pattern = fc.oneof(
      fc.constantFrom(...MODELS, 'hub/echo'),
      fc.constantFrom('m*', 'm-*', 'm-l*', 'hub/*', 'x*'),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 }), async (models) => {
        const { list, ask } = await keyWith({ models });
        const listed = await list();
        for (const model of ['hub/echo', ...MODELS])
          expect((await ask(model)).status).toBe(listed.includes(model) ? 200 : 404);
      }),
      { numRuns: 25 },
    );
  });

  test('that are closed to it sound like models that are not there', async () => {
    const { ask } = await keyWith({ models: ['m'] });
    const words = async (model: string) =>
      JSON.stringify(await (await ask(model)).json()).replaceAll(model, '?');
    expect(await words('m-mini')).toBe(await words('no-such-model'));
  });
});

describe('the tokens a minute of a key', () => {
  test('once used up, refuse the next call before it costs anything, and say when to come again', async () => {
    const { userId, ask } = await keyWith({ tokensPerMinute: 100 });
    expect((await ask()).status).toBe(200);
    await expect.poll(() => settled(userId)).toHaveLength(1);
    const asked = vendor.asked.length;
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'rate-limited',
        type: 'rate_limit_error',
        message: 'this key may use 100 tokens a minute',
      },
    });
    expect(vendor.asked).toHaveLength(asked);
    expect(reserved(userId)).toHaveLength(1);
  });

  test('are prompt and answer as they were charged, and last as long as there are some', async () => {
    const { userId, ask } = await keyWith({ tokensPerMinute: 100_000 });
    for (let call = 0; call < 3; call += 1) expect((await ask()).status).toBe(200);
    await expect.poll(() => settled(userId)).toHaveLength(3);
    const [call] = settled(userId);
    const used = (call?.promptTokens ?? 0) + (call?.completionTokens ?? 0);
    const exact = await keyWith({ tokensPerMinute: used });
    await exact.ask();
    expect((await exact.ask()).status).toBe(429);
    const wider = await keyWith({ tokensPerMinute: used + 1 });
    await wider.ask();
    expect((await wider.ask()).status).toBe(200);
  });

  test('are its own, and go over to the key that replaces it', async () => {
    const first = await keyWith({ tokensPerMinute: 100 });
    await first.ask();
    await expect.poll(() => settled(first.userId)).toHaveLength(1);
    const next = await keyWith({ tokensPerMinute: 100, budgetId: first.keyId }, first.userId);
    const other = await keyWith({ tokensPerMinute: 100 }, first.userId);
    expect((await next.ask()).status).toBe(429);
    expect((await other.ask()).status).toBe(200);
  });

  test('that a call did not use, since it failed, are not counted', async () => {
    const { ask } = await keyWith({ tokensPerMinute: 10 });
    for (let call = 0; call < 3; call += 1) expect((await ask('no-such-model')).status).toBe(404);
    expect((await ask()).status).toBe(200);
  });
});

describe('the monthly limit of a key', () => {
  test('travels with the reservation, under the first of the keys that replaced each other', async () => {
    const first = await keyWith({ monthlyMicro: 700 });
    const next = await keyWith({ monthlyMicro: 700, budgetId: first.keyId });
    const open = await keyWith({});
    for (const { ask } of [first, next, open]) expect((await ask()).status).toBe(200);
    const limits = [first, next, open].map(({ userId }) => reserved(userId)[0]?.limits);
    expect(limits).toEqual([
      [{ id: first.keyId, monthlyMicro: 700 }],
      [{ id: first.keyId, monthlyMicro: 700 }],
      undefined,
    ]);
  });

  test('stands beside those of the teams; a call counts for every team', async () => {
    const [limited, open] = [{ id: randomUUID(), monthlyMicro: 900 }, { id: randomUUID() }];
    const { userId, keyId, ask } = await keyWith({ monthlyMicro: 700 }, randomUUID(), [limited, open]);
    expect((await ask()).status).toBe(200);
    expect(reserved(userId)[0]).toMatchObject({
      limits: [{ id: keyId, monthlyMicro: 700 }, limited],
      teamIds: [limited.id, open.id],
    });
  });

  test.each([
    ['this key', (keyId: string) => keyId],
    ['your team', (_keyId: string, teamId: string) => teamId],
  ])('that is used up, of %s, is told from a balance that is', async (whose, limitIdOf) => {
    const team = { id: randomUUID(), monthlyMicro: 900 };
    const { keyId, ask } = await keyWith({ monthlyMicro: 700 }, randomUUID(), [team]);
    const { transport } = books;
    books.transport = async (request) => {
      const answer = await transport(request);
      if (!request.path.endsWith('/reserve')) return answer;
      const { items } = z.object({ items: z.array(z.looseObject({})) }).parse(answer.body);
      const limitId = limitIdOf(keyId, team.id);
      const refused = { outcome: 'over-limit', heldMicro: 0, availableMicro: 3, limitId };
      return { status: 200, body: { items: items.map((item) => ({ ...item, ...refused })) } };
    };
    const answer = await ask();
    books.transport = transport;
    expect(answer.status).toBe(402);
    expect(await answer.json()).toMatchObject({
      error: {
        code: 'insufficient-credits',
        message: `the monthly limit of ${whose} leaves 3 micro-credits`,
      },
    });
  });
});
