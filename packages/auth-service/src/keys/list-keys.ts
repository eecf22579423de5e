import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { keyView } from './key-view.ts';

/** The actor's own active keys, newest first; a replaced one as long as it still works. */
export async function listKeys({
  database: { prisma },
  actor,
}: SignedInContext): Promise<{ items: ApiKey[] }> {
  const rows = await prisma.apiKey.findMany({
    where: {
      userId: actor.userId,
      revokedAt: null,
      OR: [{ rotatedTo: null }, { expiresAt: { gt: new Date() } }],
    },
    orderBy: { createdAt: 'desc' },
  });
  return { items: rows.map(keyView) };
}
