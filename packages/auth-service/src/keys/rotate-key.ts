import { withAnnouncement } from '@smart-ai-hub/database';
import { type ApiKey, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { columnsOf, keyView, settingsOf } from './key-view.ts';
import { newSecret, refuseTooMany } from './new-secret.ts';
import { auditKey, lockOwnKey } from './own-key.ts';
import { refuseWider } from './reach.ts';

/**
 * Replaces one of the actor's own keys by a new one with the same settings and the same budget. The old one works for
 * `overlapSeconds` more, or until its own end if that is sooner; of parallel tries exactly one wins.
 */
export async function rotateKey(
  ctx: SignedInContext,
  keyId: string,
  overlapSeconds: number,
): Promise<ApiKey & { key: string }> {
  const { userId } = ctx.actor;
  const { key, columns } = newSecret();
  const row = await withAnnouncement(ctx, async (tx, tell) => {
    await refuseTooMany(tx, userId, 'replaced');
    const old = await lockOwnKey(ctx, tx, keyId);
    const settings = settingsOf(old);
    const now = Date.now();
    const ownEnd = old.expiresAt?.getTime() ?? Infinity;
    if (ownEnd <= now) throw new DomainError('not-found', { detail: 'this key has ended' });
    await refuseWider(ctx.actor, tx, settings, keyId);
    const budgetId = old.budgetId ?? old.id;
    const made = await tx.apiKey.create({
      data: { ...columns, userId, budgetId, ...columnsOf(settings) },
    });
    const expiresAt = new Date(Math.min(ownEnd, now + overlapSeconds * 1000));
    await tx.apiKey.update({ where: { id: keyId }, data: { rotatedTo: made.id, expiresAt } });
    tell(`key:${keyId}`);
    await auditKey(ctx, tx, 'rotated', keyId, {
      after: { rotatedTo: made.id, expiresAt: expiresAt.toISOString() },
    });
    return made;
  });
  return { ...keyView(row), key };
}
