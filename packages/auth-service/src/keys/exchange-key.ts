import { API_KEY_PATTERN, DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { hashToken } from '../sessions/opaque-token.ts';

/** Seconds that a key's token lives; the gateway asks again before they are over. */
const TTL = 5 * 60;

/** Turns an API key into a signed token for the services. Rejects with `unauthenticated`. */
export async function exchangeKey(ctx: AuthDeps, key: string): Promise<{ token: string; expiresIn: number }> {
  if (!API_KEY_PATTERN.test(key)) throw new DomainError('unauthenticated');
  const row = await ctx.database.prisma.apiKey.findUnique({
    where: { hash: hashToken(key) },
    include: { user: true },
  });
  const left = row?.expiresAt ? Math.floor((row.expiresAt.getTime() - Date.now()) / 1000) : TTL;
  if (!row || row.revokedAt || row.user.deletedAt || left < 1) throw new DomainError('unauthenticated');
  const { roles } = await ctx.core.openAccount({ body: { userId: row.userId } });
  const expiresIn = Math.min(TTL, left);
  const token = await ctx.signer.key(
    { sub: row.userId, email: row.user.email, roles, kid: row.id },
    expiresIn,
  );
  await noteUse(ctx, row.id);
  return { token, expiresIn };
}

/** At most once a minute, so that a busy key costs no writes. */
async function noteUse({ database: { prisma } }: AuthDeps, keyId: string): Promise<void> {
  const minuteAgo = new Date(Date.now() - 60_000);
  await prisma.apiKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: minuteAgo } }] },
    data: { lastUsedAt: new Date() },
  });
}
