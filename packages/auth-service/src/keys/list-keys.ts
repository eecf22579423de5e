import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';

interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** A key as the API shows it: never the key. */
export const keyView = ({ id, name, prefix, createdAt, expiresAt, lastUsedAt }: KeyRow): ApiKey => ({
  id,
  name,
  prefix,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

/** The actor's own active keys, newest first. */
export async function listKeys({
  database: { prisma },
  actor,
}: SignedInContext): Promise<{ items: ApiKey[] }> {
  const rows = await prisma.apiKey.findMany({
    where: { userId: actor.userId, revokedAt: null },
    orderBy: { createdAt: 'desc' },
  });
  return { items: rows.map(keyView) };
}
