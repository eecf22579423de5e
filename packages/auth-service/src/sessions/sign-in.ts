import { withTransaction } from '@smart-ai-hub/database';
import { DomainError, type SignInMethod } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { openSession, type OpenedSession, type UserRow } from './open-session.ts';

/** A user row as far as it matters whether they may come in. */
interface Person extends UserRow {
  disabledAt: Date | null;
  deletedAt: Date | null;
}

/** Lets in somebody who has shown every factor that they have. Throws `account-disabled` for a closed account. */
export async function signIn(ctx: AuthContext, person: Person, method: SignInMethod): Promise<OpenedSession> {
  if (person.disabledAt || person.deletedAt) throw new DomainError('account-disabled');
  const access = await ctx.core.accessOf({ body: { userId: person.id } });
  return withTransaction(ctx.database, (tx) => openSession(ctx, tx, person, access, method));
}
