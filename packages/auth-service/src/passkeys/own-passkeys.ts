import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Passkey } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import { requireAnotherWay } from '../accounts/ways-in.ts';
import type { SignedInContext } from '../context.ts';

interface PasskeyRow {
  id: string;
  name: string;
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** A passkey as the API shows it. */
export const passkeyView = ({ id, name, backedUp, createdAt, lastUsedAt }: PasskeyRow): Passkey => ({
  ...{ id, name, backedUp },
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

/** The actor's own passkeys, newest first. */
export async function listPasskeys(ctx: SignedInContext): Promise<{ items: Passkey[] }> {
  requireSession(ctx.actor);
  const rows = await ctx.database.prisma.passkey.findMany({
    where: { userId: ctx.actor.userId },
    orderBy: { createdAt: 'desc' },
  });
  return { items: rows.map(passkeyView) };
}

/** Gives one of the actor's own passkeys another name. */
export async function renamePasskey(ctx: SignedInContext, id: string, name: string): Promise<Passkey> {
  requireSession(ctx.actor);
  const where = { id, userId: ctx.actor.userId };
  return withTransaction(ctx.database, async (tx) => {
    const before = await tx.passkey.findUnique({ where });
    if (!before) throw new DomainError('not-found');
    const row = await tx.passkey.update({ where, data: { name } });
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'passkey.renamed', targetType: 'passkey', targetId: id },
      ...{ before: { name: before.name }, after: { name } },
    });
    return passkeyView(row);
  });
}

/** Forgets one of the actor's own passkeys; throws `last-sign-in` where nothing would be left to sign in with. */
export async function removePasskey(ctx: SignedInContext, id: string): Promise<void> {
  requireSession(ctx.actor);
  const where = { id, userId: ctx.actor.userId };
  await withTransaction(ctx.database, async (tx) => {
    const before = await tx.passkey.findUnique({ where });
    if (!before) throw new DomainError('not-found');
    await requireAnotherWay(tx, where.userId);
    const { count } = await tx.passkey.deleteMany({ where });
    if (count === 0) throw new DomainError('not-found');
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'passkey.removed', targetType: 'passkey', targetId: id, before: { name: before.name } },
    });
  });
}
