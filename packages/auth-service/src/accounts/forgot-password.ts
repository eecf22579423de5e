import { randomUUID } from 'node:crypto';
import { withTransaction } from '@smart-ai-hub/database';
import type { AuthContext } from '../context.ts';
import { issueToken } from '../verification/issue-token.ts';
import { limitNetwork } from './limit-network.ts';

/**
 * Orders a mail with a link for a new password. Says nothing of whether there is such an account, and does the same
 * for one that is not: the same statements, and a job that finds nothing to do.
 */
export async function forgotPassword(ctx: AuthContext, email: string): Promise<void> {
  await limitNetwork(ctx, 'forgot-password');
  await withTransaction(ctx.database, async (tx) => {
    const row = await tx.user.findFirst({ where: { email, disabledAt: null }, select: { id: true } });
    await issueToken(ctx, tx, { userId: row?.id ?? randomUUID(), email, purpose: 'reset-password' });
  });
}
