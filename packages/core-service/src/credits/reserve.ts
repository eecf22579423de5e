import { isUniqueViolation } from '@smart-ai-hub/database';
import type { Reservation, ReservationResult } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

const EARLIER = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';

/**
 * One statement for many requests: lock the accounts in one order (no deadlock), share out what is
 * available in the order of the requests, hold it, and say what was granted. A request gets at most `max`
 * and is refused below `min`; a hold that exists already is answered as it is.
 *
 * The new values come from the locked rows: the statement's own snapshot may be older than the lock, and
 * PostgreSQL checks constraints on what it computes from that before it looks at the newer row.
 *
 * What was read of an account is carried along and not joined again: the planner takes every array for ten items, and
 * would compare hundreds with hundreds.
 *
 * What monthly limits have left bounds a request as well. They are locked after the accounts, in the order of their
 * ids, by everybody who changes what is spent under them; triggers on the holds keep it.
 */
const reserveText = (withLimits: boolean) => {
  const underLimits = (sql: string) => (withLimits ? sql : '');
  return `
  WITH asked AS (
    SELECT r.*, h.state AS known, h.amount AS known_amount, CASE WHEN h.id IS NULL THEN r.max ELSE 0 END AS new_max
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $6::text[]${underLimits(', $7::text[], $8::text[]')})
      WITH ORDINALITY AS r(hold_id, user_id, min, max, team_ids${underLimits(', limit_ids, monthly')}, n)
      LEFT JOIN core.credit_holds h ON h.id = r.hold_id AND h.id = ANY($1::uuid[])
  ), account AS (
    SELECT id, user_id, status, balance, held FROM core.credit_accounts
    WHERE user_id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
  ), ${underLimits(`month AS (
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date AS first_day
  ), bound AS (
    SELECT a.hold_id, a.n, a.new_max, l.id AS limit_id, l.monthly
    FROM asked a, unnest(a.limit_ids::uuid[], a.monthly::bigint[]) AS l(id, monthly)
  ), spend AS MATERIALIZED (
    SELECT limit_id, core.spend_under_lock(limit_id, m.first_day) AS used
    FROM (SELECT DISTINCT limit_id FROM bound WHERE (SELECT count(*) FROM account) > 0 ORDER BY limit_id) l, month m
  ), before AS (
    SELECT hold_id, min(left_before) AS left_before FROM (
      SELECT b.hold_id, b.monthly - s.used
        - coalesce(sum(b.new_max) OVER (PARTITION BY limit_id ORDER BY b.n ${EARLIER}), 0) AS left_before
      FROM bound b JOIN spend s USING (limit_id)
    ) l GROUP BY hold_id
  ), `)}shared AS (
    SELECT a.*, c.id AS account_id, c.status, c.balance, c.held, c.balance - c.held AS available,
      least(a.max, c.balance - c.held - coalesce(sum(a.new_max) OVER (PARTITION BY user_id ORDER BY a.n ${EARLIER}), 0)
        ${underLimits(', l.left_before')})::bigint AS share
    FROM asked a LEFT JOIN account c USING (user_id) ${underLimits('LEFT JOIN before l USING (hold_id)')}
  ), decided AS (
    SELECT *, available - coalesce(sum(share) FILTER (WHERE is_granted) OVER (PARTITION BY account_id), 0) AS available_after
    FROM (SELECT *, known IS NULL AND status = 'active' AND share >= min AND share >= 0 AS is_granted FROM shared) s
  ), granted AS (
    SELECT * FROM decided WHERE is_granted
  ), held AS (
    INSERT INTO core.credit_holds (id, account_id, amount, expires_at, team_ids${underLimits(', limit_ids, month')})
    SELECT hold_id, account_id, share, now() + make_interval(secs => $5), team_ids::uuid[]
      ${underLimits(', limit_ids::uuid[], CASE WHEN limit_ids IS NOT NULL THEN first_day END')}
    FROM granted${underLimits(', month')}
  ), updated AS (
    UPDATE core.credit_accounts c SET balance = g.balance, held = g.held + g.total
    FROM (SELECT account_id, balance, held, sum(share)::bigint AS total FROM granted GROUP BY 1, 2, 3) g
    WHERE c.id = g.account_id
  )${underLimits(`, after AS (
    SELECT DISTINCT ON (hold_id) hold_id, limit_id, left_after FROM (
      SELECT b.hold_id, limit_id, b.monthly - s.used - coalesce(sum(g.share) OVER (PARTITION BY limit_id), 0) AS left_after
      FROM bound b JOIN spend s USING (limit_id) LEFT JOIN granted g USING (hold_id)
    ) l ORDER BY hold_id, left_after, limit_id
  )`)}
  SELECT s.hold_id AS "holdId", least(coalesce(s.available_after, 0)${underLimits(', l.left_after')})::bigint AS available,
    coalesce(s.known_amount, CASE WHEN s.is_granted THEN s.share END, 0) AS "heldMicro",
    CASE WHEN s.known = 'held' OR s.is_granted THEN 'held' WHEN s.account_id IS NULL THEN 'no-account'
      WHEN s.status <> 'active' THEN 'frozen'
      ${underLimits(`WHEN l.left_after < coalesce(s.available_after, 0) THEN 'over-limit'`)} ELSE 'insufficient' END AS outcome,
    ${withLimits ? 'l.limit_id' : 'NULL'} AS "limitId"
  FROM decided s ${underLimits('LEFT JOIN after l ON l.hold_id = s.hold_id')}
  ORDER BY s.n`;
};

/** Most requests come without a limit, and are spared what it costs. */
export const RESERVE = { name: 'reserve', text: reserveText(false) };
const RESERVE_UNDER_LIMITS = { name: 'reserve-under-limits', text: reserveText(true) };

interface Row {
  holdId: string;
  available: number;
  heldMicro: number;
  outcome: ReservationResult['outcome'];
  limitId: string | null;
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
    for (const row of rows) results.set(row.holdId, resultOf(row));
    const refused = rows.filter(({ outcome }) => outcome === 'insufficient' || outcome === 'over-limit');
    const available = new Map(refused.map((row) => [row.holdId, row.available]));
    const again = open.filter(({ holdId, minMicro }) => minMicro <= (available.get(holdId) ?? -1));
    open = again.length < open.length ? again : [];
  }
  return requests.flatMap(({ holdId }) => results.get(holdId) ?? []);
}

const resultOf = ({ available, limitId, ...row }: Row): ReservationResult => ({
  availableMicro: available,
  ...(row.outcome === 'over-limit' && limitId !== null && { limitId }),
  ...row,
});

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
    requests.map(({ teamIds }) => arrayLiteral(teamIds)),
  ];
  const { rows } = await pool.query<Row>(
    requests.some(({ limits }) => limits?.length)
      ? { values: [...values, ...limitValues(requests)], ...RESERVE_UNDER_LIMITS }
      : { values, ...RESERVE },
  );
  return rows;
}

const limitValues = (requests: readonly Reservation[]) => [
  requests.map(({ limits }) => arrayLiteral(limits?.map(({ id }) => id))),
  requests.map(({ limits }) => arrayLiteral(limits?.map(({ monthlyMicro }) => monthlyMicro))),
];

/** Arrays within an array have to be of one length: each travels as its text. */
const arrayLiteral = (items: readonly (string | number)[] = []) =>
  items.length > 0 ? `{${items.join(',')}}` : null;
