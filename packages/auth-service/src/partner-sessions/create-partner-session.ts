import { randomInt, randomUUID } from 'node:crypto';
import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import {
  DomainError,
  MAX_PARTNER_SESSIONS,
  PARTNER_PREFIX,
  PARTNER_TTL,
  type PartnerSession,
} from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { hashToken } from '../sessions/opaque-token.ts';
import { lasting, partnerSessionView } from './list-partner-sessions.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;
const SHOWN = PARTNER_PREFIX.length + 4;

const newToken = () =>
  PARTNER_PREFIX + Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

/** Opens a partner session; only its hash is kept, so this is the one time it can be shown. */
export async function createPartnerSession(
  ctx: SignedInContext,
): Promise<PartnerSession & { token: string }> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const token = newToken();
  const row = await withTransaction(ctx.database, async (tx) => {
    // one after the other, so that no two take the last place
    await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR UPDATE`;
    if ((await tx.partnerSession.count({ where: lasting(userId) })) >= MAX_PARTNER_SESSIONS) {
      throw new DomainError('too-many-sessions', { detail: `${MAX_PARTNER_SESSIONS} partner sessions last` });
    }
    const id = randomUUID();
    const made = await tx.partnerSession.create({
      data: {
        id,
        userId,
        prefix: token.slice(0, SHOWN),
        hash: hashToken(token),
        expiresAt: new Date(Date.now() + PARTNER_TTL * 1000),
      },
    });
    const what = { targetType: 'partner-session', targetId: id, after: { prefix: made.prefix } };
    await appendAudit(tx, { ...auditOf(ctx), action: 'partner-session.opened', ...what });
    return made;
  });
  return { ...partnerSessionView(row), token };
}
