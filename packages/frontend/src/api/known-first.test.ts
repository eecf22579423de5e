import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Answer, fakeServer, json, problem } from '../testing/fake-server.ts';
import { sampleSession } from '../testing/samples.ts';
import { createHub } from './hub.ts';
import { knowBalance, knowProviders } from './known-first.ts';
import { balanceQuery, providersQuery } from './queries.ts';
import { createQueryClient } from './query-client.ts';

const PROVIDERS = 'GET /api/v1/auth/oidc';
const BALANCE = 'GET /api/v1/credits/balance';
const balance = { balanceMicro: 2, heldMicro: 1, availableMicro: 1 };

function asking(routes: Record<string, Answer>, grants: Record<string, 'own'> = { 'credits:read': 'own' }) {
  const server = fakeServer(routes);
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('token', { grants }));
  return { hub, queries: createQueryClient(), server };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what stands on a page is there before the page', async () => {
  const context = asking({
    [PROVIDERS]: () => json({ items: [{ id: 'outside', name: 'Outside' }] }),
    [BALANCE]: () => json(balance),
  });
  const { hub, queries } = context;
  await knowProviders(context);
  expect(queries.getQueryData(providersQuery(hub).queryKey)).toEqual([{ id: 'outside', name: 'Outside' }]);
  await knowBalance(context);
  expect(queries.getQueryData(balanceQuery(hub).queryKey)).toEqual(balance);
});

it('whoever may not read credits is not asked about', async () => {
  const context = asking({}, {});
  await knowBalance(context);
  expect(context.server.seen).toEqual([]);
});

it('a hub that is slow or says no keeps nobody from the page', async () => {
  const refused = asking({ [PROVIDERS]: () => problem(503, 'service-unavailable') });
  await knowProviders(refused);
  expect(refused.server.seen).toHaveLength(1); // the page itself tries again

  const slow = knowBalance(asking({ [BALANCE]: () => new Promise(() => undefined) }));
  await vi.advanceTimersByTimeAsync(900);
  await slow;
});
