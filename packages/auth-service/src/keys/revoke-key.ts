import { withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { auditKey } from './own-key.ts';

/** Revokes one of the actor's own keys; it is refused at once, everywhere. */
export async function revokeKey(ctx: SignedInContext, keyId: string): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id: keyId, userId: ctx.actor.userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new DomainError('not-found');
    tell(`key:${keyId}`);
    await auditKey(ctx, tx, 'revoked', keyId);
  });
}
