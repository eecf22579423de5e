import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { type Account, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { accountView } from './account-view.ts';
import { adjustable } from './adjust.ts';

/**
 * Freezes an account, closes it, or makes it active again; what is held then still settles. Throws `not-found` for
 * whom the actor does not reach.
 */
export async function updateAccount(
  ctx: SignedInContext,
  { userId, status, note }: { userId: string; status: Account['status']; note: string },
): Promise<Account> {
  if (!(await adjustable(ctx))(userId)) throw new DomainError('not-found');
  return withTransaction(ctx.database, async (tx) => {
    const before = await tx.creditAccount.findUnique({ where: { userId } });
    if (!before) throw new DomainError('not-found');
    const row = await tx.creditAccount.update({ where: { userId }, data: { status } });
    if (before.status !== status) {
      await appendAudit(tx, {
        ...auditOf(ctx),
        ...{ action: 'account.status-changed', targetType: 'account', targetId: userId },
        before: { status: before.status },
        after: { status, note },
      });
    }
    const { balance, held, createdAt: created_at } = row;
    return accountView({ user_id: userId, status, balance: Number(balance), held: Number(held), created_at });
  });
}
