import { isUniqueViolation } from '@smart-ai-hub/database';
import type { Reservation, ReservationResult } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

/** What a request's budget has left, after what this statement gave to those of the same budget. */
const BUDGET_LEFT = 's.budget_left - coalesce(sum(g.share) OVER (PARTITION BY s.budget_id), 0)';

const earlier = (column: string) =>
  `coalesce(sum(a.max) FILTER (WHERE h.id IS NULL) OVER (PARTITION BY a.${column} ORDER BY a.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)`;

/**
 * One statement for many requests: lock the accounts in one order (no deadlock), share out what is
 * available in the order of the requests, hold it, and say what was granted. A request gets at most `max`
 * and is refused below `min`; a hold that exists already is answered as it is.
 *
 * The new values come from the locked rows: the statement's own snapshot may be older than the lock, and
 * PostgreSQL checks constraints on what it computes from that before it looks at the newer row.
 *
 * With budgets, what a key has left of its month bounds its requests as well. It is read once the account is locked,
 * which everybody who changes it locks; triggers on the holds keep it.
 */
const reserveText = (withBudgets: boolean) => {
  const inBudget = (sql: string) => (withBudgets ? sql : '');
  return `
  WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]${inBudget(', $6::uuid[], $7::bigint[]')})
      WITH ORDINALITY AS r(hold_id, user_id, min, max${inBudget(', budget_id, monthly')}, n)
  ), account AS (
    SELECT id, user_id, status, balance, held, balance - held AS available FROM core.credit_accounts
    WHERE user_id IN (SELECT user_id FROM asked) ORDER BY id FOR UPDATE
  ), ${inBudget(`month AS (
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date AS first_day
  ), budget AS MATERIALIZED (
    SELECT a.budget_id, a.user_id, core.key_spend_under_lock(c.id, a.budget_id, m.first_day) AS used
    FROM (SELECT DISTINCT budget_id, user_id FROM asked WHERE budget_id IS NOT NULL) a JOIN account c USING (user_id), month m
  ), `)}shared AS (
    SELECT a.hold_id, a.n, c.id AS account_id, c.status, c.available, a.min, h.state AS known, h.amount AS known_amount,
      ${inBudget('a.budget_id, a.monthly - b.used AS budget_left, ')}
      least(a.max, c.available - ${earlier('user_id')}${inBudget(`, a.monthly - b.used - ${earlier('budget_id')}`)})::bigint AS share
    FROM asked a LEFT JOIN account c USING (user_id) LEFT JOIN core.credit_holds h ON h.id = a.hold_id
      ${inBudget('LEFT JOIN budget b ON b.budget_id = a.budget_id AND b.user_id = a.user_id')}
  ), granted AS (
    SELECT * FROM shared WHERE known IS NULL AND status = 'active' AND share >= min AND share >= 0
  ), held AS (
    INSERT INTO core.credit_holds (id, account_id, amount, expires_at${inBudget(', budget_id, month')})
    SELECT hold_id, account_id, share, now() + make_interval(secs => $5)
      ${inBudget(', budget_id, CASE WHEN budget_id IS NOT NULL THEN first_day END')}
    FROM granted${inBudget(', month')}
  ), updated AS (
    UPDATE core.credit_accounts c SET balance = a.balance, held = a.held + g.total
    FROM (SELECT account_id, sum(share)::bigint AS total FROM granted GROUP BY account_id) g JOIN account a ON a.id = g.account_id
    WHERE c.id = a.id
    RETURNING c.id, c.balance - c.held AS available
  )
  SELECT s.hold_id AS "holdId", least(coalesce(u.available, s.available, 0)${inBudget(`, (${BUDGET_LEFT})::bigint`)}) AS available,
    coalesce(s.known_amount, g.share, 0) AS "heldMicro",
    CASE WHEN s.known = 'held' OR g.hold_id IS NOT NULL THEN 'held' WHEN s.account_id IS NULL THEN 'no-account'
      WHEN s.status <> 'active' THEN 'frozen'
      ${inBudget(`WHEN ${BUDGET_LEFT} < coalesce(u.available, s.available, 0) THEN 'over-budget'`)} ELSE 'insufficient' END AS outcome
  FROM shared s LEFT JOIN granted g USING (hold_id) LEFT JOIN updated u ON u.id = s.account_id
  ORDER BY s.n`;
};

/** Most requests come without a budget, and are spared what it costs. */
const RESERVE = { name: 'reserve', text: reserveText(false) };
const RESERVE_IN_BUDGET = { name: 'reserve-in-budget', text: reserveText(true) };

interface Row {
  holdId: string;
  available: number;
  heldMicro: number;
  outcome: ReservationResult['outcome'];
}

/**
 * Holds credits for many requests. A request that was refused only because a larger one stood before it in
 * the same statement is asked for again, until nothing changes.
 */
export async function reserve(
  deps: CoreDeps,
  requests: readonly Reservation[],
): Promise<ReservationResult[]> {
  const results = new Map<string, ReservationResult>();
  let open = [...new Map(requests.map((request) => [request.holdId, request])).values()];
  while (open.length > 0) {
    const rows = await askTwice(deps, open);
    for (const { available, ...row } of rows) results.set(row.holdId, { ...row, availableMicro: available });
    const refused = rows.filter(({ outcome }) => outcome === 'insufficient' || outcome === 'over-budget');
    const available = new Map(refused.map((row) => [row.holdId, row.available]));
    const again = open.filter(({ holdId, minMicro }) => minMicro <= (available.get(holdId) ?? -1));
    open = again.length < open.length ? again : [];
  }
  return requests.flatMap(({ holdId }) => results.get(holdId) ?? []);
}

/** The same hold asked for twice at one moment collides; the second look then finds it. */
const askTwice = (deps: CoreDeps, requests: readonly Reservation[]): Promise<Row[]> =>
  ask(deps, requests).catch((error: unknown) => {
    if (isUniqueViolation(error)) return ask(deps, requests);
    throw error;
  });

async function ask(
  { database: { pool }, holdSeconds }: CoreDeps,
  requests: readonly Reservation[],
): Promise<Row[]> {
  const values = [
    requests.map(({ holdId }) => holdId),
    requests.map(({ userId }) => userId),
    requests.map(({ minMicro }) => minMicro),
    requests.map(({ maxMicro }) => maxMicro),
    holdSeconds,
  ];
  const budgets = requests.map(({ budget }) => budget);
  const budgetValues = [
    budgets.map((one) => one?.id ?? null),
    budgets.map((one) => one?.monthlyMicro ?? null),
  ];
  const { rows } = await pool.query<Row>(
    budgets.some(Boolean)
      ? { ...RESERVE_IN_BUDGET, values: [...values, ...budgetValues] }
      : { ...RESERVE, values },
  );
  return rows;
}
