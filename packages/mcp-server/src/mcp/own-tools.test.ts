import { randomUUID } from 'node:crypto';
import { DomainError, type Grants, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import type { ClientRequest } from '@smart-ai-hub/shared/contracts';
import { shapeError } from '@smart-ai-hub/shared/service';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CoreBooks, coreBooks, startMcp } from '../mcp.fixture.ts';
import { callTool, modern, toolsFor } from './by-hand.fixture.ts';
import { OWN_TOOLS } from './own-tools.ts';

const BALANCE = { balanceMicro: 9, heldMicro: 2, availableMicro: 7 };

let books: CoreBooks;
let ledger: CoreBooks['transport'];
let mcp: Awaited<ReturnType<typeof startMcp>>;
const asked: ClientRequest[] = [];
beforeAll(async () => {
  books = coreBooks();
  ledger = books.transport;
  mcp = await startMcp({ books });
});
beforeEach(() => {
  asked.length = 0;
  answer(BALANCE);
});
afterAll(() => mcp[Symbol.asyncDispose]());

/** What core-service answers where it is asked for somebody. */
function answer(body: unknown, status = 200) {
  books.transport = (request) => {
    if (!request.caller) return ledger(request);
    asked.push(request);
    return Promise.resolve({ status, body });
  };
}

const problem = (error: DomainError) => {
  const { status, body } = shapeError(error, '/api/v1/x', 'request-of-core');
  answer(body, status);
};

const doorOf = async (grants: Grants, more: { tools?: string[]; claims?: object } = {}) => {
  const claims = { ...(more.tools && { limits: { tools: more.tools } }), ...more.claims };
  return { url: mcp.url, token: await mcp.issuer.token({ roles: [], grants, claims }) };
};

const ALL = OWN_TOOLS.map(({ name }) => name);
const OF_USERS = ALL.filter((name) => !['list_users', 'list_promos', 'create_promo'].includes(name));

describe('who has which tools', () => {
  test.each([
    ['user', OF_USERS],
    ['manager', [...OF_USERS, 'list_users']],
    ['admin', ALL],
    ['superadmin', ALL],
  ])('a %s', async (role, tools) => {
    expect(await toolsFor({ url: mcp.url, token: await mcp.issuer.token({ roles: [role] }) })).toEqual(tools);
  });

  test.each<[string[], string[]]>([
    [['get_balance'], ['get_balance']],
    [['list_*'], ['list_models', 'list_transactions', 'list_keys']],
    [['create_promo', 'GET_BALANCE'], []],
  ])('a key that names %j', async (tools, open) => {
    const token = await mcp.issuer.token({ keyId: randomUUID(), claims: { limits: { tools } } });
    expect(await toolsFor({ url: mcp.url, token })).toEqual(open);
  });

  test('lesson 11: whatever is granted, a tool is listed exactly where a call is let through', async () => {
    const grants = fc.record(
      {
        'tools:use': fc.constant('any' as const),
        'services:use': fc.constantFrom('own' as const, 'any' as const),
        'credits:read': fc.constantFrom('own' as const, 'any' as const),
        'usage:read': fc.constant('own' as const),
        'promos:redeem': fc.constant('own' as const),
        'promos:read': fc.constant('any' as const),
        'promos:manage': fc.constant('any' as const),
        'keys:read': fc.constant('own' as const),
        'keys:manage': fc.constant('own' as const),
        'users:read': fc.constantFrom('own' as const, 'team' as const, 'any' as const),
      },
      { requiredKeys: ['tools:use'] },
    );
    const names = fc.option(fc.subarray([...ALL, 'list_*'], { minLength: 1 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(grants, names, async (granted, tools) => {
        const door = await doorOf(granted, tools ? { tools } : {});
        const open = await toolsFor(door);
        for (const name of ALL) {
          const { error } = await modern(door, 'tools/call', { name, arguments: { nothing: 'like it' } });
          if (open.includes(name)) expect(error).toBeUndefined();
          else expect(error).toMatchObject({ code: -32_602, message: `Tool ${name} not found` });
        }
      }),
      { numRuns: 15 },
    );
    expect(asked).toEqual([]);
  });
});

test('each tool says all of itself: words, schemas, and what a client should know before it calls', async () => {
  const { result } = await modern(
    { url: mcp.url, token: await mcp.issuer.token({ roles: ['admin'] }) },
    'tools/list',
  );
  const told = z
    .object({
      tools: z.array(
        z.strictObject({
          name: z.string().regex(/^[a-z]+(_[a-z]+)*$/),
          title: z.string().min(3),
          description: z.string().min(20),
          inputSchema: z.looseObject({ type: z.literal('object'), additionalProperties: z.literal(false) }),
          outputSchema: z.looseObject({ type: z.literal('object') }),
          annotations: z.strictObject({
            readOnlyHint: z.boolean(),
            destructiveHint: z.boolean(),
            idempotentHint: z.boolean(),
            openWorldHint: z.boolean(),
          }),
        }),
      ),
    })
    .parse(result).tools;
  const hinted = (hint: keyof (typeof told)[0]['annotations']) =>
    told.filter(({ annotations }) => annotations[hint]).map(({ name }) => name);
  expect(hinted('readOnlyHint')).toEqual(ALL.filter((name) => /^(list|get)_/.test(name)));
  expect(hinted('destructiveHint')).toEqual(['revoke_key']);
  expect(hinted('openWorldHint')).toEqual(['chat']);
});

describe('a call', () => {
  test('is made as the person, from where they are, and gives what the service answered', async () => {
    const door = await doorOf({ 'tools:use': 'any', 'credits:read': 'own' });
    const { structured, text, isError } = await callTool(door, 'get_balance');
    expect(structured).toEqual(BALANCE);
    expect(JSON.parse(text)).toEqual(BALANCE);
    expect(isError).toBe(false);
    expect(asked).toMatchObject([
      { method: 'GET', path: '/api/v1/credits/balance', caller: { token: door.token, address: '127.0.0.1' } },
    ]);
  });

  test('that is refused says the code and what to do', async () => {
    const door = await doorOf({ 'tools:use': 'any', 'promos:manage': 'any' });
    problem(new DomainError('step-up-required'));
    const { text, isError, structured } = await callTool(door, 'create_promo', { creditsMicro: 5 });
    expect(isError).toBe(true);
    expect(structured).toBeUndefined();
    expect(text).toContain(`step-up-required: ${PROBLEMS['step-up-required'].title}`);
    expect(text).toContain('confirm who you are on the pages of the hub');
  });

  test('that is refused for what it names says where and when', async () => {
    const door = await doorOf({ 'tools:use': 'any', 'promos:redeem': 'own' });
    const errors = [{ path: 'code', message: 'is odd' }];
    problem(new DomainError('too-many-attempts', { detail: 'slowly', retryAfter: 7, errors }));
    const { text } = await callTool(door, 'redeem_code', { code: 'ABC' });
    expect(text).toMatch(/^too-many-attempts: slowly\ncode: is odd\nTry again in 7 s\.\nRequest [\w-]+\.$/);
  });

  test.each<[string, unknown]>([
    ['is away', undefined],
    ['answers outside its contract', { balanceMicro: 'much' }],
  ])('of a service that %s is an outage, in words', async (_what, body) => {
    const door = await doorOf({ 'tools:use': 'any', 'credits:read': 'own' });
    answer(body, body === undefined ? 500 : 200);
    const { text, isError } = await callTool(door, 'get_balance');
    expect([isError, text]).toEqual([true, expect.stringContaining('service-unavailable: ')]);
  });

  test.each<[string, unknown]>([
    ['unknown fields', { secret: 1 }],
    ['no id', { userId: 'me' }],
    ['a list', [1]],
  ])('with %s asks nobody', async (_what, args) => {
    const door = await doorOf({ 'tools:use': 'any', 'credits:read': 'own' });
    const { result, error } = await modern(door, 'tools/call', { name: 'get_balance', arguments: args });
    expect(result?.['isError'] === true || error?.code === -32_602).toBe(true);
    expect(asked).toEqual([]);
  });

  test('of a client whose token is too narrow is told which scopes would do', async () => {
    const claims = { credential: { kind: 'client', id: 'grant' }, resource: '/mcp' };
    const door = await doorOf({ 'tools:use': 'any' }, { claims });
    const { status, error, headers } = await modern(door, 'tools/call', {
      name: 'get_balance',
      arguments: {},
    });
    expect([status, error]).toMatchObject([403, { data: { code: 'forbidden' } }]);
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope", scope="tools:use credits:read", resource_metadata=".+\/mcp"$/,
    );
    const missing = await modern(door, 'tools/call', { name: 'redeem_code', arguments: { code: 'ABC' } });
    expect([missing.status, missing.error?.code]).toEqual([200, -32_602]);
    const none = await doorOf({}, { claims });
    const shut = await modern(none, 'tools/list');
    expect(shut.status).toBe(403);
    expect(shut.headers.get('www-authenticate')).toContain('insufficient_scope", scope="tools:use"');
  });
});

test('an error of ours is logged, and told without its words', async () => {
  const door = await doorOf({ 'tools:use': 'any', 'credits:read': 'own' });
  books.transport = (request) =>
    request.caller ? Promise.reject(new TypeError('canary in the works')) : ledger(request);
  const { text, isError } = await callTool(door, 'get_balance');
  expect([isError, text]).toEqual([true, expect.stringContaining('internal-error: ')]);
  expect(text).not.toContain('canary');
  expect(mcp.log.lines().filter(({ level }) => level === 'error')).toMatchObject([
    { message: 'a tool failed', tool: 'get_balance' },
  ]);
});
