import { appendAudit, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { endAllSessions } from '../sessions/end-all.ts';
import { spendToken } from '../verification/claim-code.ts';
import { LINKS } from '../verification/purposes.ts';
import { matches, readLinkToken } from '../verification/secrets.ts';
import { limitNetwork } from './limit-network.ts';
import { proveAddress } from './prove-address.ts';
import { acceptPassword, replacePassword } from './set-password.ts';

/**
 * Sets a new password with the token of a mailed link, which works once; ends every session and every other link at
 * once, and verifies the address that the link was mailed to. A password that is refused leaves the link as it was.
 */
export async function resetPassword(
  ctx: AuthContext,
  { token, password }: { token: string; password: string },
): Promise<void> {
  await limitNetwork(ctx, 'reset-password');
  const { id, user } = await readLink(ctx, token);
  const hash = await acceptPassword(ctx, user, password);
  await withAnnouncement(ctx, async (tx, tell) => {
    if (!(await spendToken(tx, id))) throw new DomainError('invalid-reset-link');
    await tx.verificationToken.updateMany({
      where: { userId: user.id, usedAt: null },
      data: { usedAt: new Date() },
    });
    await replacePassword(ctx, tx, user, hash);
    await endAllSessions(tx, user.id, { reason: 'password reset' });
    if (!user.verified) await proveAddress(tx, user.id);
    tell(`user:${user.id}`);
    const { address, userAgent, requestId } = ctx;
    await appendAudit(tx, {
      ...{ actorId: user.id, address, userAgent, requestId },
      action: 'password.reset',
      targetType: 'user',
      targetId: user.id,
      ...(!user.verified && { before: { verified: false }, after: { verified: true } }),
    });
  });
}

async function readLink({ database: { prisma } }: AuthContext, token: string) {
  const link = readLinkToken(token);
  const row =
    link && (await prisma.verificationToken.findUnique({ where: { id: link.id }, include: { user: true } }));
  const isGood =
    row?.hash &&
    LINKS.includes(row.purpose) &&
    matches(row.id, link?.random ?? '', row.hash) &&
    row.usedAt === null &&
    row.expiresAt > new Date() &&
    row.user.disabledAt === null;
  if (!row || !isGood) throw new DomainError('invalid-reset-link');
  return row;
}
