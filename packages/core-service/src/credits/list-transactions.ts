import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { decodeCursor, type Page, type PageInput, pageOf } from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';
import { LEDGER_COLUMNS, refundKey, type TransactionRow, transactionView } from './transaction-view.ts';

const LIST = `
  SELECT ${LEDGER_COLUMNS}, EXISTS (
    SELECT FROM core.credit_transactions r WHERE r.account_id = t.account_id AND r.idempotency_key = '${refundKey('')}' || t.id
  ) AS is_refunded
  FROM core.credit_transactions t JOIN core.credit_accounts a ON a.id = t.account_id
  WHERE a.user_id = $1 AND ($2::bigint IS NULL OR t.id < $2) AND ($3::text IS NULL OR t.reason = $3)
    AND ($4::timestamptz IS NULL OR t.created_at >= $4) AND ($5::timestamptz IS NULL OR t.created_at < $5)
  ORDER BY t.id DESC LIMIT $6`;

export interface TransactionQuery extends PageInput {
  userId?: string | undefined;
  reason?: Transaction['reason'] | undefined;
  /** In. */
  from?: string | undefined;
  /** Out. */
  to?: string | undefined;
}

/** The ledger of the actor, or of a person whom the actor reaches, newest first, by keyset over the row's id. */
export async function listTransactions(
  ctx: SignedInContext,
  { limit, cursor, userId, reason, from, to }: TransactionQuery,
): Promise<Page<Transaction>> {
  const subject = await subjectOf(ctx, 'credits:read', userId);
  const before = cursor === undefined ? null : decodeCursor(cursor, /^\d{1,18}$/);
  const values = [subject, before, reason ?? null, from ?? null, to ?? null, limit + 1];
  const { rows } = await ctx.database.pool.query<TransactionRow>(LIST, values);
  return pageOf(rows, limit, ({ id }) => String(id), transactionView);
}
