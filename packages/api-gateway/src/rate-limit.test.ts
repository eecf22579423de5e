import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeService } from './fake-service.fixture.ts';
import { allAt, startGateway } from './gateway.fixture.ts';

/** A gateway with room for three, before a service that always answers. */
async function narrowGateway(limits: object, env: Record<string, string> = {}) {
  const service = await fakeService((_request, response) => response.end('{}'));
  const gateway = await startGateway({
    env: { ...allAt(service.url), RATE_LIMITS: JSON.stringify(limits), ...env },
  });
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/api/v1/credits/balance`, { headers });
  const statuses = async (count: number, headers?: Record<string, string>) => {
    const seen: number[] = [];
    for (let i = 0; i < count; i += 1) seen.push((await ask(headers)).status);
    return seen;
  };
  return {
    ...{ gateway, ask, statuses },
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await service.stop();
    },
  };
}

const THREE = [3, 100, 1_000];
const as = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the limit', () => {
  test('says where the caller stands, and when to come again', async () => {
    await using hub = await narrowGateway({ anonymous: THREE });
    const first = await hub.ask();
    expect(first.headers.get('ratelimit')).toMatch(/^"minute";r=2;t=\d{1,2}$/);
    expect(first.headers.get('ratelimit-policy')).toBe(
      '"minute";q=3;w=60, "hour";q=100;w=3600, "day";q=1000;w=86400',
    );
    expect(await hub.statuses(2)).toEqual([200, 200]);
    const refused = await hub.ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"minute";r=0;t=\d{1,2}$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: 'rate-limited',
      type: '/problems/rate-limited',
      status: 429,
    });
  });

  test('is a person’s own: neither the sessions nor the keys of one person add to it', async () => {
    await using hub = await narrowGateway({ user: THREE });
    const { signIn, addKey } = hub.gateway.auth;
    const userId = randomUUID();
    const callers = [signIn({ userId }).token, signIn({ userId }).token, addKey({ userId }).key];
    expect(await Promise.all(callers.map(async (caller) => (await hub.ask(as(caller))).status))).toEqual([
      200, 200, 200,
    ]);
    expect(await hub.statuses(1, as(addKey({ userId }).key))).toEqual([429]);
  });

  test('lesson 9: of a person is not used up by others behind the same address', async () => {
    await using hub = await narrowGateway({ anonymous: [1, 1, 1], user: THREE });
    expect(await hub.statuses(2)).toEqual([200, 429]);
    expect(await hub.statuses(3, as(hub.gateway.auth.signIn().token))).toEqual([200, 200, 200]);
    expect(await hub.statuses(3, as(hub.gateway.auth.signIn().token))).toEqual([200, 200, 200]);
  });

  test('is none for an administrator', async () => {
    await using hub = await narrowGateway({ anonymous: [1, 1, 1] });
    const admin = as(hub.gateway.auth.signIn({ roles: ['admin'] }).token);
    expect(await hub.statuses(5, admin)).toEqual([200, 200, 200, 200, 200]);
    expect((await hub.ask(admin)).headers.has('ratelimit')).toBe(false);
  });

  test('counts bad tokens against their address, so that guessing is slow', async () => {
    await using hub = await narrowGateway({ anonymous: THREE });
    expect(await hub.statuses(4, as('sk-hub-guess'))).toEqual([401, 401, 401, 429]);
    expect(await hub.statuses(1)).toEqual([429]);
    expect(await hub.statuses(1, as(hub.gateway.auth.signIn().token))).toEqual([200]);
  });

  test('believes X-Forwarded-For from nobody unless a proxy is named', async () => {
    await using hub = await narrowGateway({ anonymous: THREE });
    const seen = await Promise.all([1, 2, 3, 4].map((i) => hub.ask({ 'x-forwarded-for': `192.0.2.${i}` })));
    expect(seen.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429]);
  });

  test('goes by the address that a trusted proxy names', async () => {
    await using hub = await narrowGateway({ anonymous: [1, 9, 9] }, { TRUST_PROXY: '127.0.0.1' });
    const status = async (address: string) => (await hub.ask({ 'x-forwarded-for': address })).status;
    expect(await status('192.0.2.1')).toBe(200);
    expect(await status('192.0.2.2')).toBe(200);
    expect(await status('192.0.2.1')).toBe(429);
    expect(await status('2001:db8::1')).toBe(200);
    expect(await status('2001:db8::ffff')).toBe(429);
  });
});

describe('the limit of a key', () => {
  const limits = { requestsPerMinute: 2 };

  test('is counted on top of its person’s, and said beside it', async () => {
    await using hub = await narrowGateway({ user: THREE });
    const userId = randomUUID();
    const key = as(hub.gateway.auth.addKey({ userId, limits }).key);
    const first = await hub.ask(key);
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=1;t=\d{1,2}, "minute";r=2;t=\d{1,2}$/);
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"key";q=2;w=60, "minute";q=3;w=60, "hour"/);
    expect(await hub.statuses(1, key)).toEqual([200]);
    const refused = await hub.ask(key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d{1,2}$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'rate-limited' });
    // what the key was refused did not count against its person, whose last request is left
    expect(await hub.statuses(2, as(hub.gateway.auth.signIn({ userId }).token))).toEqual([200, 429]);
  });

  test('is its own: another key of the same person has all of its', async () => {
    await using hub = await narrowGateway({ user: [9, 99, 999] });
    const userId = randomUUID();
    const [one, other] = [1, 2].map(() => as(hub.gateway.auth.addKey({ userId, limits }).key));
    expect(await hub.statuses(3, one)).toEqual([200, 200, 429]);
    expect(await hub.statuses(2, other)).toEqual([200, 200]);
  });

  test('goes over to the key that replaces it', async () => {
    await using hub = await narrowGateway({ user: [9, 99, 999] });
    const userId = randomUUID();
    const { key, keyId } = hub.gateway.auth.addKey({ userId, limits });
    const next = hub.gateway.auth.addKey({ userId, limits: { ...limits, budgetId: keyId } });
    expect(await hub.statuses(2, as(key))).toEqual([200, 200]);
    expect(await hub.statuses(1, as(next.key))).toEqual([429]);
  });

  test('holds for an administrator’s key too', async () => {
    await using hub = await narrowGateway({});
    const key = as(hub.gateway.auth.addKey({ roles: ['admin'], limits }).key);
    expect(await hub.statuses(3, key)).toEqual([200, 200, 429]);
  });
});
