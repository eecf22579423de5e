import { withAnnouncement } from '@smart-ai-hub/database';
import type { ApiKey, KeySettings } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { columnsOf, keyView, settingsOf } from './key-view.ts';
import { auditKey, lockOwnKey } from './own-key.ts';
import { refuseUngranted, refuseWider } from './reach.ts';

/** Changes what is given of one of the actor's own keys; what is undefined stays. */
export async function updateKey(
  ctx: SignedInContext,
  keyId: string,
  given: { [K in keyof KeySettings]?: KeySettings[K] | undefined },
): Promise<ApiKey> {
  refuseUngranted(ctx.actor, given.permissions);
  const row = await withAnnouncement(ctx, async (tx, tell) => {
    const before = settingsOf(await lockOwnKey(ctx, tx, keyId));
    const after = merged(before, given);
    await refuseWider(ctx.actor, tx, after, keyId);
    const updated = await tx.apiKey.update({ where: { id: keyId }, data: columnsOf(after) });
    tell(`key:${keyId}`);
    await auditKey(ctx, tx, 'updated', keyId, { before: { ...before }, after: { ...after } });
    return updated;
  });
  return keyView(row);
}

const merged = (
  before: KeySettings,
  given: { [K in keyof KeySettings]?: KeySettings[K] | undefined },
): KeySettings => ({
  ...before,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});
