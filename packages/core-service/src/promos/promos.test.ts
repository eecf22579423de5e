import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCore } from '../core.fixture.ts';
import { randomCode } from './random-code.ts';

/** One service for the file; every test has people and codes of its own. */
let core: Awaited<ReturnType<typeof startCore>>;
let admin: string;
beforeAll(async () => {
  core = await startCore();
  admin = await core.issuer.token({ roles: ['admin'] });
});
afterAll(() => core[Symbol.asyncDispose]());

async function person() {
  const userId = randomUUID();
  await core.internal('/accounts', { userId });
  const token = await core.issuer.token({ userId });
  return {
    userId,
    redeem: (code: string) => core.ask('POST', '/api/v1/promo-codes/redeem', { token, body: { code } }),
    validate: (code: string) => core.ask('POST', '/api/v1/promo-codes/validate', { token, body: { code } }),
    balance: async () => (await core.ask('GET', '/api/v1/credits/balance', { token })).body['balanceMicro'],
  };
}

const make = async (terms: object = {}) => {
  const body = { creditsMicro: 5_000_000, ...terms };
  const answer = await core.ask('POST', '/api/v1/promo-codes', { token: admin, body });
  expect(answer).toMatchObject({ status: 201 });
  return { id: String(answer.body['id']), code: String(answer.body['code']) };
};
const change = (id: string, body: object) =>
  core.ask('PATCH', `/api/v1/promo-codes/${id}`, { token: admin, body });
const past = () => new Date(Date.now() - 1_000).toISOString();

describe('redeeming', () => {
  test('gives the credits through the ledger, whatever the letters’ case and the blanks around it', async () => {
    const { code } = await make({ code: `Welcome-${randomUUID().slice(0, 8)}` });
    const { redeem, balance } = await person();
    expect(await redeem(`  ${code.toLowerCase()} `)).toMatchObject({
      status: 200,
      body: { creditsMicro: 5_000_000, balanceMicro: 6_000_000 },
    });
    expect(await balance()).toBe(6_000_000);
  });

  test('twice gives once', async () => {
    const { code } = await make();
    const { redeem, balance } = await person();
    await redeem(code);
    expect(await redeem(code)).toMatchObject({ status: 409, body: { code: 'promo-already-redeemed' } });
    expect(await balance()).toBe(6_000_000);
  });

  test('lesson 3: at the same moment gives once, and counts one use', async () => {
    const { id, code } = await make({ maxUses: 5 });
    const { redeem, balance } = await person();
    const answers = await Promise.all(Array.from({ length: 12 }, () => redeem(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await balance()).toBe(6_000_000);
    const uses = await core.ask('GET', `/api/v1/promo-codes/${id}/redemptions`, { token: admin });
    expect(uses.body['items']).toHaveLength(1);
  });

  test.each<[string, object, object, string]>([
    ['that has expired', { expiresAt: past() }, {}, 'promo-expired'],
    ['that was closed', {}, { active: false }, 'promo-not-found'],
    ['that was given an end that is over', {}, { expiresAt: past() }, 'promo-expired'],
  ])('a code %s gives nothing', async (_, terms, changed, problem) => {
    const { id, code } = await make(terms);
    await change(id, changed);
    const { redeem, validate, balance } = await person();
    expect((await redeem(code)).body['code']).toBe(problem);
    expect((await validate(code)).body['code']).toBe(problem);
    expect(await balance()).toBe(1_000_000);
  });

  test('a code is used as often as it may be, and then by nobody', async () => {
    const { code } = await make({ maxUses: 2 });
    const people = await Promise.all(Array.from({ length: 3 }, person));
    const codes = [];
    for (const { redeem } of people) codes.push((await redeem(code)).body['code']);
    expect(codes).toEqual([undefined, undefined, 'promo-used-up']);
  });

  test('a frozen account gets nothing, and the code keeps its use', async () => {
    const { id, code } = await make({ maxUses: 1 });
    const nobody = await core.issuer.token({ userId: randomUUID() });
    const body = { code };
    const refused = await core.ask('POST', '/api/v1/promo-codes/redeem', { token: nobody, body });
    expect(refused.body['code']).toBe('account-frozen');
    const listed = await core.ask('GET', `/api/v1/promo-codes?search=${code}`, { token: admin });
    expect(listed.body['items']).toMatchObject([{ id, usedCount: 0 }]);
    expect((await (await person()).redeem(code)).status).toBe(200);
  });

  test('guessing ends after twenty codes that do not exist', async () => {
    const { code } = await make();
    const { redeem, validate } = await person();
    const statuses = [];
    for (let guess = 0; guess < 21; guess++) {
      const ask = guess % 2 === 0 ? redeem : validate;
      statuses.push((await ask(`guess-${guess}`)).body['code']);
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'promo-not-found'));
    expect(statuses[20]).toBe('too-many-attempts');
    expect((await redeem(code)).body['code']).toBe('too-many-attempts');
    expect((await (await person()).redeem(code)).status).toBe(200);
  });
});

test('validating says what a code would give, and gives nothing', async () => {
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const { code } = await make({ expiresAt });
  const { validate, redeem, balance } = await person();
  expect((await validate(code)).body).toEqual({ creditsMicro: 5_000_000, expiresAt });
  expect(await balance()).toBe(1_000_000);
  await redeem(code);
  expect((await validate(code)).body['code']).toBe('promo-already-redeemed');
});

describe('making codes', () => {
  test('a name is taken whatever the letters’ case', async () => {
    const { code } = await make();
    const body = { creditsMicro: 1, code: code.toLowerCase() };
    const answer = await core.ask('POST', '/api/v1/promo-codes', { token: admin, body });
    expect(answer).toMatchObject({ status: 409, body: { code: 'name-taken' } });
  });

  test('a batch makes as many as said, each good once', async () => {
    const body = { count: 200, prefix: 'school', creditsMicro: 1_000 };
    const answer = await core.ask('POST', '/api/v1/promo-codes/batch', { token: admin, body });
    const codes = answer.body['codes'];
    if (!Array.isArray(codes)) throw new Error('there are no codes');
    expect(new Set(codes).size).toBe(200);
    expect(String(codes[0])).toMatch(/^SCHOOL(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const [first, second] = [await person(), await person()];
    expect((await first.redeem(String(codes[0]))).status).toBe(200);
    expect((await second.redeem(String(codes[0]))).body['code']).toBe('promo-used-up');
  });

  test.each<[string, object]>([
    ['no credits', { creditsMicro: 0 }],
    ['negative credits', { creditsMicro: -1 }],
    ['half a micro-credit', { creditsMicro: 0.5 }],
    ['more than any code gives', { creditsMicro: 1_000_000_000_001 }],
    ['credits beyond what a number holds', { creditsMicro: 2 ** 53 }],
    ['credits in words', { creditsMicro: '5' }],
    ['two letters', { creditsMicro: 1, code: 'ab' }],
    ['a blank inside', { creditsMicro: 1, code: 'free money' }],
    ['a letter that looks like another', { creditsMicro: 1, code: 'WELСOME' }],
    ['a formula', { creditsMicro: 1, code: '=1+1' }],
    ['a use of nothing', { creditsMicro: 1, maxUses: 0 }],
    ['a field that nobody has', { creditsMicro: 1, usedCount: -5 }],
    ['an end that is no time', { creditsMicro: 1, expiresAt: 'soon' }],
  ])('a code of %s is refused', async (_, body) => {
    const answer = await core.ask('POST', '/api/v1/promo-codes', { token: admin, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('random codes are never alike, and read well', () => {
    const codes = new Set(Array.from({ length: 10_000 }, () => randomCode()));
    expect(codes.size).toBe(10_000);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test('a limit below what was used is refused, and others hold', async () => {
    const { id, code } = await make();
    await (await person()).redeem(code);
    await (await person()).redeem(code);
    expect((await change(id, { maxUses: 1 })).body['code']).toBe('promo-used-up');
    expect((await change(id, { maxUses: 2, description: 'two' })).body).toMatchObject({
      ...{ maxUses: 2, usedCount: 2, description: 'two', active: true },
    });
    expect((await change(randomUUID(), { active: false })).status).toBe(404);
  });

  test('only who may manage makes, changes and lists', async () => {
    const { token } = { token: await core.issuer.token() };
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['POST', '/batch'],
      ['GET', '/use'],
    ] as const) {
      const body = { creditsMicro: 1, count: 1 };
      const answer = await core.ask(method, `/api/v1/promo-codes${path}`, {
        token,
        ...(method === 'POST' && { body }),
      });
      expect(answer.status).toBe(403);
    }
  });
});

describe('lists', () => {
  test('codes come newest first, page by page, and by what they begin with', async () => {
    const prefix = `P${randomUUID().slice(0, 6)}`;
    for (const n of [1, 2, 3]) await make({ code: `${prefix}-${n}` });
    const list = async (query: string) =>
      (await core.ask('GET', `/api/v1/promo-codes?search=${prefix.toLowerCase()}&${query}`, { token: admin }))
        .body;
    const first = await list('limit=2');
    expect(first['items']).toMatchObject([{ code: `${prefix}-3` }, { code: `${prefix}-2` }]);
    const rest = await list(`limit=2&cursor=${String(first['nextCursor'])}`);
    expect(rest).toMatchObject({ items: [{ code: `${prefix}-1` }], nextCursor: null });
    expect((await list('cursor=bm90LW91cnM'))['code']).toBe('invalid-request');
  });

  test('open codes are those that somebody could redeem now', async () => {
    const prefix = `S${randomUUID().slice(0, 6)}`;
    await make({ code: `${prefix}-open` });
    await make({ code: `${prefix}-over`, expiresAt: past() });
    const closed = await make({ code: `${prefix}-closed` });
    await change(closed.id, { active: false });
    const used = await make({ code: `${prefix}-used`, maxUses: 1 });
    await (await person()).redeem(used.code);
    const codes = async (state: string) => {
      const path = `/api/v1/promo-codes?search=${prefix}&state=${state}`;
      const { items } = (await core.ask('GET', path, { token: admin })).body;
      return Array.isArray(items) ? items.map(({ code }: { code: string }) => code.slice(8)).toSorted() : [];
    };
    expect(await codes('open')).toEqual(['open']);
    expect(await codes('closed')).toEqual(['closed', 'over', 'used']);
  });

  test('today’s uses and credits are summed', async () => {
    const { code } = await make({ creditsMicro: 7 });
    await (await person()).redeem(code);
    const { items } = (await core.ask('GET', '/api/v1/promo-codes/use?days=1', { token: admin })).body;
    expect(items).toMatchObject([
      { day: new Date().toISOString().slice(0, 10), uses: expect.any(Number) as unknown },
    ]);
  });
});
