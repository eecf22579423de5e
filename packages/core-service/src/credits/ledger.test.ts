import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { coreDeps, settlement } from '../core.fixture.ts';
import { expireHolds, forgetHolds, release } from './end-holds.ts';
import { openAccount } from './open-account.ts';
import { reconcile } from './reconcile.ts';
import { reserve } from './reserve.ts';
import { settle } from './settle.ts';

const ask = (userId: string, maxMicro: number, minMicro = maxMicro, holdId = randomUUID()) => ({
  holdId,
  userId,
  minMicro,
  maxMicro,
});

async function person(deps: Awaited<ReturnType<typeof coreDeps>>) {
  const userId = randomUUID();
  await openAccount(deps, { userId, role: 'user' });
  const account = async () => {
    const [row] = await deps.sql(
      'SELECT balance::int, held::int FROM core.credit_accounts WHERE user_id = $1',
      [userId],
    );
    return row;
  };
  return { userId, account };
}

test('a new account gets the sign-up credit once, however often and in parallel it is opened', async () => {
  await using deps = await coreDeps();
  const userId = randomUUID();
  await Promise.all(Array.from({ length: 20 }, () => openAccount(deps, { userId, role: 'user' })));
  expect(
    await deps.sql('SELECT amount::int, balance_after::int, reason FROM core.credit_transactions'),
  ).toEqual([{ amount: 1_000_000, balance_after: 1_000_000, reason: 'signup' }]);
});

test('a sign-up credit of nothing opens an account without a ledger row', async () => {
  await using deps = await coreDeps({ signupCreditMicro: 0 });
  const { account } = await person(deps);
  expect(await account()).toEqual({ balance: 0, held: 0 });
});

test('a hold is granted up to what is available, and refused below its minimum', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  expect(await reserve(deps, [ask(userId, 5_000_000, 100)])).toMatchObject([
    { outcome: 'held', heldMicro: 1_000_000, availableMicro: 0 },
  ]);
  expect(await reserve(deps, [ask(userId, 200, 1)])).toMatchObject([
    { outcome: 'insufficient', heldMicro: 0, availableMicro: 0 },
  ]);
  expect(await account()).toEqual({ balance: 1_000_000, held: 1_000_000 });
});

test('in one statement a request too large takes nothing from the small ones behind it', async () => {
  await using deps = await coreDeps();
  const { userId } = await person(deps);
  const outcomes = await reserve(deps, [
    ask(userId, 2_000_000),
    ask(userId, 600_000),
    ask(userId, 600_000),
    ask(userId, 400_000),
  ]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['insufficient', 'held', 'insufficient', 'held']);
});

test('a hold asked for twice is held once', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const same = ask(userId, 1_000);
  const answers = await Promise.all(Array.from({ length: 8 }, () => reserve(deps, [same, same])));
  expect(answers.flat().every(({ outcome, heldMicro }) => outcome === 'held' && heldMicro === 1_000)).toBe(
    true,
  );
  expect(await account()).toMatchObject({ held: 1_000 });
});

test('nobody without an account, and no frozen one, holds anything', async () => {
  await using deps = await coreDeps();
  const { userId } = await person(deps);
  await deps.sql(`UPDATE core.credit_accounts SET status = 'frozen' WHERE user_id = $1`, [userId]);
  const answers = await reserve(deps, [ask(randomUUID(), 1), ask(userId, 1)]);
  expect(answers.map(({ outcome }) => outcome)).toEqual(['no-account', 'frozen']);
});

test('a settlement charges, lets the rest of the hold go, and writes ledger and usage in one go', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const [hold] = await reserve(deps, [ask(userId, 500)]);
  expect(await settle(deps, [settlement(hold?.holdId ?? '', userId, 120)])).toMatchObject([
    { outcome: 'settled', chargedMicro: 120 },
  ]);
  expect(await account()).toEqual({ balance: 999_880, held: 0 });
  expect(
    await deps.sql(
      `SELECT amount::int, balance_after::int FROM core.credit_transactions WHERE reason = 'usage'`,
    ),
  ).toEqual([{ amount: -120, balance_after: 999_880 }]);
  expect(await deps.sql('SELECT credits::int, prompt_tokens FROM core.usage_logs')).toEqual([
    { credits: 120, prompt_tokens: 1 },
  ]);
});

test('a settlement that is repeated, also in parallel, charges once', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const [hold] = await reserve(deps, [ask(userId, 500)]);
  const one = settlement(hold?.holdId ?? '', userId, 120);
  const answers = await Promise.all(Array.from({ length: 8 }, () => settle(deps, [one, one])));
  expect(answers.flat().filter(({ outcome }) => outcome === 'settled')).toHaveLength(1);
  expect(answers.flat().every(({ chargedMicro }) => chargedMicro === 120)).toBe(true);
  expect(await account()).toEqual({ balance: 999_880, held: 0 });
});

test('what exceeds a hold is taken from what is left, and only the rest falls to the house', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const holds = await reserve(deps, [ask(userId, 100), ask(userId, 100), ask(userId, 100)]);
  const charges = [600_000, 600_000, 50];
  const answers = await settle(
    deps,
    holds.map(({ holdId }, i) => settlement(holdId, userId, charges[i] ?? 0)),
  );
  expect(answers.map(({ chargedMicro }) => chargedMicro)).toEqual([600_000, 399_900, 50]);
  expect(await account()).toEqual({ balance: 50, held: 0 });
  expect(await reconcile(deps)).toMatchObject({ houseLossMicro: 200_100, mismatches: [] });
});

test('a call that cost nothing leaves a usage row and no ledger row', async () => {
  await using deps = await coreDeps();
  const { userId } = await person(deps);
  const [hold] = await reserve(deps, [ask(userId, 500)]);
  await settle(deps, [settlement(hold?.holdId ?? '', userId, 0)]);
  expect(await deps.sql('SELECT count(*)::int AS n FROM core.credit_transactions')).toEqual([{ n: 1 }]);
  expect(await deps.sql('SELECT credits::int FROM core.usage_logs')).toEqual([{ credits: 0 }]);
});

test('a released hold is free again; to settle it then, or one that never was, charges nobody', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const [hold] = await reserve(deps, [ask(userId, 500)]);
  const holdId = hold?.holdId ?? '';
  expect(await release(deps, [holdId, holdId, randomUUID()])).toBe(1);
  expect(await release(deps, [holdId])).toBe(0);
  const late = await settle(deps, [settlement(holdId, userId, 120), settlement(randomUUID(), userId, 7)]);
  expect(late.map(({ outcome, chargedMicro }) => [outcome, chargedMicro])).toEqual([
    ['released', 0],
    ['unknown', 0],
  ]);
  expect(await account()).toEqual({ balance: 1_000_000, held: 0 });
});

test('a hold that nobody ends expires, shows in the report, and is not charged later', async () => {
  await using deps = await coreDeps({ holdSeconds: -1 });
  const { userId, account } = await person(deps);
  const [hold] = await reserve(deps, [ask(userId, 500)]);
  expect(await expireHolds(deps)).toBe(1);
  expect(await settle(deps, [settlement(hold?.holdId ?? '', userId, 120)])).toMatchObject([
    { outcome: 'expired', chargedMicro: 0 },
  ]);
  expect(await account()).toEqual({ balance: 1_000_000, held: 0 });
  expect(await reconcile(deps)).toMatchObject({ expiredHolds: 1, mismatches: [] });
});

test('holds that ended are forgotten after an hour, expired ones after a month, open ones never', async () => {
  await using deps = await coreDeps();
  const { userId } = await person(deps);
  const made = await reserve(
    deps,
    Array.from({ length: 5 }, () => ask(userId, 10)),
  );
  const ages = [
    "'settled', now() - interval '61 min'",
    "'settled', now() - interval '59 min'",
    "'expired', now() - interval '29 days'",
    "'expired', now() - interval '31 days'",
  ];
  for (const [i, age] of ages.entries()) {
    await deps.sql(`UPDATE core.credit_holds SET (state, ended_at) = (${age}) WHERE id = $1`, [
      made[i]?.holdId,
    ]);
  }
  await forgetHolds(deps);
  const left = await deps.sql('SELECT id FROM core.credit_holds');
  expect(new Set(left.map(({ id }) => id))).toEqual(new Set([1, 2, 4].map((i) => made[i]?.holdId)));
});

test('reconcile names an account whose ledger or holds do not add up', async () => {
  await using deps = await coreDeps();
  const { userId } = await person(deps);
  await reserve(deps, [ask(userId, 500)]);
  await deps.sql('UPDATE core.credit_accounts SET held = 400 WHERE user_id = $1', [userId]);
  expect(await reconcile(deps)).toMatchObject({ mismatches: [{ heldMicro: 400, holdsMicro: 500 }] });
});

test('lesson 1: parallel requests never hold more than there is', async () => {
  await using deps = await coreDeps();
  const { userId, account } = await person(deps);
  const answers = await Promise.all(Array.from({ length: 200 }, () => reserve(deps, [ask(userId, 100_000)])));
  expect(answers.flat().filter(({ outcome }) => outcome === 'held')).toHaveLength(10);
  expect(await account()).toEqual({ balance: 1_000_000, held: 1_000_000 });
});

test.each(['settle', 'release'] as const)(
  'a hold asked for while others end by %s is granted from what is left by then',
  async (end) => {
    await using deps = await coreDeps();
    const { userId } = await person(deps);
    for (let round = 0; round < 50; round++) {
      const holds = await reserve(deps, [ask(userId, 1_000), ask(userId, 1_000)]);
      const endings = holds.map(({ holdId }) =>
        end === 'settle' ? settle(deps, [settlement(holdId, userId, 10)]) : release(deps, [holdId]),
      );
      const [everything] = await Promise.all([reserve(deps, [ask(userId, 9_000_000, 1)]), ...endings]);
      expect(everything).toMatchObject([{ outcome: 'held' }]);
      await release(
        deps,
        everything.map(({ holdId }) => holdId),
      );
    }
  },
);
