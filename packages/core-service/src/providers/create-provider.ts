import { randomUUID } from 'node:crypto';
import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { type KeptProvider, PROVIDERS_CHANGED, type NewProvider } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { requireAnswer } from './check-provider.ts';
import { sealKeys } from './provider-keys.ts';
import { providerFacts, providerView } from './provider-view.ts';
import { takeTurn } from './take-turn.ts';

/** Adds a provider behind the others. Throws `name-taken`, and as `requireAnswer` does. */
export async function createProvider(
  ctx: SignedInContext,
  { check, apiKeys, ...settings }: NewProvider,
): Promise<KeptProvider> {
  await requireAnswer(ctx, { ...settings, apiKeys }, check);
  const id = randomUUID();
  return withAnnouncement(ctx, async (tx, tell) => {
    await takeTurn(tx);
    const { _max: last } = await tx.provider.aggregate({ _max: { position: true } });
    const row = await tx.provider.create({
      data: {
        ...{ ...settings, id, createdBy: ctx.actor.userId, position: (last.position ?? 0) + 1 },
        apiKeys: sealKeys(ctx.sealer, id, apiKeys),
      },
    });
    tell(PROVIDERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'provider.created', targetType: 'provider', targetId: id, after: providerFacts(row) },
    });
    return providerView(row, ctx.sealer);
  }).catch(refuseTaken);
}
