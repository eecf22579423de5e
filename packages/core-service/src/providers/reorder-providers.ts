import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, type KeptProvider, PROVIDERS_CHANGED } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { IN_ORDER, listProviders } from './list-providers.ts';
import { takeTurn } from './take-turn.ts';

/** Puts these first, in this order; whoever is not named comes after them as before. Throws `not-found`. */
export async function reorderProviders(
  ctx: SignedInContext,
  { ids }: { ids: string[] },
): Promise<{ items: KeptProvider[] }> {
  await withAnnouncement(ctx, async (tx, tell) => {
    await takeTurn(tx);
    const rows = await tx.provider.findMany({
      orderBy: [...IN_ORDER],
      select: { id: true, name: true },
    });
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    if (!ids.every((id) => names.has(id))) throw new DomainError('not-found');
    const order = [...new Set([...ids, ...names.keys()])];
    await tx.$executeRaw`
      UPDATE core.providers p SET position = o.place
      FROM unnest(${order}::uuid[]) WITH ORDINALITY AS o(id, place) WHERE p.id = o.id`;
    tell(PROVIDERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'providers.reordered', targetType: 'provider', targetId: ctx.requestId },
      before: { order: [...names.values()] },
      after: { order: order.map((id) => names.get(id) ?? '') },
    });
  });
  return listProviders(ctx);
}
