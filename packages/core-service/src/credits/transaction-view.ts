import type { Transaction } from '@smart-ai-hub/shared/contracts';

/** What a line of the ledger says beside its amount. */
export interface LedgerMetadata {
  requestId?: string;
  model?: string;
  note?: string;
}

export interface LedgerRow {
  id: number;
  amount: number;
  balance_after: number;
  reason: Transaction['reason'];
  metadata: LedgerMetadata;
  created_at: Date;
}

export interface TransactionRow extends LedgerRow {
  is_refunded: boolean;
}

/** The columns of a LedgerRow, of `core.credit_transactions t`. */
export const LEDGER_COLUMNS = 't.id, t.amount, t.balance_after, t.reason, t.metadata, t.created_at';

/** Under what a charge is given back, once. */
export const refundKey = (transactionId: string) => `refund:${transactionId}`;

/** A line of the ledger as the API shows it. */
export const transactionView = (row: TransactionRow): Transaction => ({
  id: String(row.id),
  amountMicro: row.amount,
  balanceAfterMicro: row.balance_after,
  type: row.amount > 0 ? 'credit' : 'debit',
  reason: row.reason,
  requestId: row.metadata.requestId ?? null,
  model: row.metadata.model ?? null,
  note: row.metadata.note ?? null,
  isRefunded: row.is_refunded,
  createdAt: row.created_at.toISOString(),
});
