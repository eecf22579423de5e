import { type Balance, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** The actor's own balance. */
export async function getBalance({ database: { pool }, actor }: SignedInContext): Promise<Balance> {
  const { rows } = await pool.query<{ balance: number; held: number }>(
    'SELECT balance, held FROM core.credit_accounts WHERE user_id = $1',
    [actor.userId],
  );
  const [account] = rows;
  if (!account) throw new DomainError('not-found', { detail: 'there is no credit account' });
  const { balance, held } = account;
  return { balanceMicro: balance, heldMicro: held, availableMicro: balance - held };
}
