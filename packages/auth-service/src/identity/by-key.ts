import { API_KEY_PATTERN, DomainError, type KeyLimits, narrowGrants } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { hashToken } from '../sessions/opaque-token.ts';
import type { Proof } from './proof.ts';

/** Who an API key acts for, and what it narrows. */
export async function byKey(ctx: AuthDeps, key: string): Promise<Proof> {
  if (!API_KEY_PATTERN.test(key)) throw new DomainError('unauthenticated');
  return byKeyRow(ctx, { hash: hashToken(key) });
}

/** The same of a key that was shown before. */
export const byKeyId = (ctx: AuthDeps, id: string): Promise<Proof> => byKeyRow(ctx, { id });

async function byKeyRow(
  ctx: AuthDeps,
  where: { hash: Uint8Array<ArrayBuffer> } | { id: string },
): Promise<Proof> {
  const row = await ctx.database.prisma.apiKey.findUnique({ where, include: { user: true } });
  if (!row || row.revokedAt) throw new DomainError('unauthenticated');
  await noteUse(ctx, row.id);
  return {
    holder: row.user,
    credential: { kind: 'key', id: row.id },
    expiresAt: row.expiresAt,
    limits: limitsOf(row),
    ...(row.cacheAnswers && { cacheAnswers: true }),
    ...(row.permissions.length > 0 && { narrow: (grants) => narrowGrants(grants, row.permissions) }),
  };
}

interface LimitColumns {
  models: string[];
  tools: string[];
  monthlyLimitMicro: bigint | null;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  budgetId: string | null;
}

const limitsOf = (row: LimitColumns): KeyLimits => ({
  ...(row.models.length > 0 && { models: row.models }),
  ...(row.tools.length > 0 && { tools: row.tools }),
  ...(row.monthlyLimitMicro !== null && { monthlyMicro: Number(row.monthlyLimitMicro) }),
  ...(row.requestsPerMinute !== null && { requestsPerMinute: row.requestsPerMinute }),
  ...(row.tokensPerMinute !== null && { tokensPerMinute: row.tokensPerMinute }),
  ...(row.budgetId !== null && { budgetId: row.budgetId }),
});

/** At most once a minute, so that a busy key costs no writes. */
async function noteUse({ database: { prisma } }: AuthDeps, keyId: string): Promise<void> {
  const minuteAgo = new Date(Date.now() - 60_000);
  await prisma.apiKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: minuteAgo } }] },
    data: { lastUsedAt: new Date() },
  });
}
