import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { decodeCursor, type Page, type PageInput, pageOf } from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';

const LIST = `
  SELECT t.id, t.amount, t.balance_after, t.type, t.reason, t.metadata, t.created_at
  FROM core.credit_transactions t JOIN core.credit_accounts a ON a.id = t.account_id
  WHERE a.user_id = $1 AND ($2::bigint IS NULL OR t.id < $2)
  ORDER BY t.id DESC LIMIT $3`;

interface Row {
  id: number;
  amount: number;
  balance_after: number;
  type: Transaction['type'];
  reason: Transaction['reason'];
  metadata: { requestId?: string; model?: string };
  created_at: Date;
}

/** The ledger of the actor, or of a person whom the actor reaches, newest first, by keyset over the row's id. */
export async function listTransactions(
  ctx: SignedInContext,
  { limit, cursor, userId }: PageInput & { userId?: string | undefined },
): Promise<Page<Transaction>> {
  const subject = await subjectOf(ctx, 'credits:read', userId);
  const before = cursor === undefined ? null : decodeCursor(cursor, /^\d{1,18}$/);
  const { rows } = await ctx.database.pool.query<Row>(LIST, [subject, before, limit + 1]);
  return pageOf(rows, limit, ({ id }) => String(id), view);
}

const view = (row: Row): Transaction => ({
  id: String(row.id),
  amountMicro: row.amount,
  balanceAfterMicro: row.balance_after,
  type: row.type,
  reason: row.reason,
  requestId: row.metadata.requestId ?? null,
  model: row.metadata.model ?? null,
  createdAt: row.created_at.toISOString(),
});
