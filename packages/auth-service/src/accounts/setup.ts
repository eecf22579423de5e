import type { Database, Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthContext, AuthDeps } from '../context.ts';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { createAccount, type NewAccount } from './create-account.ts';

/**
 * A new set-up token while no superadmin was made, for the one process that gets to say it; none once it
 * was used, or when another process made one within this minute.
 */
export async function issueSetupToken({ prisma }: Database): Promise<string | undefined> {
  const token = newOpaqueToken('setup-');
  const issued = await prisma.$executeRaw`
    INSERT INTO auth.setup_tokens (id, hash) VALUES (1, ${hashToken(token)})
    ON CONFLICT (id) DO UPDATE SET hash = EXCLUDED.hash, created_at = now()
    WHERE setup_tokens.used_at IS NULL AND setup_tokens.created_at < now() - interval '1 minute'`;
  return issued === 1 ? token : undefined;
}

/** True until the first superadmin was made. */
export async function isSetupOpen({ database }: AuthDeps): Promise<boolean> {
  return (await database.prisma.setupToken.count({ where: { usedAt: null } })) > 0;
}

/** Makes the first superadmin; the token works once. */
export async function setup(
  ctx: AuthContext,
  { token, ...account }: NewAccount & { token: string },
): Promise<OpenedSession> {
  return createAccount(ctx, account, { role: 'superadmin', before: (tx) => spend(tx, token) });
}

async function spend(tx: Transaction, token: string): Promise<void> {
  const { count } = await tx.setupToken.updateMany({
    where: { id: 1, hash: hashToken(token), usedAt: null },
    data: { usedAt: new Date() },
  });
  if (count !== 1) throw new DomainError('invalid-setup-token');
}
