import {
  appendAudit,
  auditOf,
  isUniqueViolation,
  type Transaction,
  withTransaction,
} from '@smart-ai-hub/database';
import { type DatedPrice, DomainError, type NewPrice } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** Milliseconds by which a caller's clock may be behind ours. */
const SKEW = 60_000;

/** The date from which a price holds; nothing for one that lies in the past, where calls have been paid. */
export function dateOf({ effectiveAt }: Pick<NewPrice, 'effectiveAt'>, now = Date.now()): Date | undefined {
  if (effectiveAt === undefined) return new Date(now);
  const date = new Date(effectiveAt);
  if (date.getTime() >= now) return date;
  return date.getTime() >= now - SKEW ? new Date(now) : undefined;
}

/** A price with the date from which it holds. */
export type DatedNewPrice = NewPrice & { date: Date };

/** Writes prices, in the transaction of their entry in the audit log; answers their rows in the same order. */
export async function insertPrices(
  tx: Transaction,
  { actor }: SignedInContext,
  prices: readonly DatedNewPrice[],
): Promise<{ id: string; createdAt: Date }[]> {
  return tx.modelPrice.createManyAndReturn({
    data: prices.map(({ model, inputMicroPerMillion, outputMicroPerMillion, unitMicro, date }) => ({
      ...{ model, inputMicroPerMillion, outputMicroPerMillion, unitMicro },
      ...{ effectiveAt: date, createdBy: actor.userId },
    })),
    select: { id: true, createdAt: true },
  });
}

/**
 * Sets a price from a date on. Throws `price-in-force` for a date in the past, and `price-dated` where there is a
 * price of the same name and date.
 */
export async function setPrice(ctx: SignedInContext, price: NewPrice): Promise<DatedPrice> {
  const effectiveAt = dateOf(price);
  if (!effectiveAt) throw new DomainError('price-in-force', { detail: 'the date lies in the past' });
  try {
    return await withTransaction(ctx.database, async (tx) => {
      const [row] = await insertPrices(tx, ctx, [{ ...price, date: effectiveAt }]);
      if (!row) throw new Error('an insert gave no row');
      const { model, inputMicroPerMillion, outputMicroPerMillion, unitMicro } = price;
      await appendAudit(tx, {
        ...auditOf(ctx),
        ...{ action: 'price.set', targetType: 'price', targetId: row.id },
        after: {
          model,
          inputMicroPerMillion,
          outputMicroPerMillion,
          unitMicro,
          effectiveAt: effectiveAt.toISOString(),
        },
      });
      return {
        ...{ id: row.id, model, inputMicroPerMillion, outputMicroPerMillion, unitMicro },
        effectiveAt: effectiveAt.toISOString(),
        state: effectiveAt.getTime() > Date.now() ? 'to-come' : 'in-force',
        createdBy: ctx.actor.userId,
        createdAt: row.createdAt.toISOString(),
      };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('price-dated', { cause: error });
    throw error;
  }
}

/** Takes back a price that is still to come. Throws `not-found`, and `price-in-force` for any other. */
export async function withdrawPrice(ctx: SignedInContext, id: string): Promise<void> {
  await withTransaction(ctx.database, async (tx) => {
    const row = await tx.modelPrice.findUnique({ where: { id } });
    if (!row) throw new DomainError('not-found');
    const { count } = await tx.modelPrice.deleteMany({ where: { id, effectiveAt: { gt: new Date() } } });
    if (count === 0) throw new DomainError('price-in-force');
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'price.withdrawn', targetType: 'price', targetId: id },
      before: { model: row.model, effectiveAt: row.effectiveAt.toISOString() },
    });
  });
}
