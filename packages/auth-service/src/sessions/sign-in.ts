import { type Transaction, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type SignInMethod } from '@smart-ai-hub/shared/contracts';
import { isGone } from '../accounts/grace.ts';
import type { AuthContext } from '../context.ts';
import { openSession, type OpenedSession, type UserRow } from './open-session.ts';

/** A user row as far as it matters whether they may come in. */
interface Person extends UserRow {
  disabledAt: Date | null;
}

/**
 * Lets in somebody who has shown every factor that they have; `after` is done last in the same transaction. Throws
 * `account-disabled` for a closed account.
 */
export async function signIn(
  ctx: AuthContext,
  person: Person,
  method: SignInMethod,
  after?: (tx: Transaction) => Promise<void>,
): Promise<OpenedSession> {
  if (person.disabledAt || isGone(person)) throw new DomainError('account-disabled');
  const access = await ctx.core.accessOf({ body: { userId: person.id } });
  return withTransaction(ctx.database, async (tx) => {
    const session = await openSession(ctx, tx, person, access, method);
    await after?.(tx);
    return session;
  });
}
