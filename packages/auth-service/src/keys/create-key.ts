import { withTransaction } from '@smart-ai-hub/database';
import type { ApiKey, KeySettings } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { columnsOf, keyView } from './key-view.ts';
import { newSecret, refuseTooMany } from './new-secret.ts';
import { auditKey } from './own-key.ts';
import { refuseUngranted, refuseWider } from './reach.ts';

/** Makes a key; only its hash is kept, so this is the one time it can be shown. */
export async function createKey(
  ctx: SignedInContext,
  settings: KeySettings,
): Promise<ApiKey & { key: string }> {
  const { userId } = ctx.actor;
  refuseUngranted(ctx.actor, settings.permissions);
  const { key, columns } = newSecret();
  const row = await withTransaction(ctx.database, async (tx) => {
    await refuseWider(ctx.actor, tx, settings);
    await refuseTooMany(tx, userId, 'current');
    const made = await tx.apiKey.create({ data: { ...columns, userId, ...columnsOf(settings) } });
    await auditKey(ctx, tx, 'created', made.id, { after: { ...settings } });
    return made;
  });
  return { ...keyView(row), key };
}
