import type { Reconciliation } from '@smart-ai-hub/shared/contracts';
import { decodeCursor, type Page, type PageInput, pageOf } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

/** What the nightly proofs found, newest first, by keyset over the row's number. */
export async function listReconciliations(
  { database: { prisma } }: SignedInContext,
  { limit, cursor }: PageInput,
): Promise<Page<Reconciliation>> {
  const before = cursor === undefined ? undefined : BigInt(decodeCursor(cursor, /^\d{1,18}$/));
  const rows = await prisma.reconciliation.findMany({
    where: before === undefined ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(
    rows,
    limit,
    ({ id }) => String(id),
    ({ checkedAt, accounts, mismatches, houseLoss, expiredHolds }) => ({
      ...{ checkedAt: checkedAt.toISOString(), accounts, mismatches, expiredHolds },
      houseLossMicro: Number(houseLoss),
    }),
  );
}
