import { Readable } from 'node:stream';
import type { UsageFilter, UsageRow } from '@smart-ai-hub/shared/contracts';
import { subjectOf } from '../access/subject-of.ts';
import type { CoreDeps, SignedInContext } from '../context.ts';
import { csvLine } from '../csv.ts';
import { type UsageKey, usageRows, usageView } from './usage-rows.ts';

const COLUMNS = [
  ...['createdAt', 'requestId', 'service', 'model', 'keyId', 'promptTokens', 'completionTokens', 'images'],
  ...['tokenSource', 'status', 'creditsMicro', 'latencyMs', 'id'],
] as const satisfies readonly (keyof UsageRow)[];

/** Rows that one question asks for. */
const BATCH = 2000;

/** Calls as CSV, newest first, as fast as they are read and no faster: a batch is in memory at a time. */
export async function exportUsage(
  ctx: SignedInContext,
  { userId, ...filter }: UsageFilter,
): Promise<Readable> {
  const subject = await subjectOf(ctx, 'usage:read', userId);
  return Readable.from(lines(ctx, subject, filter));
}

async function* lines(ctx: CoreDeps, userId: string, filter: UsageFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  let after: UsageKey = [null, null];
  for (;;) {
    const rows = await usageRows(ctx, userId, filter, { after, limit: BATCH });
    yield rows.map((row) => csvLine(cells(usageView(row)))).join('');
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = [last.micros, last.id];
  }
}

const cells = (row: UsageRow) =>
  COLUMNS.map((name) => {
    const value = row[name];
    return value === null ? null : String(value);
  });
