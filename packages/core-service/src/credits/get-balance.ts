import { type Balance, DomainError } from '@smart-ai-hub/shared/contracts';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';

/** The balance of the actor, or of a person whom the actor reaches. */
export async function getBalance(
  ctx: SignedInContext,
  { userId }: { userId?: string | undefined },
): Promise<Balance> {
  const subject = await subjectOf(ctx, 'credits:read', userId);
  const { rows } = await ctx.database.pool.query<{ balance: number; held: number }>(
    'SELECT balance, held FROM core.credit_accounts WHERE user_id = $1',
    [subject],
  );
  const [account] = rows;
  if (!account) throw new DomainError('not-found', { detail: 'there is no credit account' });
  const { balance, held } = account;
  return { balanceMicro: balance, heldMicro: held, availableMicro: balance - held };
}
