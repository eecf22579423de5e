import { appendAudit, withTransaction } from '@smart-ai-hub/database';
import { network } from '@smart-ai-hub/shared/service';
import type { AuthContext } from '../context.ts';

/** Failures of one network in an hour that are written down, so that nobody fills the audit log. */
const WRITTEN = 100;
/** Seconds. */
const HOUR = 3600;

/** Writes a failed sign-in down, for an address that nobody has in the same way, so that both take as long. */
export async function noteFailedLogin(ctx: AuthContext, userId: string | undefined): Promise<void> {
  const { address, userAgent, requestId } = ctx;
  const failures = await ctx.store.increment(`network:failed-login:${network(address)}`, HOUR);
  if (failures > WRITTEN) return;
  await withTransaction(ctx.database, (tx) =>
    appendAudit(tx, {
      ...{ address, userAgent, requestId },
      ...{ action: 'login.failed', targetType: 'user', targetId: userId ?? 'unknown' },
    }),
  );
}
