import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, PROVIDERS_CHANGED } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { providerFacts } from './provider-view.ts';
import { takeTurn } from './take-turn.ts';

/** Forgets a provider and its keys. Throws `not-found`. */
export async function deleteProvider(ctx: SignedInContext, id: string): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    await takeTurn(tx);
    const row = await tx.provider.findUnique({ where: { id } });
    if (!row) throw new DomainError('not-found');
    await tx.provider.delete({ where: { id } });
    tell(PROVIDERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'provider.deleted', targetType: 'provider', targetId: id, before: providerFacts(row) },
    });
  });
}
