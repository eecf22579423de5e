import { DomainError } from '@smart-ai-hub/shared/contracts';
import { verifyAccessToken } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import type { Proof } from './proof.ts';

/** Who an access token acts for, as long as its session lasts. */
export async function bySession(ctx: AuthDeps, token: string): Promise<Proof> {
  const { sid, sub, exp } = await verifyAccessToken(token, ctx.signer.verificationKeys);
  const proof = await bySessionId(ctx, sid);
  if (proof.holder.id !== sub) throw new DomainError('unauthenticated');
  return { ...proof, expiresAt: new Date(exp * 1000) };
}

/** The same of a session whose access token was shown before: until the session itself ends. */
export async function bySessionId(ctx: AuthDeps, id: string): Promise<Proof> {
  const session = await ctx.database.prisma.session.findUnique({ where: { id }, include: { user: true } });
  if (!session || session.endedAt) throw new DomainError('unauthenticated');
  await noteUse(ctx, id);
  return {
    holder: session.user,
    credential: { kind: 'session', id },
    expiresAt: session.expiresAt,
    authenticatedAt: session.authenticatedAt,
  };
}

/** At most once a minute. */
async function noteUse({ database: { prisma } }: AuthDeps, id: string): Promise<void> {
  const now = new Date();
  await prisma.session.updateMany({
    where: { id, lastUsedAt: { lt: new Date(now.getTime() - 60_000) } },
    data: { lastUsedAt: now },
  });
}
