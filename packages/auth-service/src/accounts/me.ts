import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type User } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { userView } from '../sessions/open-session.ts';

/** The person behind the token, with the roles and grants that the token carries. */
export async function me(ctx: SignedInContext): Promise<User> {
  const row = await ctx.database.prisma.user.findUnique({ where: { id: ctx.actor.userId } });
  if (!row || row.deletedAt) throw new DomainError('unauthenticated');
  return userView(ctx, row, ctx.actor);
}

/** Chooses the language that mails are written in. */
export async function updateMe(ctx: SignedInContext, { locale }: { locale: 'en' | 'th' }): Promise<User> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  await withTransaction(ctx.database, async (tx) => {
    const before = await tx.user.findUniqueOrThrow({ where: { id: userId } });
    if (before.locale === locale) return;
    await tx.user.update({ where: { id: userId }, data: { locale } });
    await appendAudit(tx, {
      ...{ ...auditOf(ctx), action: 'user.updated', targetType: 'user', targetId: userId },
      before: { locale: before.locale },
      after: { locale },
    });
  });
  return me(ctx);
}
