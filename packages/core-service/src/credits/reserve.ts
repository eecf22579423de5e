import { isUniqueViolation } from '@smart-ai-hub/database';
import type { Reservation, ReservationResult } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

/**
 * One statement for many requests: lock the accounts in one order (no deadlock), share out what is
 * available in the order of the requests, hold it, and say what was granted. A request gets at most `max`
 * and is refused below `min`; a hold that exists already is answered as it is. What a key's budget has left
 * this month bounds its requests as well: it is read once the account is locked, which all who change it lock, and
 * triggers on the holds keep it. Requests without a budget touch none of that.
 *
 * The new values come from the locked rows: the statement's own snapshot may be older than the lock, and
 * PostgreSQL checks constraints on what it computes from that before it looks at the newer row.
 */
const RESERVE = `
  WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $6::uuid[], $7::bigint[])
      WITH ORDINALITY AS r(hold_id, user_id, min, max, budget_id, monthly, n)
  ), month AS (
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date AS first_day
  ), account AS (
    SELECT id, user_id, status, balance, held, balance - held AS available FROM core.credit_accounts
    WHERE user_id IN (SELECT user_id FROM asked) ORDER BY id FOR UPDATE
  ), budget AS MATERIALIZED (
    SELECT a.budget_id, a.user_id, core.key_spend_under_lock(c.id, a.budget_id, m.first_day) AS used
    FROM (SELECT DISTINCT budget_id, user_id FROM asked WHERE budget_id IS NOT NULL) a JOIN account c USING (user_id), month m
  ), shared AS (
    SELECT a.hold_id, a.n, a.budget_id, c.id AS account_id, c.status, c.available, a.min, h.state AS known, h.amount AS known_amount,
      a.monthly - b.used AS budget_left,
      least(a.max, c.available - coalesce(sum(a.max) FILTER (WHERE h.id IS NULL)
        OVER (PARTITION BY a.user_id ORDER BY a.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0),
        a.monthly - b.used - coalesce(sum(a.max) FILTER (WHERE h.id IS NULL)
        OVER (PARTITION BY a.budget_id ORDER BY a.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::bigint AS share
    FROM asked a LEFT JOIN account c USING (user_id) LEFT JOIN core.credit_holds h ON h.id = a.hold_id
      LEFT JOIN budget b ON b.budget_id = a.budget_id AND b.user_id = a.user_id
  ), granted AS (
    SELECT * FROM shared WHERE known IS NULL AND status = 'active' AND share >= min AND share >= 0
  ), held AS (
    INSERT INTO core.credit_holds (id, account_id, amount, expires_at, budget_id, month)
    SELECT hold_id, account_id, share, now() + make_interval(secs => $5), budget_id, CASE WHEN budget_id IS NOT NULL THEN first_day END
    FROM granted, month
  ), updated AS (
    UPDATE core.credit_accounts c SET balance = a.balance, held = a.held + g.total
    FROM (SELECT account_id, sum(share)::bigint AS total FROM granted GROUP BY account_id) g JOIN account a ON a.id = g.account_id
    WHERE c.id = a.id
    RETURNING c.id, c.balance - c.held AS available
  ), answer AS (
    SELECT s.*, g.share AS granted, coalesce(u.available, s.available, 0) AS account_left,
      s.budget_left - coalesce(sum(g.share) OVER (PARTITION BY s.budget_id), 0)::bigint AS budget_left_now
    FROM shared s LEFT JOIN granted g USING (hold_id) LEFT JOIN updated u ON u.id = s.account_id
  )
  SELECT hold_id AS "holdId", least(account_left, budget_left_now) AS available, coalesce(known_amount, granted, 0) AS "heldMicro",
    CASE WHEN known = 'held' OR granted IS NOT NULL THEN 'held' WHEN account_id IS NULL THEN 'no-account'
      WHEN status <> 'active' THEN 'frozen' WHEN budget_left_now < account_left THEN 'over-budget' ELSE 'insufficient' END AS outcome
  FROM answer ORDER BY n`;

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
  const { rows } = await pool.query<Row>({
    name: 'reserve',
    text: RESERVE,
    values: [
      requests.map(({ holdId }) => holdId),
      requests.map(({ userId }) => userId),
      requests.map(({ minMicro }) => minMicro),
      requests.map(({ maxMicro }) => maxMicro),
      holdSeconds,
      requests.map(({ budget }) => budget?.id ?? null),
      requests.map(({ budget }) => budget?.monthlyMicro ?? null),
    ],
  });
  return rows;
}
