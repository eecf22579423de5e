import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { settlement, startCore } from '../core.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
});
beforeEach(() => core.teams.clear());
afterAll(() => core[Symbol.asyncDispose]());

const CREDITS = '/api/v1/credits';
const CREDIT = 1_000_000;
type Person = typeof admin;

const balanceOf = async ({ ask }: Person) => (await ask('GET', `${CREDITS}/balance`)).body;
const adjust = (by: Person, userId: string, amountMicro: number, adjustmentId = randomUUID()) =>
  by.ask('POST', `${CREDITS}/adjustments`, { adjustmentId, userId, amountMicro, note: 'because of a test' });
const update = (by: Person, userId: string, status: string) =>
  by.ask('PATCH', `${CREDITS}/accounts/${userId}`, { status, note: 'because of a test' });
const lines = z.object({ items: z.array(z.object({ id: z.string(), amountMicro: z.int() }).loose()) });
const ledgerOf = async ({ ask }: Person, query = '') =>
  lines.parse((await ask('GET', `${CREDITS}/transactions${query}`)).body).items;
const audited = (targetId: string) =>
  core.sql('SELECT action, actor_id, before, after FROM audit.events WHERE target_id = $1 ORDER BY id', [
    targetId,
  ]);

/** A call that cost this much, as the ledger knows it. */
async function charge(userId: string, chargeMicro: number) {
  const holdId = randomUUID();
  await core.internal('/credits/reserve', {
    items: [{ holdId, userId, minMicro: chargeMicro, maxMicro: chargeMicro }],
  });
  await core.internal('/credits/settle', { items: [settlement(holdId, userId, chargeMicro)] });
}

describe('an adjustment', () => {
  test('stands in the balance, in the ledger with its note, and in the audit log', async () => {
    const person = await core.person();
    const answer = await adjust(admin, person.id, 5 * CREDIT);
    expect(answer).toMatchObject({
      status: 200,
      body: { amountMicro: 5 * CREDIT, balanceAfterMicro: 6 * CREDIT, reason: 'adjustment', type: 'credit' },
    });
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: 6 * CREDIT });
    expect(await ledgerOf(person)).toMatchObject([
      { id: answer.body['id'], note: 'because of a test' },
      { reason: 'signup' },
    ]);
    expect(await audited(person.id)).toMatchObject([
      { action: 'credits.adjusted', actor_id: admin.id, after: { amountMicro: 5 * CREDIT } },
    ]);
  });

  test('under one id happens once, however often and at the same moment it is asked for', async () => {
    const person = await core.person();
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => adjust(admin, person.id, CREDIT, id)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`)).size).toBe(1);
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: 2 * CREDIT });
    expect(await audited(person.id)).toHaveLength(1);
  });

  test('under an id of another amount is refused, and changes nothing', async () => {
    const person = await core.person();
    const id = randomUUID();
    await adjust(admin, person.id, CREDIT, id);
    expect(await adjust(admin, person.id, 2 * CREDIT, id)).toMatchObject({
      body: { code: 'invalid-request' },
    });
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: 2 * CREDIT });
  });

  test('takes off down to what is held, and never below', async () => {
    const person = await core.person();
    const hold = { holdId: randomUUID(), userId: person.id, minMicro: 400_000, maxMicro: 400_000 };
    await core.internal('/credits/reserve', { items: [hold] });
    expect(await adjust(admin, person.id, -600_001)).toMatchObject({
      status: 402,
      body: { code: 'insufficient-credits' },
    });
    expect((await adjust(admin, person.id, -600_000)).status).toBe(200);
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: 400_000, availableMicro: 0 });
  });

  test('many at once on one account add up', async () => {
    const person = await core.person();
    await Promise.all(Array.from({ length: 30 }, (_, n) => adjust(admin, person.id, n % 2 ? 3 : -2)));
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: CREDIT + 15 });
  });

  test('reaches what the permission reaches; who reaches a team does not raise himself', async () => {
    const [manager, member, stranger] = [
      await core.person(['manager']),
      await core.person(),
      await core.person(),
    ];
    core.teams.set(manager.id, [member.id]);
    expect((await adjust(manager, member.id, CREDIT)).status).toBe(200);
    expect((await adjust(manager, stranger.id, CREDIT)).status).toBe(404);
    expect((await adjust(manager, manager.id, CREDIT)).status).toBe(404);
    expect((await adjust(member, member.id, CREDIT)).status).toBe(403);
    expect((await adjust(admin, admin.id, CREDIT)).status).toBe(200);
    expect((await adjust(admin, randomUUID(), CREDIT)).status).toBe(404);
  });

  test.each([0, 0.5, -0.5, 1e15 + 1, -1e15 - 1, 2 ** 53, '1000000', null, undefined, NaN])(
    'of %s is none',
    async (amountMicro) => {
      const person = await core.person();
      const answer = await admin.ask('POST', `${CREDITS}/adjustments`, {
        ...{ adjustmentId: randomUUID(), userId: person.id, amountMicro, note: 'because' },
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
      expect(await ledgerOf(person)).toHaveLength(1);
    },
  );

  test.each(['', '  ', 'ab', 'two\nlines', 'x'.repeat(201)])(
    'needs a reason, which %j is not',
    async (note) => {
      const body = { adjustmentId: randomUUID(), userId: admin.id, amountMicro: 1, note };
      expect((await admin.ask('POST', `${CREDITS}/adjustments`, body)).status).toBe(400);
    },
  );
});

describe('a frozen account', () => {
  test('holds nothing new, settles what was held, and can be corrected; a closed one takes nothing', async () => {
    const person = await core.person();
    const held = { holdId: randomUUID(), userId: person.id, minMicro: 10, maxMicro: 10 };
    await core.internal('/credits/reserve', { items: [held] });
    expect(await update(admin, person.id, 'frozen')).toMatchObject({
      status: 200,
      body: { status: 'frozen' },
    });
    const next = { ...held, holdId: randomUUID() };
    const { body } = await core.internal('/credits/reserve', { items: [next] });
    expect(body).toMatchObject({ items: [{ outcome: 'frozen' }] });
    await core.internal('/credits/settle', { items: [settlement(held.holdId, person.id, 10)] });
    expect(await balanceOf(person)).toMatchObject({ balanceMicro: CREDIT - 10, heldMicro: 0 });
    expect((await adjust(admin, person.id, 10)).status).toBe(200);

    await update(admin, person.id, 'closed');
    expect((await adjust(admin, person.id, 10)).body).toMatchObject({ code: 'account-closed' });
    await update(admin, person.id, 'active');
    expect((await adjust(admin, person.id, 10)).status).toBe(200);
    expect((await audited(person.id)).map(({ before, after }) => [before, after])).toMatchObject([
      [{ status: 'active' }, { status: 'frozen', note: 'because of a test' }],
      [null, { amountMicro: 10 }],
      [{ status: 'frozen' }, { status: 'closed' }],
      [{ status: 'closed' }, { status: 'active' }],
      [null, { amountMicro: 10 }],
    ]);
  });

  test('is frozen by whom the permission lets reach it', async () => {
    const [manager, stranger] = [await core.person(['manager']), await core.person()];
    expect((await update(manager, stranger.id, 'frozen')).status).toBe(404);
    expect((await update(stranger, stranger.id, 'frozen')).status).toBe(403);
    expect((await update(admin, randomUUID(), 'frozen')).status).toBe(404);
    expect((await update(admin, stranger.id, 'melted')).status).toBe(400);
  });
});

describe('a refund', () => {
  const refund = (by: Person, id: string) =>
    by.ask('POST', `${CREDITS}/transactions/${id}/refund`, { note: 'it was our fault' });

  test('gives back what a call was charged, once', async () => {
    const person = await core.person();
    await charge(person.id, 300_000);
    const [usage] = await ledgerOf(person);
    const answers = await Promise.all([1, 2, 3].map(() => refund(admin, usage?.id ?? '')));
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 200,
        body: { amountMicro: 300_000, balanceAfterMicro: CREDIT, reason: 'refund', model: 'gpt-4o-mini' },
      });
    }
    expect((await ledgerOf(person)).map(({ reason, isRefunded }) => [reason, isRefunded])).toEqual([
      ['refund', false],
      ['usage', true],
      ['signup', false],
    ]);
    expect(await audited(usage?.id ?? '')).toMatchObject([
      { action: 'credits.refunded', after: { userId: person.id, amountMicro: 300_000 } },
    ]);
  });

  test('is of a charge of somebody within reach, and of nothing else', async () => {
    const [person, manager] = [await core.person(), await core.person(['manager'])];
    await charge(person.id, 10);
    const [usage, signup] = await ledgerOf(person);
    expect((await refund(manager, usage?.id ?? '')).status).toBe(404);
    expect((await refund(person, usage?.id ?? '')).status).toBe(403);
    expect((await refund(admin, signup?.id ?? '')).status).toBe(404);
    expect((await refund(admin, '999999999999')).status).toBe(404);
    for (const id of ['0', '-1', '1e3', 'x', '1;DROP']) expect((await refund(admin, id)).status).toBe(400);
  });
});

describe('accounts', () => {
  test('are listed newest first to whom the permission lets see them, a page at a time', async () => {
    const [manager, member] = [await core.person(['manager']), await core.person()];
    core.teams.set(manager.id, [member.id]);
    const seen = async ({ ask }: Person, query: string) =>
      z
        .object({ items: z.array(z.object({ userId: z.string() })), nextCursor: z.string().nullable() })
        .parse((await ask('GET', `${CREDITS}/accounts${query}`)).body);
    const team = await seen(manager, '');
    expect(team.items.map(({ userId }) => userId)).toEqual([member.id, manager.id]);
    expect((await seen(member, '')).items.map(({ userId }) => userId)).toEqual([member.id]);
    const first = await seen(admin, '?limit=1');
    const second = await seen(admin, `?limit=1&cursor=${first.nextCursor}`);
    expect([first, second].map(({ items }) => items[0]?.userId)).toEqual([member.id, manager.id]);
    await update(admin, member.id, 'frozen');
    const frozen = await seen(manager, '?status=frozen');
    expect(frozen.items.map(({ userId }) => userId)).toEqual([member.id]);
    const stranger = await core.person();
    const one = async (by: Person, { id }: Person) =>
      (await seen(by, `?userId=${id}`)).items.map(({ userId }) => userId);
    expect(await one(manager, member)).toEqual([member.id]);
    expect(await one(manager, stranger)).toEqual([]);
    expect(await one(admin, stranger)).toEqual([stranger.id]);
  });

  test.each(['?status=melted', '?cursor=x', '?limit=0', '?userId=1'])(
    'are not asked for by %s',
    async (query) => {
      expect((await admin.ask('GET', `${CREDITS}/accounts${query}`)).status).toBe(400);
    },
  );
});

test('the ledger is filtered by reason and by time', async () => {
  const person = await core.person();
  await charge(person.id, 10);
  await adjust(admin, person.id, 20);
  const amounts = async (query: string) =>
    (await ledgerOf(person, query)).map(({ amountMicro }) => amountMicro);
  expect(await amounts('?reason=usage')).toEqual([-10]);
  expect(await amounts('?reason=adjustment')).toEqual([20]);
  const now = new Date(Date.now() + 1000).toISOString();
  expect(await amounts(`?to=${now}`)).toEqual([20, -10, CREDIT]);
  expect(await amounts(`?from=${now}`)).toEqual([]);
  expect((await person.ask('GET', `${CREDITS}/transactions?from=yesterday`)).status).toBe(400);
});

test('the nightly proof is kept, and what does not add up is an error in the log', async () => {
  const queue = async () => {
    await core.sql("SELECT core_jobs.add_job('reconcile')");
    await expect
      .poll(
        async () =>
          (await core.sql("SELECT 1 FROM core_jobs.jobs WHERE task_identifier = 'reconcile'")).length,
      )
      .toBe(0);
  };
  await queue();
  const { body } = await admin.ask('GET', `${CREDITS}/reconciliations?limit=1`);
  expect(body).toMatchObject({ items: [{ mismatches: 0, houseLossMicro: 0 }] });
  const person = await core.person();
  await core.sql('ALTER TABLE core.credit_accounts DISABLE TRIGGER USER');
  await core.sql('UPDATE core.credit_accounts SET balance = balance + 1 WHERE user_id = $1', [person.id]);
  await queue();
  expect((await admin.ask('GET', `${CREDITS}/reconciliations?limit=1`)).body).toMatchObject({
    items: [{ mismatches: 1 }],
  });
  expect(core.log.text()).toContain('ledgers do not add up to their balances');
  await core.sql('UPDATE core.credit_accounts SET balance = balance - 1 WHERE user_id = $1', [person.id]);
  await core.sql('ALTER TABLE core.credit_accounts ENABLE TRIGGER USER');
  expect((await person.ask('GET', `${CREDITS}/reconciliations`)).status).toBe(403);
});
