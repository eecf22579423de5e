import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { coreDeps, settlement } from '../core.fixture.ts';
import { expireHolds, release } from './end-holds.ts';
import { openAccount } from './open-account.ts';
import { reserve } from './reserve.ts';
import { settle } from './settle.ts';

type Deps = Awaited<ReturnType<typeof coreDeps>>;

/** A person with a key that may spend so much a month. */
async function keyHolder(deps: Deps, monthlyMicro: number) {
  const userId = randomUUID();
  await openAccount(deps, { userId, role: 'user' });
  const budget = { id: randomUUID(), monthlyMicro };
  const ask = (maxMicro: number, minMicro = maxMicro, limit = monthlyMicro) => ({
    ...{ holdId: randomUUID(), userId, minMicro, maxMicro },
    budget: { ...budget, monthlyMicro: limit },
  });
  const plain = (maxMicro: number) => ({
    ...{ holdId: randomUUID(), userId, minMicro: maxMicro, maxMicro },
  });
  const spend = () => spendOf(deps, budget.id);
  return { userId, budget, ask, plain, spend };
}

const spendOf = (deps: Deps, budgetId: string) =>
  deps.sql('SELECT spent::int, held::int FROM core.key_spend WHERE budget_id = $1 ORDER BY month', [
    budgetId,
  ]);

const outcomes = (results: readonly { outcome: string }[]) => results.map(({ outcome }) => outcome);
const times = <T>(count: number, work: () => T) => Array.from({ length: count }, work);

describe('a key with a monthly limit', () => {
  test('holds what is left of it at most, and is told that it was the limit', async () => {
    await using deps = await coreDeps();
    const { ask, spend } = await keyHolder(deps, 1_000);
    expect(await reserve(deps, [ask(5_000, 100)])).toMatchObject([
      { outcome: 'held', heldMicro: 1_000, availableMicro: 0 },
    ]);
    expect(await reserve(deps, [ask(200, 1)])).toMatchObject([
      { outcome: 'over-budget', heldMicro: 0, availableMicro: 0 },
    ]);
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
  });

  test('that its person cannot cover is told that it is the balance', async () => {
    await using deps = await coreDeps({ signupCreditMicro: 500 });
    const { ask } = await keyHolder(deps, 1_000);
    expect(await reserve(deps, [ask(600)])).toMatchObject([{ outcome: 'insufficient', availableMicro: 500 }]);
  });

  test('counts what was charged, and lets go what was not', async () => {
    await using deps = await coreDeps();
    const { userId, ask, spend } = await keyHolder(deps, 1_000);
    const holds = await reserve(deps, [ask(300), ask(300), ask(300)]);
    const [first = '', second = '', third = ''] = holds.map(({ holdId }) => holdId);
    await settle(deps, [settlement(first, userId, 120), settlement(first, userId, 120)]);
    await release(deps, [second, second]);
    expect(await spend()).toEqual([{ spent: 120, held: 300 }]);
    await deps.sql(`UPDATE core.credit_holds SET expires_at = now() - interval '1 s' WHERE id = $1`, [third]);
    await expireHolds(deps);
    expect(await spend()).toEqual([{ spent: 120, held: 0 }]);
    expect(outcomes(await reserve(deps, [ask(881), ask(880)]))).toEqual(['over-budget', 'held']);
  });

  test('counts also what exceeded its hold and was paid, and is shut then', async () => {
    await using deps = await coreDeps();
    const { userId, ask, spend } = await keyHolder(deps, 1_000);
    const [hold] = await reserve(deps, [ask(900)]);
    await settle(deps, [settlement(hold?.holdId ?? '', userId, 1_500)]);
    expect(await spend()).toEqual([{ spent: 1_500, held: 0 }]);
    expect(await reserve(deps, [ask(1)])).toMatchObject([{ outcome: 'over-budget', availableMicro: -500 }]);
  });

  test('neither bounds nor counts what its person, or another key, asks for', async () => {
    await using deps = await coreDeps();
    const { userId, ask, plain, spend } = await keyHolder(deps, 1_000);
    const other = { ...ask(900), budget: { id: randomUUID(), monthlyMicro: 900 } };
    const results = await reserve(deps, [ask(1_000), plain(5_000), other, ask(1)]);
    expect(outcomes(results)).toEqual(['held', 'held', 'held', 'over-budget']);
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
    expect(await spendOf(deps, other.budget.id)).toEqual([{ spent: 0, held: 900 }]);
    await settle(deps, [settlement(results[1]?.holdId ?? '', userId, 5_000)]);
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
  });

  test('in one statement a request too large takes nothing from the small ones behind it', async () => {
    await using deps = await coreDeps();
    const { ask } = await keyHolder(deps, 1_000);
    const results = await reserve(deps, [ask(2_000), ask(600), ask(600), ask(400)]);
    expect(outcomes(results)).toEqual(['over-budget', 'held', 'over-budget', 'held']);
  });

  test('asked for the same hold twice holds it once', async () => {
    await using deps = await coreDeps();
    const { ask, spend } = await keyHolder(deps, 1_000);
    const same = ask(400);
    const answers = await Promise.all(times(8, () => reserve(deps, [same, same])));
    expect(answers.flat().every(({ outcome, heldMicro }) => outcome === 'held' && heldMicro === 400)).toBe(
      true,
    );
    expect(await spend()).toEqual([{ spent: 0, held: 400 }]);
  });

  test('that is lowered holds nothing more, and raised holds more', async () => {
    await using deps = await coreDeps();
    const { ask } = await keyHolder(deps, 1_000);
    await reserve(deps, [ask(600)]);
    expect(outcomes(await reserve(deps, [ask(1, 1, 500)]))).toEqual(['over-budget']);
    expect(outcomes(await reserve(deps, [ask(1_400, 1_400, 2_000)]))).toEqual(['held']);
  });
});

describe('a month', () => {
  test('is of UTC, and what was spent in another does not count', async () => {
    await using deps = await coreDeps();
    const { budget, ask } = await keyHolder(deps, 1_000);
    await deps.sql(
      `INSERT INTO core.key_spend (budget_id, month, spent) SELECT $1, date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m), 1000
       FROM unnest(ARRAY[-1, 1]) AS m`,
      [budget.id],
    );
    expect(outcomes(await reserve(deps, [ask(1_000)]))).toEqual(['held']);
    const [row] = await deps.sql(
      `SELECT month = date_trunc('month', now() AT TIME ZONE 'UTC')::date AS this FROM core.key_spend WHERE budget_id = $1 AND held > 0`,
      [budget.id],
    );
    expect(row).toEqual({ this: true });
  });

  test('is the one in which a call began, whenever it ends', async () => {
    await using deps = await coreDeps();
    const { userId, budget, ask } = await keyHolder(deps, 1_000);
    const [hold] = await reserve(deps, [ask(700)]);
    await deps.sql(`UPDATE core.credit_holds SET month = month - interval '1 month'`);
    await deps.sql(`UPDATE core.key_spend SET month = month - interval '1 month'`);
    await settle(deps, [settlement(hold?.holdId ?? '', userId, 650)]);
    expect(outcomes(await reserve(deps, [ask(1_000)]))).toEqual(['held']);
    expect(await spendOf(deps, budget.id)).toEqual([
      { spent: 650, held: 0 },
      { spent: 0, held: 1_000 },
    ]);
  });
});

test('lesson 6: of a hundred requests at once, a limit for ten lets ten through', async () => {
  await using deps = await coreDeps();
  const { ask, spend } = await keyHolder(deps, 1_000);
  const answers = await Promise.all(times(100, () => reserve(deps, [ask(100)])));
  expect(outcomes(answers.flat()).filter((outcome) => outcome === 'held')).toHaveLength(10);
  expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
});

test('while others settle and let go, never more is held and spent than the limit', async () => {
  await using deps = await coreDeps();
  const { userId, ask, spend } = await keyHolder(deps, 10_000);
  const caller = async (index: number) => {
    for (let round = 0; round < 15; round++) {
      const [result] = await reserve(deps, [ask(900, 300)]);
      const [row] = await spend();
      expect(Number(row?.['spent']) + Number(row?.['held'])).toBeLessThanOrEqual(10_000);
      if (result?.outcome !== 'held') continue;
      if (index % 2 === 0) await release(deps, [result.holdId]);
      else await settle(deps, [settlement(result.holdId, userId, 100)]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, index) => caller(index)));
  const [booked] = await deps.sql(
    `SELECT -sum(amount)::int AS spent FROM core.credit_transactions WHERE reason = 'usage'`,
  );
  expect(await spend()).toEqual([{ spent: booked?.['spent'], held: 0 }]);
});

test('keys without a limit leave no trace in the table of limits', async () => {
  await using deps = await coreDeps();
  const { userId, plain } = await keyHolder(deps, 1_000);
  const [hold] = await reserve(deps, [plain(100)]);
  await settle(deps, [settlement(hold?.holdId ?? '', userId, 50)]);
  expect(await deps.sql('SELECT * FROM core.key_spend')).toEqual([]);
  expect(await deps.sql('SELECT budget_id, month FROM core.credit_holds')).toEqual([
    { budget_id: null, month: null },
  ]);
});
