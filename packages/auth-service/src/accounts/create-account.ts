import { randomUUID } from 'node:crypto';
import { appendAudit, isUniqueViolation, type Transaction, withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { openSession, type OpenedSession } from '../sessions/open-session.ts';
import { issueToken } from '../verification/issue-token.ts';
import { hashPassword, refuseWeak } from './password.ts';

export interface NewAccount {
  email: string;
  /** None for who signs in by an account elsewhere. */
  password?: string;
  /** Whether the address is known to be theirs. */
  verified?: boolean;
  locale?: 'en' | 'th';
}

export interface FirstRole {
  role?: 'user' | 'superadmin';
  /** Runs in the same transaction, first. */
  before?: (tx: Transaction) => Promise<void>;
  /** The same, once the account stands. */
  after?: (tx: Transaction, userId: string) => Promise<void>;
}

/**
 * A user, the credit account with the sign-up credit, and a first session: all or nothing, since the user
 * row is committed only after core-service has opened the account. Where it is required, a code for the address
 * is mailed.
 */
export async function createAccount(
  ctx: AuthContext,
  { email, password, verified = false, locale = 'en' }: NewAccount,
  { role = 'user', before, after }: FirstRole = {},
): Promise<OpenedSession> {
  if (password !== undefined) refuseWeak(password, email);
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const id = randomUUID();
  try {
    return await withTransaction(ctx.database, async (tx) => {
      await before?.(tx);
      const row = await tx.user.create({ data: { id, email, passwordHash, verified, locale } });
      const access = await ctx.core.openAccount({ body: { userId: id, role } });
      if (ctx.requireVerifiedEmail && !verified)
        await issueToken(ctx, tx, { userId: id, email, purpose: 'verify-email' });
      const opened = await openSession(ctx, tx, row, access, password === undefined ? 'oidc' : 'password');
      await after?.(tx, id);
      const { address, userAgent, requestId } = ctx;
      await appendAudit(tx, {
        ...{ actorId: id, address, userAgent, requestId },
        ...{ action: 'account.created', targetType: 'user', targetId: id, after: { roles: access.roles } },
      });
      return opened;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('email-taken', { cause: error });
    throw error;
  }
}
