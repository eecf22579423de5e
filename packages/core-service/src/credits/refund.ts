import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Transaction } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { adjustable } from './adjust.ts';
import { book, bookOnce, lineOf } from './book.ts';
import { refundKey } from './transaction-view.ts';

const CHARGE = `
  SELECT a.user_id AS "userId", -t.amount AS "amountMicro", t.metadata
  FROM core.credit_transactions t JOIN core.credit_accounts a ON a.id = t.account_id
  WHERE t.id = $1 AND t.reason = 'usage' AND a.kind = 'user'`;

interface Charge {
  userId: string;
  amountMicro: number;
  metadata: { requestId?: string; model?: string };
}

/**
 * Gives back what a call was charged; a second time changes nothing and is answered as the first. Throws `not-found`
 * for what is no charge of somebody whom the actor reaches, and `account-closed`.
 */
export async function refund(
  ctx: SignedInContext,
  { transactionId, note }: { transactionId: string; note: string },
): Promise<Transaction> {
  const { rows } = await ctx.database.pool.query<Charge>(CHARGE, [transactionId]);
  const [charge] = rows;
  if (!charge || !(await adjustable(ctx))(charge.userId)) throw new DomainError('not-found');
  const { userId, amountMicro } = charge;
  const metadata = { ...charge.metadata, note };
  const booking = { userId, amountMicro, key: refundKey(transactionId), metadata };
  return bookOnce(() =>
    withTransaction(ctx.database, async (tx) => {
      const booked = await book(tx, [booking], { reason: 'refund', apply: true });
      const line = lineOf(booked, 'refund');
      if (booked[0]?.outcome === 'known') return line;
      await appendAudit(tx, {
        ...auditOf(ctx),
        ...{ action: 'credits.refunded', targetType: 'transaction', targetId: transactionId },
        after: { userId, amountMicro, note },
      });
      return line;
    }),
  );
}
