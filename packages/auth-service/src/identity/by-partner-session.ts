import { DomainError, type Grants, PARTNER_PATTERN, type Permission } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { hashToken } from '../sessions/opaque-token.ts';
import type { Proof } from './proof.ts';

/** What a partner reads of its person: their own, however far their reach is. */
const OWN_DATA: readonly Permission[] = ['users:read', 'credits:read', 'usage:read'];
/** What a partner uses as its person may. */
const USES: readonly Permission[] = ['services:use', 'tools:use'];

/** Who a partner session acts for: to read their own data, and to use models and tools; nothing that changes access. */
export async function byPartnerSession(ctx: AuthDeps, token: string): Promise<Proof> {
  if (!PARTNER_PATTERN.test(token)) throw new DomainError('unauthenticated');
  return byPartnerRow(ctx, { hash: hashToken(token) });
}

/** The same of a partner session that was shown before. */
export const byPartnerId = (ctx: AuthDeps, id: string): Promise<Proof> => byPartnerRow(ctx, { id });

async function byPartnerRow(
  ctx: AuthDeps,
  where: { hash: Uint8Array<ArrayBuffer> } | { id: string },
): Promise<Proof> {
  const row = await ctx.database.prisma.partnerSession.findUnique({ where, include: { user: true } });
  if (!row || row.endedAt) throw new DomainError('unauthenticated');
  await noteUse(ctx, row.id);
  return {
    holder: row.user,
    credential: { kind: 'partner', id: row.id },
    expiresAt: row.expiresAt,
    narrow: narrowToPartner,
  };
}

const narrowToPartner = (grants: Grants): Grants => ({
  ...Object.fromEntries(OWN_DATA.filter((name) => grants[name]).map((name) => [name, 'own'])),
  ...Object.fromEntries(USES.filter((name) => grants[name]).map((name) => [name, grants[name]])),
});

/** At most once a minute. */
async function noteUse({ database: { prisma } }: AuthDeps, id: string): Promise<void> {
  const minuteAgo = new Date(Date.now() - 60_000);
  await prisma.partnerSession.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: minuteAgo } }] },
    data: { lastUsedAt: new Date() },
  });
}
