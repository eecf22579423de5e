import { appendAudit, auditOf, isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type PromoCode } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { promoView } from './promo-view.ts';
import { randomCode } from './random-code.ts';

export interface PromoTerms {
  creditsMicro: number;
  maxUses: number | null;
  expiresAt: string | null;
  description: string;
}

/** Makes a code, a random one where none is given. Rejects with `name-taken`, whatever the letters' case. */
export async function createPromoCode(
  ctx: SignedInContext,
  { code = randomCode(), ...terms }: PromoTerms & { code?: string | undefined },
): Promise<PromoCode> {
  try {
    return await withTransaction(ctx.database, async (tx) => {
      const row = await tx.promoCode.create({ data: { code, ...columnsOf(ctx, terms) } });
      await appendAudit(tx, {
        ...auditOf(ctx),
        action: 'promo.created',
        targetType: 'promo',
        targetId: row.id,
        after: { code, ...terms },
      });
      return promoView(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('name-taken', { cause: error });
    throw error;
  }
}

/** Makes many random codes on the same terms; all or none. */
export async function createPromoBatch(
  ctx: SignedInContext,
  { count, prefix, ...terms }: PromoTerms & { count: number; prefix: string },
): Promise<{ codes: string[] }> {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(randomCode(prefix));
  await withTransaction(ctx.database, async (tx) => {
    await tx.promoCode.createMany({ data: [...codes].map((code) => ({ code, ...columnsOf(ctx, terms) })) });
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'promo.batch-created',
      targetType: 'promo',
      targetId: prefix === '' ? 'random' : prefix,
      after: { count, ...terms },
    });
  });
  return { codes: [...codes] };
}

const columnsOf = (
  { actor }: SignedInContext,
  { creditsMicro, maxUses, expiresAt, description }: PromoTerms,
) => ({
  credits: creditsMicro,
  maxUses,
  description,
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
  createdBy: actor.userId,
});
