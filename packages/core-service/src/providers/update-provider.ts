import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import {
  DomainError,
  type KeptProvider,
  type ProviderChange,
  PROVIDERS_CHANGED,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { requireAnswer } from './check-provider.ts';
import { keysAt, requireSameAddress, sealKeys } from './provider-keys.ts';
import { providerFacts, providerView, settingsOf } from './provider-view.ts';
import { takeTurn } from './take-turn.ts';

type Change = Omit<ProviderChange, 'check'>;

/**
 * Changes what is named. Throws `not-found`, `name-taken`, `invalid-request` where another address comes without its
 * keys, and as `requireAnswer` does where it is to be asked in another way.
 */
export async function updateProvider(
  ctx: SignedInContext,
  id: string,
  { check, ...change }: ProviderChange,
): Promise<KeptProvider> {
  await requireAnswerAfter(ctx, id, change, check);
  const { apiKeys, ...settings } = change;
  const named = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return withAnnouncement(ctx, async (tx, tell) => {
    await takeTurn(tx);
    const before = await tx.provider.findUnique({ where: { id } });
    if (!before) throw new DomainError('not-found');
    if (!apiKeys) requireSameAddress(before, settings.baseUrl ?? before.baseUrl);
    const row = await tx.provider.update({
      where: { id },
      data: { ...named, ...(apiKeys && { apiKeys: sealKeys(ctx.sealer, id, apiKeys) }) },
    });
    tell(PROVIDERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'provider.changed', targetType: 'provider', targetId: id },
      before: providerFacts(before),
      after: { ...providerFacts(row), keysReplaced: apiKeys !== undefined },
    });
    return providerView(row, ctx.sealer);
  }).catch(refuseTaken);
}

async function requireAnswerAfter(ctx: SignedInContext, id: string, change: Change, check: boolean) {
  const { format, baseUrl, apiKeys } = change;
  if ([format, baseUrl, apiKeys].every((part) => part === undefined)) return;
  const row = await ctx.database.prisma.provider.findUnique({ where: { id } });
  if (!row) throw new DomainError('not-found');
  const before = settingsOf(row);
  const url = baseUrl ?? before.baseUrl;
  const keys = apiKeys ?? keysAt(ctx.sealer, row, url);
  await requireAnswer(ctx, { format: format ?? before.format, baseUrl: url, apiKeys: keys }, check);
}
