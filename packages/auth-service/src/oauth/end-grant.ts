import { appendAudit, withAnnouncement } from '@smart-ai-hub/database';
import type { AuthDeps } from '../context.ts';

/** Who takes it back, and how; nobody where the server does, since a code or token was used twice. */
interface Origin {
  actorId?: string;
  address?: string;
  userAgent?: string | undefined;
  requestId?: string;
}

/**
 * Ends what was lent to a client: codes and refresh tokens are gone, and its access tokens are refused at once,
 * everywhere. Answers whether it was there; `userId` narrows that to somebody's own.
 */
export async function endGrant(
  deps: Pick<AuthDeps, 'database' | 'enqueue' | 'announce'>,
  grantId: string,
  { actorId, ...origin }: Origin = {},
): Promise<boolean> {
  return withAnnouncement(deps, async (tx, tell) => {
    const own = actorId === undefined ? {} : { userId: actorId };
    const { count } = await tx.oauthRecord.deleteMany({ where: { kind: 'Grant', id: grantId, ...own } });
    if (count === 0) return false;
    await tx.oauthRecord.deleteMany({ where: { grantId } });
    tell(`client:${grantId}`);
    await appendAudit(tx, {
      ...origin,
      actorId,
      action: 'grant.revoked',
      targetType: 'grant',
      targetId: grantId,
    });
    return true;
  });
}
