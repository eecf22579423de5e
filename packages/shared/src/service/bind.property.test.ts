import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as contracts from '../contracts/index.ts';
import { testIssuer } from '../testing/issuer.ts';
import { testLog } from '../testing/log.ts';
import { tries } from '../testing/thorough.ts';
import { bind, type Handlers } from './bind.ts';
import { createApp } from './http.ts';
import { Secret } from './secret.ts';
import { createTokenVerifier } from './token.ts';

const NOW = '2026-11-22T10:00:00Z';

const isRoute = (value: unknown): value is contracts.Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value;
const isContract = (value: unknown): value is contracts.Contract =>
  typeof value === 'object' && value !== null && Object.values(value).some(isRoute);

/** Every contract there is: a new one is asked at random too. */
const everything: readonly unknown[] = Object.values(contracts);
const CONTRACTS = everything.filter(isContract);

const log = testLog('test', { level: 'warn' });
const serviceToken = new Secret('service-token-of-this-test');
let app: FastifyInstance;
let personToken: string;

/** What is let in ends well at once: how the answer is shaped is another test's question. */
const letIn = (contract: contracts.Contract): Handlers<contracts.Contract, object> =>
  Object.fromEntries(
    Object.entries(contract).map(([name, { success }]) => [
      name,
      ({ http: { reply } }) => Promise.resolve(reply.code(success.status).serializer(String).send('')),
    ]),
  );

beforeAll(async () => {
  const issuer = await testIssuer();
  personToken = await issuer.token({ roles: ['superadmin'] });
  const guards = { serviceToken, verifyToken: createTokenVerifier(createLocalJWKSet(issuer.jwks)) };
  app = createApp({ service: 'test', version: '0', logger: log.logger });
  for (const contract of CONTRACTS) bind(app, contract, guards, {}, letIn(contract));
  await app.ready();
});
afterAll(() => app.close());

/** Random bodies for each route. */
const BODIES = tries(50, 10_000);
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
const assertion = {
  id: 'a',
  response: { clientDataJSON: 'a', authenticatorData: 'a', signature: 'a', userHandle: 'a' },
};
/** A good body of each route: random ones are it with a part replaced, or nothing like it. */
const GOOD: Record<string, object> = {
  register: { email, password, locale: 'th', delivery: 'body' },
  login: { email, password, delivery: 'cookie' },
  refresh: { refreshToken: 'rt-1' },
  setup: { token: 't', email, password, delivery: 'body' },
  verifyEmail: { code: '123456' },
  forgotPassword: { email },
  resetPassword: { token: 't', password },
  changePassword: { password, newPassword: password },
  changeEmail: { email },
  confirmEmail: { code: '123 456' },
  updateMe: { locale: 'th' },
  createKey: {
    name: 'n',
    expiresAt: NOW,
    permissions: ['services:use'],
    models: ['gpt-4*'],
    cacheAnswers: true,
  },
  updateKey: { name: 'n', expiresAt: null, requestsPerMinute: 1, cacheAnswers: false },
  rotateKey: { overlapSeconds: 60 },
  createUser: { email, locale: 'th' },
  updateUser: { disabled: true, locale: 'th' },
  createTeam: { name: 'n', managerId: uuid, monthlyLimitMicro: 5 },
  updateTeam: { name: 'n', managerId: null },
  confirmTotp: { code: '123 456' },
  secondFactor: { challenge: 'sf-1', recoveryCode: '0000-0000-0000-0000', delivery: 'body' },
  addPasskey: {
    name: 'n',
    passkey: { id: 'a', response: { clientDataJSON: 'a', attestationObject: 'a', transports: ['usb'] } },
  },
  renamePasskey: { name: 'n' },
  passkeySignIn: { passkey: assertion, delivery: 'cookie' },
  stepUp: { passkey: assertion },
  createMessage: { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] },
  countMessageTokens: { model: 'm', messages: [{ role: 'user', content: 'x' }] },
  createEmbedding: { model: 'm', input: ['text'] },
  createImage: { model: 'm', prompt: 'a cat', n: 1, size: 'auto', stream: false },
  createResponse: { model: 'm', input: [{ role: 'user', content: 'x' }], max_output_tokens: 1 },
  createChatCompletion: { model: 'm', messages: [{ role: 'user', content: 'c' }], max_tokens: 1, n: 1 },
  updateAccount: { status: 'frozen', note: 'why' },
  adjust: { adjustmentId: uuid, userId: uuid, amountMicro: -1, note: 'why' },
  adjustMany: { adjustmentId: uuid, csv: 'userId,amount,note', dryRun: true },
  refund: { note: 'why' },
  forgetPeople: { userIds: [uuid] },
  createConversation: { title: 't', model: 'm', system: 's', temperature: 1, maxTokens: 5 },
  appendMessages: { after: uuid, seen: uuid, messages: [{ role: 'user', content: 'x' }] },
  updateConversation: { title: 't', temperature: null },
  createWebhook: { url: 'https://example.com/hook', events: ['credit.low'] },
  updateWebhook: { active: false },
  createProvider: {
    ...{ name: 'n', format: 'anthropic', baseUrl: 'https://example.com/v1', apiKeys: ['k'], active: true },
    models: [
      { id: 'm', upstreamId: 'u', maxOutputTokens: 1, contextTokens: 1, capabilities: { vision: true } },
    ],
  },
  updateProvider: { active: false, check: false },
  reorderProviders: { ids: [uuid] },
  checkProvider: { baseUrl: 'https://example.com', apiKeys: ['k'], providerId: uuid },
  createMcpServer: {
    ...{ name: 'n', era: 'auto', timeoutMs: 1000, maxResultBytes: 1024, perPerson: false, active: true },
    transport: { type: 'stdio', command: 'c', args: ['a'], env: [{ name: 'N', value: 'v' }], idleSeconds: 5 },
    approve: [{ name: 't', definition: { title: 't', inputSchema: { type: 'object' } } }],
  },
  updateMcpServer: { transport: { type: 'http', url: 'https://example.com/mcp' } },
  approveMcpTools: { tools: [{ name: 't', hash: '0'.repeat(64) }] },
  updateMcpTools: { names: ['t'], permission: 'tools:use', roles: ['r'], confirmAboveMicro: 1 },
  checkMcpServer: {
    transport: { type: 'http', url: 'https://example.com/mcp', headers: [{ name: 'n', value: 'v' }] },
    ...{ era: '2025-11-25', serverId: uuid },
  },
  createMcpProfile: { name: 'n', title: 't', tools: [{ server: 's', tool: 't', as: 'a' }], contentOf: 's' },
  updateMcpProfile: { title: 't' },
  reportMcpTools: { tools: [{ name: 't', definition: { inputSchema: {}, annotations: {} } }] },
  updateCreditSettings: { lowBalanceMicro: 1 },
  setPrice: { model: 'gpt-4*', inputMicroPerMillion: 1 },
  importPrices: { csv: 'model', dryRun: true },
  createRole: { name: 'n1', level: 1, description: 'd', grants: { 'usage:read': 'own' } },
  checkAccess: { checks: [{ permission: 'usage:read', userId: uuid }] },
  updateRole: { description: 'd', grants: { 'usage:read': 'own' } },
  createPromoCode: { creditsMicro: 1, code: 'a-b', maxUses: 1 },
  createPromoBatch: { creditsMicro: 1, count: 1 },
  updatePromoCode: { active: false },
  validatePromoCode: { code: 'a-b' },
  redeemPromoCode: { code: 'a-b' },
  decideInteraction: { approve: true },
  findDevice: { userCode: 'BCDF-GHJK' },
  decideDevice: { userCode: 'BCDF-GHJK', approve: true },
  openAccount: { userId: uuid },
  accessOf: { userId: uuid },
  rolesOf: { userIds: [uuid] },
  reach: { userId: uuid },
  reserve: { items: [{ holdId: uuid, userId: uuid, minMicro: 1, maxMicro: 2 }] },
  settle: { items: [settlement, settlement] },
  release: { holdIds: [uuid] },
  identify: { credential: 'sk-hub-a' },
  renew: { token: 'a.b.c' },
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

const withBody = CONTRACTS.flatMap((contract) => Object.entries(contract)).filter(([, { body }]) => body);

describe('random requests are never a 500', () => {
  test.each(withBody)(
    `%s, by ${BODIES} bodies`,
    { timeout: TIMEOUT },
    async (name, { method, path, access, success }) => {
      const token = access === 'service' ? serviceToken.reveal() : personToken;
      const url = path.replace(':name', 'n1').replace(':transactionId', '1').replace(/:\w+/g, uuid);
      const seen = new Set<number>();
      const good = GOOD[name] ?? {};
      await fc.assert(
        fc.asyncProperty(bodiesLike(good), type, async (payload, contentType) => {
          const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
          const { statusCode } = await app.inject({ method, url, payload, headers });
          seen.add(statusCode);
          expect([success.status, 400, 413, 415]).toContain(statusCode);
        }),
        {
          numRuns: BODIES,
          examples: [
            [JSON.stringify(good), 'application/json'],
            ['{', 'application/json'],
            ['', 'text/plain'],
          ],
        },
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

  test.each(['/api/v1/credits/transactions', '/api/v1/usage/logs', '/api/v1/users', '/api/v1/teams'])(
    '%s, by any query',
    async (path) => {
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
    },
  );

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
