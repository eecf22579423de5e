import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, type Person } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { endAllSessions } from '../sessions/end-all.ts';
import { requireAuthority, requireAuthorityToRemove } from './authority.ts';
import { findPerson, viewOf } from './find-people.ts';

export interface UserChange {
  disabled?: boolean | undefined;
  locale?: 'en' | 'th' | undefined;
}

/**
 * Disables, enables, or changes the language: of people below the actor; of oneself the language only. Disabling
 * ends the sessions, and is heard of in every process.
 */
export async function updateUser(ctx: SignedInContext, userId: string, change: UserChange): Promise<Person> {
  await findPerson(ctx, 'users:update', userId);
  await mayChange(ctx, userId, change);
  await withAnnouncement(ctx, async (tx, tell) => {
    const before = await lock(tx, userId);
    const after = { disabled: change.disabled ?? before.disabled, locale: change.locale ?? before.locale };
    const isSwitched = after.disabled !== before.disabled;
    if (!isSwitched && after.locale === before.locale) return;
    const disabledAt = after.disabled ? new Date() : null;
    await tx.user.update({
      where: { id: userId },
      data: { locale: after.locale, ...(isSwitched && { disabledAt }) },
    });
    if (isSwitched && after.disabled) await endAllSessions(tx, userId, { reason: 'account disabled' });
    tell(`user:${userId}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: isSwitched ? `user.${after.disabled ? 'disabled' : 'enabled'}` : 'user.updated',
      ...{ targetType: 'user', targetId: userId, before, after },
    });
  });
  return viewOf(ctx, await findPerson(ctx, 'users:update', userId));
}

async function mayChange(ctx: SignedInContext, userId: string, { disabled }: UserChange): Promise<void> {
  if (userId === ctx.actor.userId && disabled === undefined) return;
  await (disabled ? requireAuthorityToRemove : requireAuthority)(ctx, userId);
}

/** The row as nobody else changes it before this transaction ends. */
async function lock(tx: Transaction, userId: string): Promise<{ disabled: boolean; locale: string }> {
  const [row] = await tx.$queryRaw<{ disabled: boolean; locale: string }[]>`
    SELECT disabled_at IS NOT NULL AS disabled, locale FROM auth.users
    WHERE id = ${userId}::uuid AND deleted_at IS NULL FOR UPDATE`;
  if (row) return row;
  throw new DomainError('not-found');
}
