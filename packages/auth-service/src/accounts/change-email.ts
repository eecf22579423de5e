import {
  appendAudit,
  auditOf,
  isUniqueViolation,
  withAnnouncement,
  withTransaction,
} from '@smart-ai-hub/database';
import { DomainError, type User } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { claimCode, spendToken } from '../verification/claim-code.ts';
import { issueToken } from '../verification/issue-token.ts';
import { me } from './me.ts';

/**
 * Mails a code to the new address. Whether somebody has that address already shows only to who reads its mail.
 * Throws `rate-limited` beyond three in an hour.
 */
export async function changeEmail(ctx: SignedInContext, email: string): Promise<void> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const issued = await withTransaction(ctx.database, async (tx) => {
    const ordered = await issueToken(ctx, tx, { userId, email, purpose: 'change-email' });
    await appendAudit(tx, {
      ...{ ...auditOf(ctx), action: 'email.change-requested', targetType: 'user', targetId: userId },
      after: { email: veiled(email) },
    });
    return ordered;
  });
  if (!issued) throw new DomainError('rate-limited', { retryAfter: 3600 });
}

/** Takes the address that the code was mailed to; what was mailed to the one before opens nothing any more. */
export async function confirmEmail(ctx: SignedInContext, code: string): Promise<User> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const { id, email } = await claimCode(ctx, 'change-email', code);
  const change = withAnnouncement(ctx, async (tx, tell) => {
    if (!(await spendToken(tx, id))) throw new DomainError('invalid-code');
    const before = await tx.user.findUniqueOrThrow({ where: { id: userId } });
    await tx.user.update({ where: { id: userId }, data: { email, verified: true } });
    await tx.verificationToken.updateMany({
      where: { userId, usedAt: null },
      data: { usedAt: new Date() },
    });
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...{ ...auditOf(ctx), action: 'email.changed', targetType: 'user', targetId: userId },
      before: { email: veiled(before.email) },
      after: { email: veiled(email) },
    });
  });
  await change.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new DomainError('email-taken', { cause: error }) : error;
  });
  return me(ctx);
}

/** Enough to recognise it: the audit log is kept for years after the person is gone. */
const veiled = (email: string) => email.replace(/^(.)[^@]*/, '$1***');
