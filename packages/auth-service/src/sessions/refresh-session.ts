import { withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { endSession } from './end-session.ts';
import { issueTokens, type OpenedSession } from './open-session.ts';
import { hashToken } from './opaque-token.ts';

/**
 * Trades a refresh token for the next pair. Exactly one of several parallel tries wins; a token that was
 * traded before has been stolen or copied, and ends its whole session (RFC 9700, 4.14.2).
 */
export async function refreshSession(ctx: AuthContext, refreshToken: string): Promise<OpenedSession> {
  const hash = hashToken(refreshToken);
  const known = await ctx.database.prisma.refreshToken.findUnique({
    where: { hash },
    select: { sessionId: true, session: { select: { user: true, endedAt: true, expiresAt: true } } },
  });
  if (
    !known ||
    known.session.endedAt ||
    known.session.expiresAt <= new Date() ||
    known.session.user.deletedAt
  ) {
    throw new DomainError('invalid-refresh-token');
  }
  const { user } = known.session;
  const access = await ctx.core.accessOf({ body: { userId: user.id } });
  const next = await withTransaction(ctx.database, async (tx) => {
    const { count } = await tx.refreshToken.updateMany({
      where: { hash, usedAt: null },
      data: { usedAt: new Date() },
    });
    return count === 1 ? issueTokens(ctx, tx, known.sessionId, user, access) : undefined;
  });
  if (next) return next;
  await endSession(ctx, known.sessionId, 'refresh token used twice');
  throw new DomainError('invalid-refresh-token');
}
