import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, reaches, type Transaction } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { book, bookOnce, lineOf } from './book.ts';

/** Whose credits the actor may change. Who reaches a team alone does not change their own. */
export async function adjustable(ctx: SignedInContext): Promise<(userId: string) => boolean> {
  const reach = await reachOf(ctx, 'credits:adjust');
  return (userId) => reaches(reach, userId) && (reach.kind === 'everybody' || userId !== ctx.actor.userId);
}

export interface Adjustment {
  /** The same one again changes nothing, and is answered as the first time. */
  adjustmentId: string;
  userId: string;
  amountMicro: number;
  note: string;
}

/**
 * Adds credits to an account or takes some off, with its line in the ledger and in the audit log. Throws `not-found`
 * for whom the actor does not reach, `insufficient-credits` below what is held, `account-closed`, and `invalid-request`
 * for an id that another amount was booked under.
 */
export async function adjust(
  ctx: SignedInContext,
  { adjustmentId, ...change }: Adjustment,
): Promise<Transaction> {
  const { userId, amountMicro, note } = change;
  if (!(await adjustable(ctx))(userId)) throw new DomainError('not-found');
  const booking = { userId, amountMicro, key: `adjustment:${adjustmentId}`, metadata: { note } };
  return bookOnce(() =>
    withTransaction(ctx.database, async (tx) => {
      const booked = await book(tx, [booking], { reason: 'adjustment', apply: true });
      const line = lineOf(booked, 'adjustment');
      if (booked[0]?.outcome === 'known') return line;
      await appendAudit(tx, {
        ...auditOf(ctx),
        ...{ action: 'credits.adjusted', targetType: 'account', targetId: userId },
        after: { amountMicro, balanceMicro: line.balanceAfterMicro, note },
      });
      return line;
    }),
  );
}
