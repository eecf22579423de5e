import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type PromoCode } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { promoView } from './promo-view.ts';

export interface PromoChange {
  active?: boolean | undefined;
  expiresAt?: string | null | undefined;
  maxUses?: number | null | undefined;
  description?: string | undefined;
}

/** Changes a code. Rejects with `promo-used-up` for a limit below what was used already. */
export async function updatePromoCode(
  ctx: SignedInContext,
  promoId: string,
  { active, expiresAt, maxUses, description }: PromoChange,
): Promise<PromoCode> {
  return withTransaction(ctx.database, async (tx) => {
    await tx.$queryRaw`SELECT id FROM core.promo_codes WHERE id = ${promoId}::uuid FOR UPDATE`;
    const before = await tx.promoCode.findUnique({ where: { id: promoId } });
    if (!before) throw new DomainError('not-found');
    if (maxUses != null && maxUses < before.usedCount) throw new DomainError('promo-used-up');
    const after = await tx.promoCode.update({
      where: { id: promoId },
      data: {
        ...(active !== undefined && { active }),
        ...(maxUses !== undefined && { maxUses }),
        ...(description !== undefined && { description }),
        ...(expiresAt !== undefined && { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
      },
    });
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'promo.changed',
      targetType: 'promo',
      targetId: promoId,
      before: promoView(before),
      after: promoView(after),
    });
    return promoView(after);
  });
}
