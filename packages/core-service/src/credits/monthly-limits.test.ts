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
    limits: [{ ...budget, monthlyMicro: limit }],
  });
  const plain = (maxMicro: number) => ({
    ...{ holdId: randomUUID(), userId, minMicro: maxMicro, maxMicro },
  });
  const spend = () => spendOf(deps, budget.id);
  return { userId, budget, ask, plain, spend };
}

const spendOf = (deps: Deps, budgetId: string) =>
  deps.sql('SELECT spent::int, held::int FROM core.monthly_spend WHERE limit_id = $1 ORDER BY month', [
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
      { outcome: 'over-limit', heldMicro: 0, availableMicro: 0 },
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
    expect(outcomes(await reserve(deps, [ask(881), ask(880)]))).toEqual(['over-limit', 'held']);
  });

  test('counts also what exceeded its hold and was paid, and is shut then', async () => {
    await using deps = await coreDeps();
    const { userId, ask, spend } = await keyHolder(deps, 1_000);
    const [hold] = await reserve(deps, [ask(900)]);
    await settle(deps, [settlement(hold?.holdId ?? '', userId, 1_500)]);
    expect(await spend()).toEqual([{ spent: 1_500, held: 0 }]);
    expect(await reserve(deps, [ask(1)])).toMatchObject([{ outcome: 'over-limit', availableMicro: -500 }]);
  });

  test('neither bounds nor counts what its person, or another key, asks for', async () => {
    await using deps = await coreDeps();
    const { userId, ask, plain, spend } = await keyHolder(deps, 1_000);
    const otherKey = { id: randomUUID(), monthlyMicro: 900 };
    const other = { ...ask(900), limits: [otherKey] };
    const results = await reserve(deps, [ask(1_000), plain(5_000), other, ask(1)]);
    expect(outcomes(results)).toEqual(['held', 'held', 'held', 'over-limit']);
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
    expect(await spendOf(deps, otherKey.id)).toEqual([{ spent: 0, held: 900 }]);
    await settle(deps, [settlement(results[1]?.holdId ?? '', userId, 5_000)]);
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
  });

  test('in one statement a request too large takes nothing from the small ones behind it', async () => {
    await using deps = await coreDeps();
    const { ask } = await keyHolder(deps, 1_000);
    const results = await reserve(deps, [ask(2_000), ask(600), ask(600), ask(400)]);
    expect(outcomes(results)).toEqual(['over-limit', 'held', 'over-limit', 'held']);
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
    expect(outcomes(await reserve(deps, [ask(1, 1, 500)]))).toEqual(['over-limit']);
    expect(outcomes(await reserve(deps, [ask(1_400, 1_400, 2_000)]))).toEqual(['held']);
  });
});

describe('a team with a monthly limit', () => {
  /** People of one team, each with a hold of so much asked for under its limit. */
  const teamOf = async (deps: Deps, people: number, monthlyMicro: number) => {
    const team = { id: randomUUID(), monthlyMicro };
    const members = await Promise.all(times(people, () => keyHolder(deps, 1_000)));
    const asks = members.map(({ userId }) => (maxMicro: number, minMicro = maxMicro) => ({
      ...{ holdId: randomUUID(), userId, minMicro, maxMicro, teamIds: [team.id] },
      limits: [team],
    }));
    return { team, members, asks, spend: () => spendOf(deps, team.id) };
  };

  test('is shared by its people, each of whom has credits enough', async () => {
    await using deps = await coreDeps();
    const { team, asks, spend } = await teamOf(deps, 3, 1_000);
    const answers = await Promise.all(asks.flatMap((ask) => times(30, () => reserve(deps, [ask(100)]))));
    const held = answers.flat().filter(({ outcome }) => outcome === 'held');
    expect(held).toHaveLength(10);
    expect(answers.flat().find(({ outcome }) => outcome !== 'held')).toMatchObject({
      ...{ outcome: 'over-limit', limitId: team.id, availableMicro: 0 },
    });
    expect(await spend()).toEqual([{ spent: 0, held: 1_000 }]);
  });

  test('bounds a call beside the limit of its key: the smaller one refuses, and is named', async () => {
    await using deps = await coreDeps();
    const { team, members } = await teamOf(deps, 1, 600);
    const { ask, budget } = members[0] ?? expect.unreachable();
    const both = (maxMicro: number, minMicro: number, keyLimit: number) => ({
      ...ask(maxMicro, minMicro),
      limits: [{ id: budget.id, monthlyMicro: keyLimit }, team],
    });
    expect(await reserve(deps, [both(900, 700, 1_000)])).toMatchObject([
      { outcome: 'over-limit', limitId: team.id, availableMicro: 600 },
    ]);
    expect(await reserve(deps, [both(900, 700, 500)])).toMatchObject([
      { outcome: 'over-limit', limitId: budget.id, availableMicro: 500 },
    ]);
    expect(await reserve(deps, [both(900, 100, 1_000)])).toMatchObject([{ outcome: 'held', heldMicro: 600 }]);
    expect(await spendOf(deps, budget.id)).toEqual([{ spent: 0, held: 600 }]);
  });

  test('in one statement takes nothing from somebody of another team', async () => {
    await using deps = await coreDeps();
    const [first, second] = [await teamOf(deps, 2, 1_000), await teamOf(deps, 1, 300)];
    const asks = [...first.asks, ...second.asks];
    const results = await reserve(deps, [...asks.map((ask) => ask(700)), ...asks.map((ask) => ask(300))]);
    expect(outcomes(results)).toEqual(['held', 'over-limit', 'over-limit', 'held', 'over-limit', 'held']);
  });

  test('is not overrun while its people, in two teams each, settle and let go at once; nobody waits in a ring', async () => {
    await using deps = await coreDeps();
    const teams = times(3, () => ({ id: randomUUID(), monthlyMicro: 20_000 }));
    const members = await Promise.all(times(6, () => keyHolder(deps, 1_000)));
    const caller = async (index: number) => {
      const { userId } = members[index] ?? expect.unreachable();
      // each in another order
      const limits = [teams[index % 3], teams[(index + 1) % 3]].filter((team) => team !== undefined);
      for (let round = 0; round < 10; round += 1) {
        const wishes = times(3, () => ({
          holdId: randomUUID(),
          userId,
          minMicro: 300,
          maxMicro: 900,
          limits,
        }));
        const held = (await reserve(deps, wishes)).filter(({ outcome }) => outcome === 'held');
        const ids = held.map(({ holdId }) => holdId);
        if (round % 2 === 0) await release(deps, ids);
        else
          await settle(
            deps,
            ids.map((holdId) => settlement(holdId, userId, 100)),
          );
        const [over] = await deps.sql(
          'SELECT count(*)::int AS n FROM core.monthly_spend WHERE spent + held > 20000',
        );
        expect(over).toEqual({ n: 0 });
      }
    };
    await Promise.all(members.map((_, index) => caller(index)));
    const [booked] = await deps.sql(
      `SELECT -2 * sum(amount)::int AS spent, 0 AS held FROM core.credit_transactions WHERE reason = 'usage'`,
    );
    const counted = await deps.sql(
      'SELECT sum(spent)::int AS spent, sum(held)::int AS held FROM core.monthly_spend',
    );
    expect(counted).toEqual([booked]);
  });

  test('and one without a limit are written to what was used', async () => {
    await using deps = await coreDeps();
    const { team, members, asks } = await teamOf(deps, 1, 1_000);
    const { userId, plain } = members[0] ?? expect.unreachable();
    const other = randomUUID();
    const wishes = [
      asks[0]?.(100) ?? expect.unreachable(),
      { ...plain(100), teamIds: [team.id, other] },
      plain(100),
    ];
    const held = await reserve(deps, wishes);
    await settle(
      deps,
      held.map(({ holdId }) => settlement(holdId, userId, 100)),
    );
    const rows = await deps.sql('SELECT team_ids FROM core.usage_logs');
    expect(rows.map(({ team_ids: ids }) => ids)).toEqual(
      expect.arrayContaining([[team.id], [team.id, other], null]),
    );
  });
});

describe('a month', () => {
  test('is of UTC, and what was spent in another does not count', async () => {
    await using deps = await coreDeps();
    const { budget, ask } = await keyHolder(deps, 1_000);
    await deps.sql(
      `INSERT INTO core.monthly_spend (limit_id, month, spent) SELECT $1, date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m), 1000
       FROM unnest(ARRAY[-1, 1]) AS m`,
      [budget.id],
    );
    expect(outcomes(await reserve(deps, [ask(1_000)]))).toEqual(['held']);
    const [row] = await deps.sql(
      `SELECT month = date_trunc('month', now() AT TIME ZONE 'UTC')::date AS this FROM core.monthly_spend WHERE limit_id = $1 AND held > 0`,
      [budget.id],
    );
    expect(row).toEqual({ this: true });
  });

  test('is the one in which a call began, whenever it ends', async () => {
    await using deps = await coreDeps();
    const { userId, budget, ask } = await keyHolder(deps, 1_000);
    const [hold] = await reserve(deps, [ask(700)]);
    await deps.sql(`UPDATE core.credit_holds SET month = month - interval '1 month'`);
    await deps.sql(`UPDATE core.monthly_spend SET month = month - interval '1 month'`);
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
  expect(await deps.sql('SELECT * FROM core.monthly_spend')).toEqual([]);
  expect(await deps.sql('SELECT limit_ids, month FROM core.credit_holds')).toEqual([
    { limit_ids: null, month: null },
  ]);
});

test('a hold that a process of the version before makes counts under the limit of its key', async () => {
  await using deps = await coreDeps();
  const { userId, budget, ask, spend } = await keyHolder(deps, 1_000);
  const holdId = randomUUID();
  await deps.sql(
    `WITH account AS (UPDATE core.credit_accounts SET held = 600 WHERE user_id = $1 RETURNING id)
     INSERT INTO core.credit_holds (id, account_id, amount, expires_at, budget_id, month)
     SELECT $2, id, 600, now() + interval '1 hour', $3, date_trunc('month', now() AT TIME ZONE 'UTC') FROM account`,
    [userId, holdId, budget.id],
  );
  expect(outcomes(await reserve(deps, [ask(500)]))).toEqual(['over-limit']);
  await settle(deps, [settlement(holdId, userId, 100)]);
  expect(await spend()).toEqual([{ spent: 100, held: 0 }]);
});
