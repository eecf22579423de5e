import type { PartnerSession } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

interface Row {
  id: string;
  prefix: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
}

/** Those of a person that are neither ended nor over. */
export const lasting = (userId: string) => ({ userId, endedAt: null, expiresAt: { gt: new Date() } });

/** A partner session as the API shows it: never the token. */
export const partnerSessionView = ({
  id,
  prefix,
  createdAt,
  expiresAt,
  lastUsedAt,
}: Row): PartnerSession => ({
  id,
  prefix,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

/** The actor's own, newest first. */
export async function listPartnerSessions({
  database: { prisma },
  actor,
}: SignedInContext): Promise<{ items: PartnerSession[] }> {
  const rows = await prisma.partnerSession.findMany({
    where: lasting(actor.userId),
    orderBy: { createdAt: 'desc' },
  });
  return { items: rows.map(partnerSessionView) };
}
