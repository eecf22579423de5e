import { type Job, withTransaction } from '@smart-ai-hub/database';
import type { ReconcileReport } from '@smart-ai-hub/shared/contracts';
import type { Logger } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { emit } from '../webhooks/emit.ts';

const ACCOUNTS = `
  SELECT a.id AS "accountId", a.balance AS "balanceMicro", a.held AS "heldMicro",
    coalesce((SELECT sum(amount) FROM core.credit_transactions t WHERE t.account_id = a.id), 0)::bigint AS "ledgerMicro",
    coalesce((SELECT sum(amount) FROM core.credit_holds h WHERE h.account_id = a.id AND h.state = 'held'), 0)::bigint AS "holdsMicro"
  FROM core.credit_accounts a`;

const REPORT = `
  WITH account AS (${ACCOUNTS})
  SELECT count(*) AS accounts, coalesce(sum("ledgerMicro"), 0)::bigint AS "ledgerSumMicro",
    coalesce(sum("balanceMicro"), 0)::bigint AS "balanceSumMicro",
    coalesce(jsonb_agg(to_jsonb(account)) FILTER (WHERE "ledgerMicro" <> "balanceMicro" OR "holdsMicro" <> "heldMicro"), '[]') AS mismatches,
    (SELECT -balance FROM core.credit_accounts WHERE kind = 'house') AS "houseLossMicro",
    (SELECT count(*) FROM core.credit_holds WHERE state = 'expired')::int AS "expiredHolds"
  FROM account`;

/** Proves, in one snapshot, that every ledger adds up to its balance and every hold to what is held. */
export async function reconcile({ database: { pool } }: CoreDeps): Promise<ReconcileReport> {
  const { rows } = await pool.query<Omit<ReconcileReport, 'checkedAt'>>(REPORT);
  const [report] = rows;
  if (!report) throw new Error('an aggregate without a group gave no row');
  return { checkedAt: new Date().toISOString(), ...report };
}

/** Mismatches that a webhook is told of; all of them stand in the log. */
const TOLD = 100;

/** Every night: proves, keeps what was found, tells and logs where something does not add up. */
export const reconcileJob = (deps: CoreDeps, logger: Logger): Job => ({
  every: '47 2 * * *',
  run: async () => {
    const { accounts, mismatches, houseLossMicro, expiredHolds } = await reconcile(deps);
    await withTransaction(deps.database, async (tx) => {
      await tx.reconciliation.create({
        data: { accounts, mismatches: mismatches.length, houseLoss: houseLossMicro, expiredHolds },
      });
      if (mismatches.length > 0) await emit(tx, 'ledger.mismatch', { mismatches: mismatches.slice(0, TOLD) });
    });
    const facts = { accounts, houseLossMicro, expiredHolds };
    if (mismatches.length === 0) logger.info('every ledger adds up to its balance', facts);
    else logger.error('ledgers do not add up to their balances', { ...facts, mismatches });
  },
});
