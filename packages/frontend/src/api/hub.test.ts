import { describe, expect, it } from 'vitest';
import { fakeServer, json, problem, type Answer } from '../testing/fake-server.ts';
import { samplePrice, sampleSession } from '../testing/samples.ts';
import { ledgerQuery } from './credit-queries.ts';
import { createHub } from './hub.ts';
import { HubError, HubUnreachable } from './hub-error.ts';
import { createQueryClient, isWorthRepeating } from './query-client.ts';
import { balanceQuery, keysQuery, offersQuery, setupStateQuery, usageQuery } from './queries.ts';
import { signOut } from './sign-out.ts';

const BALANCE = { balanceMicro: 1_000_000, heldMicro: 0, availableMicro: 1_000_000 };

function hubWith(routes: Record<string, Answer>) {
  const server = fakeServer({
    'POST /api/v1/auth/refresh': () => json(sampleSession('renewed')),
    ...routes,
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('first'));
  return { hub, server };
}

describe('a call', () => {
  it('carries the access token', async () => {
    const { hub, server } = hubWith({ 'GET /api/v1/credits/balance': () => json(BALANCE) });
    expect(await hub.credits.getBalance({ query: {} })).toEqual(BALANCE);
    expect(server.seen[0]?.authorization).toBe('Bearer first');
  });

  it('is repeated once with a renewed token when the first is refused', async () => {
    const { hub, server } = hubWith({
      'GET /api/v1/credits/balance': ({ authorization }) =>
        authorization === 'Bearer renewed' ? json(BALANCE) : problem(401, 'unauthenticated'),
    });
    expect(await hub.credits.getBalance({ query: {} })).toEqual(BALANCE);
    expect(server.count('/api/v1/auth/refresh')).toBe(1);
    expect(server.seen.find(({ path }) => path === '/api/v1/auth/refresh')?.body).toEqual({});
  });

  it('is not repeated a second time', async () => {
    const { hub, server } = hubWith({ 'GET /api/v1/credits/balance': () => problem(401, 'unauthenticated') });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(server.count('/api/v1/credits/balance')).toBe(2);
  });

  it('fails as refused when the session has ended meanwhile', async () => {
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => problem(401, 'unauthenticated'),
      'POST /api/v1/auth/refresh': () => problem(401, 'invalid-refresh-token'),
    });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(hub.session.user()).toBeUndefined();
  });

  it('keeps code, detail, wait and request id of a problem', async () => {
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => problem(429, 'rate-limited', { detail: 'why', retryAfter: 7 }),
    });
    const failure = hub.credits.getBalance({ query: {} });
    await expect(failure).rejects.toMatchObject({
      code: 'rate-limited',
      detail: 'why',
      retryAfter: 7,
      requestId: 'request-1',
    });
    await expect(failure).rejects.toBeInstanceOf(HubError);
  });

  it('takes the wait from the header where the body has none, and lists wrong fields', async () => {
    const body = { code: 'invalid-request', errors: [{ path: 'limit', message: 'too large' }] };
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => json(body, 400, { 'retry-after': '3' }),
    });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toMatchObject({
      retryAfter: 3,
      errors: body.errors,
    });
  });

  it('calls what is no problem of ours unavailable', async () => {
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toMatchObject({
      code: 'service-unavailable',
    });
  });

  it('tells a dead line from a problem', async () => {
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toBeInstanceOf(HubUnreachable);
  });

  it('that its caller gave up stays an abort', async () => {
    const { hub } = hubWith({});
    const signal = AbortSignal.abort();
    await expect(hub.credits.getBalance({ query: {} }, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('whose answer breaks off is a dead line too', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('reset')) });
    const { hub } = hubWith({ 'GET /api/v1/credits/balance': () => new Response(broken) });
    await expect(hub.credits.getBalance({ query: {} })).rejects.toBeInstanceOf(HubUnreachable);
  });
});

describe('signing out', () => {
  it('tells the hub and the other tabs', async () => {
    const { hub } = hubWith({ 'POST /api/v1/auth/logout': () => new Response(null, { status: 204 }) });
    let told = 0;
    await signOut(hub, () => (told += 1));
    expect(hub.session.user()).toBeUndefined();
    expect(told).toBe(1);
  });

  it('also works when the session was over already', async () => {
    const { hub } = hubWith({
      'POST /api/v1/auth/logout': () => problem(401, 'unauthenticated'),
      'POST /api/v1/auth/refresh': () => problem(401, 'invalid-refresh-token'),
    });
    await signOut(hub, () => undefined);
    expect(hub.session.user()).toBeUndefined();
  });

  it('does not pretend while the hub cannot be told', async () => {
    const { hub } = hubWith({ 'POST /api/v1/auth/logout': () => problem(503, 'service-unavailable') });
    await expect(signOut(hub, () => undefined)).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(hub.session.user()).toBeDefined();
  });
});

describe('queries', () => {
  it('ask for page after page', async () => {
    const { hub, server } = hubWith({
      'GET /api/v1/credits/transactions': ({ path }) =>
        json({ items: [], nextCursor: path.includes('cursor=') ? null : 'next-1' }),
      'GET /api/v1/usage/logs': () => json({ items: [], nextCursor: null }),
    });
    const client = createQueryClient();
    await client.infiniteQuery({ ...ledgerQuery(hub, undefined, {}), pages: 2 });
    await client.infiniteQuery(usageQuery(hub));
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/api/v1/credits/transactions?limit=20',
      '/api/v1/credits/transactions?limit=20&cursor=next-1',
      '/api/v1/usage/logs?limit=20',
    ]);
  });

  it('join models with their prices', async () => {
    const price = samplePrice('hub/*', 1, 2);
    const { hub } = hubWith({
      'GET /v1/models': () =>
        json({
          object: 'list',
          data: [
            {
              ...{ id: 'hub/echo', object: 'model', created: 1, owned_by: 'hub' },
              ...{ context_length: null, max_output_tokens: 4096, capabilities: {} },
              price: { input_micro_per_million: 1, output_micro_per_million: 1, unit_micro: 0 },
            },
          ],
        }),
      'GET /api/v1/prices': () => json({ items: [price] }),
    });
    expect(await createQueryClient().query(offersQuery(hub))).toEqual([
      { id: 'hub/echo', owner: 'hub', price },
    ]);
  });

  it('read the balance, the keys and whether the set-up is open', async () => {
    const { hub } = hubWith({
      'GET /api/v1/credits/balance': () => json(BALANCE),
      'GET /api/v1/keys': () => json({ items: [] }),
      'GET /api/v1/auth/setup': () => json({ open: true }),
    });
    const client = createQueryClient();
    expect(await client.query(balanceQuery(hub))).toEqual(BALANCE);
    expect(await client.query(keysQuery(hub))).toEqual([]);
    expect(await client.query(setupStateQuery(hub))).toEqual({ open: true });
  });

  it('are repeated for what may pass by itself, and not for ever', () => {
    expect(isWorthRepeating(0, new HubUnreachable('offline'))).toBe(true);
    expect(isWorthRepeating(1, new HubError('service-unavailable', {}))).toBe(true);
    expect(isWorthRepeating(2, new HubUnreachable('offline'))).toBe(false);
    expect(isWorthRepeating(0, new HubError('forbidden', {}))).toBe(false);
  });
});
