import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import type { BulkLine } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { adjustable } from './adjust.ts';
import { book, bookOnce } from './book.ts';
import { type BulkEntry, readBulkCsv } from './read-bulk-csv.ts';

export interface BulkAdjustment {
  /** The same one again changes nothing. */
  adjustmentId: string;
  csv: string;
  dryRun: boolean;
}

interface Applied {
  /** True when every line is booked, now or before. */
  applied: boolean;
  lines: BulkLine[];
}

/**
 * Adjusts many accounts by the lines of a file: all of them, or none where one of them is wrong. Says of each what
 * became of it, or would; a dry run looks at the accounts as they are and writes nothing. Throws `invalid-request`
 * for what is no such file.
 */
export async function adjustMany(
  ctx: SignedInContext,
  { adjustmentId, csv, dryRun }: BulkAdjustment,
): Promise<Applied> {
  const may = await adjustable(ctx);
  const entries = readBulkCsv(csv).map((entry) =>
    entry.outcome === 'read' && !may(entry.userId) ? { ...entry, outcome: 'out-of-reach' as const } : entry,
  );
  const good = entries.filter((entry) => entry.outcome === 'read');
  const apply = !dryRun && good.length === entries.length;
  const bookings = good.map(({ line, userId, amountMicro, note }) => ({
    ...{ userId, amountMicro, key: `adjustment:${adjustmentId}:${line}`, metadata: { note } },
  }));
  return bookOnce(() =>
    withTransaction(ctx.database, async (tx) => {
      const booked = await book(tx, bookings, { reason: 'adjustment', apply });
      const news = booked.filter(({ outcome }) => outcome === 'booked').length;
      const applied = apply && booked.every(({ outcome }) => outcome === 'booked' || outcome === 'known');
      if (applied && news > 0) {
        const totalMicro = good.reduce((sum, { amountMicro }) => sum + amountMicro, 0);
        await appendAudit(tx, {
          ...auditOf(ctx),
          ...{ action: 'credits.adjusted-in-bulk', targetType: 'adjustment', targetId: adjustmentId },
          after: { lines: good.length, totalMicro },
        });
      }
      const byLine = new Map(good.map(({ line }, index) => [line, booked[index]]));
      return { applied, lines: entries.map((entry) => viewOf(entry, byLine.get(entry.line))) };
    }),
  );
}

type Judged =
  BulkEntry | (Omit<Extract<BulkEntry, { outcome: 'read' }>, 'outcome'> & { outcome: 'out-of-reach' });

function viewOf(entry: Judged, booked: Awaited<ReturnType<typeof book>>[number] | undefined): BulkLine {
  const { line, userId } = entry;
  if (entry.outcome === 'malformed')
    return {
      line,
      userId,
      amountMicro: null,
      outcome: 'malformed',
      detail: entry.detail,
      balanceAfterMicro: null,
    };
  const outcome = entry.outcome === 'out-of-reach' ? entry.outcome : (booked?.outcome ?? 'no-account');
  return {
    ...{ line, userId, amountMicro: entry.amountMicro, outcome, detail: null },
    balanceAfterMicro: booked?.balanceAfterMicro ?? null,
  };
}
