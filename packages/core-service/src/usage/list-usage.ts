import type { UsageFilter, UsageRow } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';
import { usageRows, usageView } from './usage-rows.ts';

/** Calls of the actor, or of a person whom the actor reaches, newest first, by keyset over time and id. */
export async function listUsage(
  ctx: SignedInContext,
  { limit, cursor, userId, ...filter }: PageInput & UsageFilter,
): Promise<Page<UsageRow>> {
  const subject = await subjectOf(ctx, 'usage:read', userId);
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const rows = await usageRows(ctx, subject, filter, { after: [micros, id], limit: limit + 1 });
  return pageOf(rows, limit, timeCursor, usageView);
}
