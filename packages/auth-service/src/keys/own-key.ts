import { appendAudit, type Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

/** The actor's own key, which nobody else changes until the transaction ends; not one that was revoked or replaced. */
export async function lockOwnKey({ actor: { userId } }: SignedInContext, tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT 1 FROM auth.api_keys WHERE id = ${id}::uuid AND user_id = ${userId}::uuid FOR UPDATE`;
  const row = await tx.apiKey.findFirst({ where: { id, userId, revokedAt: null, rotatedTo: null } });
  if (!row) throw new DomainError('not-found');
  return row;
}

type Change = Pick<Parameters<typeof appendAudit>[1], 'before' | 'after'>;

/** What the audit log remembers of a key; last in its transaction. */
export const auditKey = (
  { actor, address, userAgent, requestId }: SignedInContext,
  tx: Transaction,
  verb: 'created' | 'updated' | 'rotated' | 'revoked',
  targetId: string,
  change: Change = {},
): Promise<void> =>
  appendAudit(tx, {
    ...{ actorId: actor.userId, keyId: actor.keyId, address, userAgent, requestId },
    ...{ action: `key.${verb}`, targetType: 'key', targetId, ...change },
  });
