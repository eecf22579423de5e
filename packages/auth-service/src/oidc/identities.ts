import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Identity } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import { requireAnotherWay } from '../accounts/ways-in.ts';
import type { SignedInContext } from '../context.ts';

/** The actor's linked accounts, oldest first. */
export async function listIdentities({
  database: { prisma },
  providers,
  actor,
}: SignedInContext): Promise<{ items: Identity[] }> {
  const rows = await prisma.identity.findMany({
    where: { userId: actor.userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const items = rows.map(({ id, provider, email, createdAt }) => ({
    ...{ id, provider, email },
    providerName: providers.get(provider)?.name ?? provider,
    createdAt: createdAt.toISOString(),
  }));
  return { items };
}

/** Unlinks one of the actor's accounts; throws `last-sign-in` where nothing would be left to sign in with. */
export async function unlink(ctx: SignedInContext, id: string): Promise<void> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  await withTransaction(ctx.database, async (tx) => {
    const row = await tx.identity.findFirst({ where: { id, userId } });
    if (!row) throw new DomainError('not-found');
    await requireAnotherWay(tx, userId);
    await tx.identity.delete({ where: { id } });
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'identity.unlinked',
      targetType: 'identity',
      targetId: id,
      before: { provider: row.provider },
    });
  });
}
