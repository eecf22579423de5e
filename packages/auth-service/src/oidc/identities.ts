import { appendAudit, auditOf, type Transaction, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Identity } from '@smart-ai-hub/shared/contracts';
import { requireRecent } from '@smart-ai-hub/shared/service';
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
  requireRecent(ctx.actor);
  const { userId } = ctx.actor;
  await withTransaction(ctx.database, async (tx) => {
    // two at once would each leave the other's
    await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR UPDATE`;
    const row = await tx.identity.findFirst({ where: { id, userId } });
    if (!row) throw new DomainError('not-found');
    if ((await waysOf(tx, userId)) < 2) throw new DomainError('last-sign-in');
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

/** How many ways to sign in somebody has: a password, passkeys, accounts elsewhere. */
async function waysOf(tx: Transaction, userId: string): Promise<number> {
  const user = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { passwordHash: true, _count: { select: { passkeys: true, identities: true } } },
  });
  return (user.passwordHash === null ? 0 : 1) + user._count.passkeys + user._count.identities;
}
