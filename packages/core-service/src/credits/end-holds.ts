import type { CoreDeps } from '../context.ts';

/** Ends open holds without a charge; accounts are locked before holds and written from what was locked, as in reserve.ts. */
const endHolds = (state: 'released' | 'expired', which: string) => `
  WITH target AS (
    SELECT id, account_id FROM core.credit_holds WHERE state = 'held' AND ${which} LIMIT 1000
  ), account AS (
    SELECT id, balance, held FROM core.credit_accounts WHERE id = ANY (ARRAY(SELECT account_id FROM target)) ORDER BY id FOR UPDATE
  ), hold AS (
    SELECT h.id, h.account_id, h.amount FROM core.credit_holds h JOIN account a ON a.id = h.account_id
    WHERE h.id IN (SELECT id FROM target) AND h.state = 'held' ORDER BY h.id FOR UPDATE OF h
  ), updated AS (
    UPDATE core.credit_accounts t SET balance = a.balance, held = a.held - s.amount
    FROM (SELECT account_id, sum(amount)::bigint AS amount FROM hold GROUP BY account_id) s JOIN account a ON a.id = s.account_id
    WHERE t.id = a.id
  )
  UPDATE core.credit_holds h SET state = '${state}', ended_at = now() FROM hold WHERE h.id = hold.id`;

const RELEASE = endHolds('released', 'id = ANY($1::uuid[])');
const EXPIRE = endHolds('expired', 'expires_at < now()');

/** Lets holds go; those that have ended stay as they are. Answers how many were let go now. */
export async function release({ database: { pool } }: CoreDeps, holdIds: readonly string[]): Promise<number> {
  const { rowCount } = await pool.query(RELEASE, [holdIds]);
  return rowCount ?? 0;
}

/** Ends holds that nobody settled in time: their cost is the house's loss. Answers how many. */
export async function expireHolds({ database: { pool } }: CoreDeps): Promise<number> {
  const { rowCount } = await pool.query(EXPIRE);
  return rowCount ?? 0;
}

/**
 * Forgets holds that ended an hour ago, four times as long as a settlement may be late; the ledger keeps what
 * they cost. Expired ones stay for a month, for the report.
 */
export async function forgetHolds({ database: { pool } }: CoreDeps): Promise<void> {
  await pool.query(`
    DELETE FROM core.credit_holds WHERE state <> 'held' AND ended_at < now() - interval '1 hour'
      AND (state <> 'expired' OR ended_at < now() - interval '30 days')`);
}
