import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  authContract,
  completionsContract,
  creditsContract,
  internalContract,
  keysContract,
  oauthContract,
  type Session,
  usageContract,
} from '../contracts/index.ts';
import { testIssuer } from '../testing/issuer.ts';
import { testLog } from '../testing/log.ts';
import { bind } from './bind.ts';
import { environment } from './config.ts';
import { createApp } from './http.ts';
import { Secret } from './secret.ts';
import { createTokenVerifier } from './token.ts';

const NOW = '2026-11-22T10:00:00Z';
const user = {
  id: randomUUID(),
  email: 'a@example.com',
  roles: ['user'],
  locale: 'en' as const,
  createdAt: NOW,
};
const session: Session = { accessToken: 'a', expiresIn: 900, user };
const key = {
  id: randomUUID(),
  name: 'n',
  prefix: 'sk-hub-aaaaa',
  createdAt: NOW,
  expiresAt: null,
  lastUsedAt: null,
};
const page = { items: [], nextCursor: null };

const log = testLog('test', { level: 'warn' });
const serviceToken = new Secret('service-token-of-this-test');
let app: FastifyInstance;
let personToken: string;

const nobody = { roles: [], level: 0, grants: {} };
beforeAll(async () => {
  const issuer = await testIssuer();
  personToken = await issuer.token({ roles: ['superadmin'] });
  const guards = { serviceToken, verifyToken: createTokenVerifier(createLocalJWKSet(issuer.jwks)) };
  app = createApp({ service: 'test', version: '0', logger: log.logger });
  bind(
    app,
    authContract,
    guards,
    {},
    {
      register: async (_, { body }) => ({ ...session, user: { ...user, email: body.email } }),
      login: async () => session,
      refresh: async () => session,
      logout: async () => undefined,
      me: async () => user,
      setupState: async () => ({ open: false }),
      setup: async () => session,
    },
  );
  bind(
    app,
    keysContract,
    guards,
    {},
    {
      listKeys: async () => ({ items: [key] }),
      createKey: async (_, { body }) => ({ ...key, ...body, key: 'sk-hub-a' }),
      revokeKey: async () => undefined,
    },
  );
  const destination = { kind: 'app' as const, name: 'n' };
  const asked = { client: { name: null, publisher: null }, scopes: [], resources: [] };
  bind(
    app,
    oauthContract,
    guards,
    {},
    {
      findInteraction: async () => ({ ...asked, destination }),
      decideInteraction: async () => ({ redirectTo: '/' }),
      findDevice: async () => asked,
      decideDevice: async () => undefined,
      listGrants: async () => ({ items: [] }),
      revokeGrant: async () => undefined,
    },
  );
  bind(
    app,
    internalContract,
    guards,
    {},
    {
      openAccount: async () => nobody,
      accessOf: async () => nobody,
      reserve: async (_, { body }) => ({
        items: body.items.map(({ holdId }) => ({
          holdId,
          outcome: 'held' as const,
          heldMicro: 0,
          availableMicro: 0,
        })),
      }),
      settle: async (_, { body }) => ({
        items: body.items.map(({ holdId, chargeMicro }) => ({
          holdId,
          outcome: 'settled' as const,
          chargedMicro: chargeMicro,
        })),
      }),
      release: async (_, { body }) => ({ released: body.holdIds.length }),
      prices: async () => ({ items: [] }),
      identify: async () => ({ token: 'a', expiresIn: 60 }),
      jwks: async () => ({ keys: [] }),
    },
  );
  bind(
    app,
    { listTransactions: creditsContract.listTransactions },
    guards,
    {},
    { listTransactions: async () => page },
  );
  bind(
    app,
    completionsContract,
    guards,
    {},
    {
      listModels: async () => ({ object: 'list' as const, data: [] }),
      createChatCompletion: async () => ({}),
    },
  );
  bind(app, usageContract, guards, {}, { listUsage: async () => page });
  await app.ready();
});
afterAll(() => app.close());

/** Random bodies for each route: `.ci/run` asks for 10,000. */
const BODIES = Number(environment()['RANDOM_BODIES'] ?? 2_000);
/** Milliseconds: bodies are parsed, refused and answered a thousand a second on a slow machine. */
const TIMEOUT = 15_000 + 2 * BODIES;

const [uuid, email, password] = [randomUUID(), 'a@example.com', 'long enough'];
const settlement = {
  ...{
    holdId: uuid,
    userId: uuid,
    keyId: null,
    requestId: 'request-1',
    service: 's',
    model: 'm',
    priceId: uuid,
  },
  ...{
    promptTokens: 1,
    completionTokens: 1,
    chargeMicro: 1,
    tokenSource: 'counted',
    status: 'ok',
    latencyMs: 1,
  },
};
/** A good body of each route: random ones are it with a part replaced, or nothing like it. */
const GOOD: Record<string, object> = {
  register: { email, password, locale: 'th', delivery: 'body' },
  login: { email, password, delivery: 'cookie' },
  refresh: { refreshToken: 'rt-1' },
  setup: { token: 't', email, password, delivery: 'body' },
  createKey: { name: 'n', expiresAt: NOW },
  createChatCompletion: { model: 'm', messages: [{ role: 'user', content: 'c' }], max_tokens: 1, n: 1 },
  openAccount: { userId: uuid },
  accessOf: { userId: uuid },
  reserve: { items: [{ holdId: uuid, userId: uuid, minMicro: 1, maxMicro: 2 }] },
  settle: { items: [settlement, settlement] },
  release: { holdIds: [uuid] },
  identify: { credential: 'sk-hub-a' },
  decideInteraction: { approve: true },
  findDevice: { userCode: 'BCDF-GHJK' },
  decideDevice: { userCode: 'BCDF-GHJK', approve: false },
};

/** Names that objects have by themselves. */
const inherited = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'then', ''];
const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    'th',
    'superadmin',
    NOW,
    email,
    'x'.repeat(5000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
);
const nested = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...inherited, 'a'), leaf, { maxKeys: 3 }),
);
/** JSON texts, made once: what takes time is the making. */
const POOL = fc.sample(nested, 1000).map((value) => JSON.stringify(value));
const drawn = fc.constantFrom(...POOL);

const members = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [name, ...members(inner)])
    : [];

function bodiesLike(good: object): fc.Arbitrary<string> {
  const names = fc.constantFrom(...members(good), ...inherited);
  const whole = JSON.stringify(good);
  return fc.oneof(
    fc.tuple(names, drawn).map(([name, json]) => {
      const part: unknown = JSON.parse(json);
      const changed: unknown = JSON.parse(whole, (key, value: unknown) => (key === name ? part : value));
      return JSON.stringify(changed);
    }),
    fc.tuple(names, drawn).map(([name, json]) => `${whole.slice(0, -1)},${JSON.stringify(name)}:${json}}`),
    fc
      .array(fc.tuple(names, drawn), { maxLength: 4 })
      .map((pairs) => `{${pairs.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`),
    drawn,
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('', '{', '[', 'nul', '"\\ud800"', '1e999', '['.repeat(5000), whole, `${whole}}`),
  );
}
const type = fc.constantFrom(
  ...Array.from({ length: 9 }, () => 'application/json'),
  ...['application/json; charset=utf-16', 'text/plain', 'application/xml', 'a'],
);

const routes = {
  ...{ ...authContract, ...keysContract, ...oauthContract },
  ...{ ...completionsContract, ...internalContract },
};
const withBody = Object.entries(routes).filter(([, route]) => 'body' in route);

describe('random requests are never a 500', () => {
  test.each(withBody)(
    `%s, by ${BODIES} bodies`,
    { timeout: TIMEOUT },
    async (name, { method, path, access, success }) => {
      const token = access === 'service' ? serviceToken.reveal() : personToken;
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(bodiesLike(GOOD[name] ?? {}), type, async (payload, contentType) => {
          const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
          const url = path.replace(/:\w+/g, uuid);
          const { statusCode } = await app.inject({ method, url, payload, headers });
          seen.add(statusCode);
          expect([success.status, 400, 413, 415]).toContain(statusCode);
        }),
        { numRuns: BODIES },
      );
      expect([...seen]).toEqual(expect.arrayContaining([success.status, 400, 415]));
      expect(log.lines()).toEqual([]);
    },
  );

  /** Half a surrogate pair cannot stand in an address. */
  const wellFormed = (given: string) => Buffer.from(given).toString();
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const ask = async (method: 'GET' | 'DELETE', url: string, authorization = `Bearer ${personToken}`) => {
    const { statusCode } = await app.inject({ method, url, headers: { authorization } });
    return statusCode;
  };

  test('revokeKey, by any id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.uuid()), async (id) => {
        const raw = encodeURIComponent(wellFormed(id));
        expect([204, 400, 404, 405]).toContain(await ask('DELETE', `/api/v1/keys/${raw}`));
      }),
      { numRuns: 500 },
    );
  });

  test.each(['/api/v1/credits/transactions', '/api/v1/usage/logs'])('%s, by any query', async (path) => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.oneof(fc.constantFrom('limit', 'cursor'), text),
          fc.oneof(text, fc.nat().map(String)),
        ),
        async (query) => {
          const pairs = Object.entries(query).map(([name, value]): [string, string] => [
            wellFormed(name),
            wellFormed(value),
          ]);
          expect([200, 400]).toContain(await ask('GET', `${path}?${new URLSearchParams(pairs)}`));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('me, by any token', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          text,
          text.map((token) => `Bearer ${token}`),
        ),
        async (authorization) => {
          const header = Buffer.from(authorization)
            .toString('latin1')
            .replaceAll(/[^\x20-\x7e]/g, '.');
          expect(await ask('GET', '/api/v1/auth/me', header)).toBe(401);
        },
      ),
      { numRuns: 500 },
    );
  });
});
